package lib.google;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.google.Policy.Grant;
import lib.http.Answerer;
import lib.http.NoAnswer;
import lib.http.Refusal;
import lib.http.Reply;
import lib.http.Worker;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.Service;

/** Judges whether, by Google's own word, strangers are kept out of the worker. */
public final class Closed {

  private static final String NOT_THROUGH =
      "IAM lets strangers in, and yet Google refused one: the grant is not through yet, which takes"
          + " two minutes, sometimes seven, or something else stands before it for now. Take it for"
          + " an open door.";
  private static final String OFF_NOT_THROUGH =
      "Its IAM check is switched off, and yet Google refused a stranger: the change is not through"
          + " yet, or something else stands before it for now. Take it for an open door.";
  private static final String OFF_BEHIND_INGRESS =
      "Its IAM check is switched off, and its ingress alone keeps those from outside away. Whoever"
          + " is inside can forge results, and everybody once the ingress is another.";
  private static final String KNOWN_TO_GOOGLE =
      "Anyone with a Google account can call this worker. That is a security issue: whoever reaches"
          + " the callback endpoint can forge results.";
  private static final String BEHIND_INGRESS =
      "IAM lets strangers in, and its ingress alone keeps those from outside away. Whoever is"
          + " inside can forge results, and everybody once the ingress is another.";
  private static final String ON_A_CONDITION =
      "While the condition holds, anyone can call this worker. That is a security issue: whoever"
          + " reaches the callback endpoint can forge results.";

  private Closed() {}

  /**
   * Expect that Google asks IAM before it lets anybody through.
   *
   * @throws NotKept when it does not
   */
  public static void asksIam(Described worker, Worker asked) {
    var service = worker.service();
    if (service.iamOff()) {
      var facts = new ArrayList<String>();
      facts.add(Newest.asked(service));
      facts.add("Google tells: invokerIamDisabled is true");
      facts.add("expected: invokerIamDisabled is false");
      var refused = answer(asked, facts).filter(Closed::isRefusal).isPresent();
      var shut = service.ingress().keepsStrangersOut() ? OFF_BEHIND_INGRESS : OFF_NOT_THROUGH;
      throw Verdict.failed(facts, refused ? shut : Refusal.why(service), Refusal.fix(service))
          .asException();
    }
  }

  /**
   * Expect that the policy of the worker names nobody whom nobody knows.
   *
   * @throws NotKept when it does, or when it cannot be read
   */
  public static void byPolicy(Cloud cloud, Worker asked) {
    var worker = cloud.service("worker");
    var strangers = cloud.policy(worker).strangers();
    if (strangers.isEmpty()) {
      return;
    }
    var facts = new ArrayList<String>();
    facts.add("asked: the IAM policy of " + worker.service().name());
    strangers.forEach(grant -> facts.add("Google tells: " + grant));
    var letIn = strangers.stream().filter(Grant::invokes).toList();
    if (!letIn.isEmpty()) {
      throw letIn(asked, worker, letIn, facts);
    }
    facts.add("expected: neither allUsers nor allAuthenticatedUsers");
    if (strangers.stream().anyMatch(Grant::changes)) {
      throw Verdict.failed(
              facts,
              "Strangers may change the worker, or delete it.",
              Policy.removal(worker.service(), strangers))
          .asException();
    }
    throw strangers.stream().allMatch(Grant::looksOnly)
        ? Verdict.warning(
                facts,
                "Strangers cannot call the worker by that, but they can read its settings.",
                Policy.removal(worker.service(), strangers))
            .asException()
        : new Verdict(
                Status.UNVERIFIED,
                facts,
                "Whether that role includes run.routes.invoke, so that strangers can call the"
                    + " worker, is not known here.",
                List.of(Policy.removal(worker.service(), strangers)))
            .asException();
  }

  private static NotKept letIn(
      Worker asked, Described worker, List<Grant> letIn, List<String> facts) {
    var service = worker.service();
    var everybody = letIn.stream().filter(it -> it.member().equals(Policy.EVERYBODY)).toList();
    if (everybody.isEmpty()) {
      facts.add("expected: neither allUsers nor allAuthenticatedUsers");
      return Verdict.failed(facts, KNOWN_TO_GOOGLE, Policy.removal(service, letIn)).asException();
    }
    var answer = answer(asked, facts);
    var refused = answer.filter(Closed::isRefusal).isPresent() && !service.iamOff();
    var usual = letIn.equals(List.of(new Grant(Policy.EVERYBODY, "roles/run.invoker", "")));
    return Verdict.failed(
            facts,
            refused ? latent(service, everybody) : Refusal.why(service),
            usual && !refused ? Refusal.fix(service) : Policy.removal(service, letIn))
        .asException();
  }

  /** What a stranger sees, which is the other side of Google's word. */
  private static Optional<Reply> answer(Worker asked, List<String> facts) {
    try {
      var reply = asked.stranger().get("/");
      facts.add("asked: " + reply.asked());
      facts.add("came back: " + reply.came());
      return Optional.of(reply);
    } catch (NoAnswer e) {
      facts.add("asked, and no answer: " + e.getMessage());
    } catch (NotKept e) {
      facts.addAll(e.verdict().facts());
    }
    return Optional.empty();
  }

  private static boolean isRefusal(Reply reply) {
    var shut = reply.service().ingress().keepsStrangersOut();
    return reply.is(Answerer.GOOGLE, 403)
        || reply.is(Answerer.GOOGLE, 401)
        || shut && reply.is(Answerer.GOOGLE, 404);
  }

  private static String latent(Service service, List<Grant> everybody) {
    if (everybody.stream().noneMatch(grant -> grant.condition().isEmpty())) {
      return ON_A_CONDITION;
    }
    return service.ingress().keepsStrangersOut() ? BEHIND_INGRESS : NOT_THROUGH;
  }
}
