package lib.http;

import lib.target.Ingress;
import lib.target.Service;

/**
 * Judges whether Google refused somebody at the worker's door. That the app refused is no comfort:
 * a request that reaches it has passed Cloud Run (cloud-run.md, What answers a request).
 */
public final class Refusal {

  /** What is expected of every request of a stranger. */
  public static final String EXPECTED = "a refusal by Google's front end (403)";

  private static final String EXPOSED =
      "Anyone can reach this worker: it may have been deployed with --allow-unauthenticated. That"
          + " is a security issue: whoever reaches the callback endpoint can forge results.";
  private static final String IAM_OFF =
      "Anyone can reach this worker: its IAM check is switched off (invokerIamDisabled). That is a"
          + " security issue: whoever reaches the callback endpoint can forge results.";
  private static final String FORGED =
      "A token that Google never signed got through, so anyone can make one. That is a security"
          + " issue: whoever reaches the callback endpoint can forge results.";

  private Refusal() {}

  /**
   * Expect that Google refused.
   *
   * @throws lib.report.NotKept when it did not, or when that cannot be told
   */
  public static void byGoogle(Reply reply) {
    var ingress = reply.service().ingress();
    switch (reply.answerer()) {
      case GOOGLE -> judgeGoogles(reply, ingress);
      case APP, CONTAINER -> throw exposed(reply);
      case UNCLEAR -> throw neither(reply);
    }
  }

  private static void judgeGoogles(Reply reply, Ingress ingress) {
    switch (reply.status()) {
      case 401, 403 -> {
        if (ingress.keepsStrangersOut()) {
          reply.remark("Google's " + reply.status() + ", ingress " + ingress);
        }
      }
      case 404 -> {
        if (!ingress.keepsStrangersOut()) {
          throw Reached.unknown(reply);
        }
        reply.remark("Google's 404, by ingress " + ingress);
      }
      default -> throw neither(reply);
    }
  }

  private static RuntimeException exposed(Reply reply) {
    var service = reply.service();
    var why = reply.caller() == Caller.FORGER && !service.iamOff() ? FORGED : why(service);
    return reply
        .broken(EXPECTED, why, fix(service))
        .changing(true) // whatever answers behind it, the door is IAM's
        .exposing(service.logs());
  }

  /** Why it matters that strangers are let in at the worker. */
  public static String why(Service worker) {
    return worker.iamOff() ? IAM_OFF : EXPOSED;
  }

  /** What to do when strangers are let in at the worker. */
  public static String[] fix(Service worker) {
    if (worker.iamOff()) {
      return new String[] {
        "Switch it on again:", "  " + worker.gcloud("update", "--invoker-iam-check")
      };
    }
    return new String[] {
      "Redeploy it closed, or take the permission away:",
      "  "
          + "gcloud run deploy "
          + worker.name()
          + " --image=IMAGE --no-allow-unauthenticated"
          + worker.place().flags(),
      "  "
          + worker.gcloud(
              "remove-iam-policy-binding", "--member=allUsers", "--role=roles/run.invoker")
    };
  }

  /** An answer that is no refusal, and not known to be the app's. */
  private static RuntimeException neither(Reply reply) {
    if (reply.succeeded()) {
      return exposed(reply);
    }
    return reply.status() >= 500 || reply.status() == 429 ? busy(reply) : unclear(reply);
  }

  /** Google's own trouble; or an open door behind which no container starts: it looks the same. */
  private static RuntimeException busy(Reply reply) {
    return reply.unverified(
        EXPECTED,
        "That is no refusal: either Google itself was in trouble, or strangers are let in and the"
            + " container does not answer. Ask again; if it stays like this, see who is let in:",
        "  " + reply.service().gcloud("get-iam-policy"),
        reply.service().logs());
  }

  private static RuntimeException unclear(Reply reply) {
    return reply.unverified(
        EXPECTED,
        "That is neither Google's refusal nor the app's answer: a proxy or gateway may have"
            + " answered for them, so nothing is known about the worker's door.",
        "Ask from another network, or at the worker's own run.app address: --worker-url");
  }
}
