package lib.google;

import java.util.ArrayList;
import java.util.List;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.Service;

/**
 * Judges whether what answers is what was deployed last: after a roll-out that failed, the revision
 * before goes on serving, and every 200 is one of the old code (cloud-run.md, Admin API).
 */
public final class Newest {

  private Newest() {}

  /**
   * Expect that the last roll-out is over, and good.
   *
   * @throws NotKept when it is not, or when that cannot be told yet
   */
  public static void isRolledOut(Described described) {
    var rollout = described.rollout();
    var service = described.service();
    if (rollout.failed()) {
      throw Verdict.failed(
              facts(described, "CONDITION_SUCCEEDED"),
              "What was deployed last does not serve. What other tests find here is the old code.",
              "Mend what Google names, and deploy again. More of it:",
              "  gcloud run revisions describe " + rollout.created() + service.place().flags(),
              service.logs())
          .asException();
    }
    if (rollout.outcome().state().isEmpty()) {
      throw Verdict.unverified(
              "Google does not tell how the last roll-out of " + service.name() + " ended.",
              "To look yourself:",
              "  " + service.gcloud("describe"))
          .asException();
    }
    if (rollout.underWay()) {
      throw new Verdict(
              Status.UNVERIFIED,
              facts(described, "a roll-out that is over"),
              "A roll-out is under way: what answers now may be the old code or the new.",
              List.of("Ask again when it is over (--wait):", "  " + service.gcloud("describe")))
          .asException()
          .changing(true);
    }
  }

  /**
   * Expect that the newest revision gets all requests.
   *
   * @throws NotKept when another one gets some
   */
  public static void serves(Described described) {
    skipUnlessOver(described);
    var rollout = described.rollout();
    if (rollout.created().isEmpty() || rollout.serving().isEmpty()) {
      throw Verdict.unverified(
              "Google does not tell which revision of %s serves: %s."
                  .formatted(described.service().name(), rollout.revisions()))
          .asException();
    }
    if (!rollout.newestServes()) {
      throw Verdict.failed(
              List.of(
                  asked(described.service()),
                  "Google tells: " + rollout.revisions(),
                  "expected: all requests go to " + rollout.created()),
              why(rollout),
              fix(described))
          .asException();
    }
  }

  /** What follows from a roll-out that is not over is told there. */
  private static void skipUnlessOver(Described described) {
    var rollout = described.rollout();
    if (rollout.failed() || !rollout.outcome().state().isEmpty() && rollout.underWay()) {
      throw Verdict.skipped(
              "The last roll-out of %s %s: see there."
                  .formatted(
                      described.service().name(), rollout.failed() ? "failed" : "is not over"))
          .asException()
          .changing(rollout.underWay());
    }
  }

  private static String why(Rollout rollout) {
    var some = rollout.serving().containsKey(rollout.created());
    if (!rollout.created().equals(rollout.ready())) {
      return "The newest revision is not ready, and an old one serves: all that is good here is"
          + " good of old code.";
    }
    if (!rollout.wanted().equals(rollout.serving())) {
      return "The requests do not go where the service wants them, which is "
          + Rollout.told(rollout.wanted())
          + (some ? "." : ", and an old revision answers all of them.");
    }
    return some
        ? "Requests are split, on purpose: what answers here may be the old code or the new."
        : "Requests are pinned to an old revision, so what was deployed last serves nobody.";
  }

  private static String[] fix(Described described) {
    var service = described.service();
    return described.rollout().created().equals(described.rollout().ready())
        ? new String[] {
          "  " + service.gcloud("update-traffic", "--to-latest"),
          "If an old revision is meant to serve, say so: --expect-revision NAME"
        }
        : new String[] {
          "  gcloud run revisions describe "
              + described.rollout().created()
              + service.place().flags(),
          service.logs()
        };
  }

  static String asked(Service service) {
    return "asked: the Admin API about " + service.name();
  }

  private static List<String> facts(Described described, String expected) {
    var rollout = described.rollout();
    var facts = new ArrayList<String>();
    facts.add(asked(described.service()));
    rollout.words().forEach(words -> facts.add("Google tells: " + words));
    facts.add("Google tells: " + rollout.revisions());
    facts.add("expected: " + expected);
    return facts;
  }
}
