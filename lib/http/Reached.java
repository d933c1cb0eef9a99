package lib.http;

import lib.report.NotKept;

/**
 * Judges whether a request reached the app: Google's front end may stop it, and so may the app's
 * own list of hosts. Where it did not, that is the cause, and every test that meets it says the
 * same.
 */
public final class Reached {

  private Reached() {}

  /**
   * Expect that an answer comes from behind the door.
   *
   * @param member who should be let in, as IAM policies name it
   * @return the answer
   * @throws NotKept when the request was stopped at the door
   */
  public static Reply app(Reply reply, String member) {
    if (reply.is(Answerer.APP, 400) && reply.hasType("text/html")) {
      throw reply.broken(
          "an answer that is not about the host name",
          "The app does not accept its own host name, so all that is sent here fails, real"
              + " callbacks to a worker, too: DJANGO_ALLOWED_HOSTS lacks "
              + reply.url().host()
              + ".",
          "Add it in the env file of this stage, upload that, and redeploy.");
    }
    if (reply.answerer() != Answerer.GOOGLE) {
      return reply;
    }
    var service = reply.service();
    var expected = "an answer of the app";
    throw switch (reply.status()) {
      case 401, 403 ->
          reply.broken(
              expected,
              reply.caller() == Caller.INVOKER
                  ? "Authenticated request was rejected by IAM: the identity may lack the role, or"
                      + " it was granted minutes ago."
                  : "Google refuses strangers, so nobody can use the site.",
              "  "
                  + service.gcloud(
                      "add-iam-policy-binding", "--member=" + member, "--role=roles/run.invoker"));
      case 404 ->
          reply.caller() == Caller.INVOKER
              ? unknown(reply)
              : reply.broken(
                  expected,
                  "Google knows no service at this address, or its ingress keeps strangers out.",
                  "  " + service.gcloud("describe"));
      default ->
          reply.broken(
              expected,
              "The container does not answer, so nobody can use this service.",
              service.logs());
    };
  }

  /** Google's own 404 where nothing is known of the ingress: neither good nor bad. */
  static NotKept unknown(Reply reply) {
    return reply.unverified(
        "an answer, or a refusal, of the service itself",
        "Google's own 404: either the address is wrong, or ingress is internal, which is not known"
            + " here ("
            + reply.service().ingress()
            + ").",
        "To tell which:",
        "  "
            + reply
                .service()
                .gcloud(
                    "describe",
                    "--format='value(metadata.annotations[run.googleapis.com/ingress])'"));
  }
}
