package lib.google;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import lib.http.Callback;
import lib.http.NoAnswer;
import lib.http.Refusal;
import lib.http.Reply;
import lib.http.Worker;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.Background;
import lib.target.Service;

/**
 * Judges whether every address of the worker is closed, and whether that agrees with Google's own
 * word: both forms of its address, those of revision tags, and those that only the operator knows.
 */
public final class Addresses {

  private static final String CONTRADICTION =
      "By Google's word this worker is closed, and yet a stranger got through, so anyone can. That"
          + " is a security issue: whoever reaches the callback endpoint can forge results.\n"
          + "What lets them in is not the worker's own policy: it may be a proxy or load balancer"
          + " that calls with an identity of its own, or a grant of the whole project; or a grant"
          + " that was taken away minutes ago, and this is not through yet.";

  /** How many requests are quoted; a service may have many tags. */
  private static final int QUOTED = 4;

  private Addresses() {}

  /**
   * Expect that Google refuses strangers wherever the worker can be asked.
   *
   * @throws NotKept when it does not, or when that cannot be told
   */
  public static void refuseStrangers(Cloud cloud, Worker worker) {
    var addresses = cloud.addresses(worker.service());
    if (addresses.size() == 1 && !worker.service().lookedUp()) {
      throw Verdict.skipped(
              "Only one address of the worker is known, and all other tests ask that one"
                  + " (--worker-alias gives more).")
          .asException();
    }
    var answers = new LinkedHashMap<String, CompletableFuture<Reply>>();
    for (var address : addresses) {
      var main = address.equals(worker.service().url());
      var there = main ? worker : worker.at(address);
      // A GET tells what is exposed, and does nothing where nobody stops it.
      Stream.of("/", Worker.CALLBACK)
          .forEach(
              path ->
                  answers.put(
                      "GET " + address.resolve(path),
                      Background.begin(() -> there.stranger().get(path))));
      // A proxy may let through what the app is sent, and nothing else; a test of its own asks
      // that of the main address.
      if (!main) {
        answers.put(
            "POST " + address.resolve(Worker.CALLBACK),
            Background.begin(
                () -> there.stranger().post(Worker.CALLBACK, Callback.forUnknownRun())));
      }
    }
    var broken = new ArrayList<NotKept>();
    var open = new ArrayList<String>();
    answers.forEach((asked, answer) -> judge(asked, answer, broken, open));
    if (!broken.isEmpty()) {
      throw exposed(cloud, worker.service(), broken);
    }
    if (!open.isEmpty()) {
      throw new Verdict(
              Status.UNVERIFIED,
              open,
              "Whether strangers are refused there is not known.",
              List.of("Is it an address of this worker, and can it be reached from here?"))
          .asException();
    }
    cloud.remark(addresses.size() + (addresses.size() == 1 ? " address" : " addresses"));
  }

  private static void judge(
      String asked, CompletableFuture<Reply> answer, List<NotKept> broken, List<String> open) {
    try {
      Refusal.byGoogle(answer.join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof NoAnswer nothing) {
        open.add("no answer: " + nothing.getMessage());
      } else if (e.getCause() instanceof NotKept notAsked) {
        open.add(asked + ": " + String.join(" ", notAsked.verdict().facts()));
      } else {
        throw e;
      }
    } catch (NotKept e) {
      if (e.verdict().status() == Status.FAILED) {
        broken.add(e);
      } else {
        open.addAll(e.verdict().facts().subList(0, 2)); // what was asked, and what came back
      }
    }
  }

  private static NotKept exposed(Cloud cloud, Service worker, List<NotKept> broken) {
    var facts = new ArrayList<String>();
    broken.stream().limit(QUOTED).forEach(it -> facts.addAll(it.verdict().facts().subList(0, 2)));
    if (broken.size() > QUOTED) {
      facts.add("and so it is with " + (broken.size() - QUOTED) + " more requests");
    }
    var word = word(cloud);
    word.forEach(it -> facts.add("Google tells: " + it));
    facts.add("expected: " + Refusal.EXPECTED);
    if (word.isEmpty()) {
      return open(Verdict.failed(facts, Refusal.why(worker), Refusal.fix(worker)), worker);
    }
    var project = worker.place().project().map(it -> it.value()).orElse("PROJECT");
    return open(
        Verdict.failed(
            facts,
            CONTRADICTION,
            "See what answers at that address, and whom the project lets in:",
            "  gcloud projects get-iam-policy "
                + project
                + " --flatten=bindings[].members --filter=bindings.members:all"),
        worker);
  }

  /** A door that may still shut, and must not have been open. */
  private static NotKept open(Verdict verdict, Service worker) {
    return verdict.asException().changing(true).exposing(worker.logs());
  }

  /** Google's word that the worker is closed; nothing when it says otherwise, or does not say. */
  private static List<String> word(Cloud cloud) {
    try {
      var worker = cloud.service("worker");
      if (worker.service().iamOff() || cloud.policy(worker).mayLetStrangersIn()) {
        return List.of();
      }
      return List.of(
          "the IAM check of %s is on, and its policy names no stranger"
              .formatted(worker.service().name()),
          "its ingress is " + worker.service().ingress());
    } catch (NotKept e) {
      return List.of(); // told by the test of the policy
    }
  }
}
