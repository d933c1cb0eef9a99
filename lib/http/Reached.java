package lib.http;

import java.util.Optional;
import java.util.function.Supplier;
import lib.report.NotKept;
import lib.target.Ingress;
import okhttp3.HttpUrl;

/**
 * Judges whether a request reached the app: Google's front end may stop it, and so may the app's
 * own list of hosts. Where it did not, that is the cause, and every test that meets it says the
 * same.
 */
public final class Reached {

  private static final String EXPECTED = "an answer of the app";

  private Reached() {}

  /**
   * Expect that an answer comes from behind the door that everybody may pass.
   *
   * @param member who should be let in, as IAM policies name it
   * @return the answer
   * @throws NotKept when the request was stopped at the door
   */
  public static Reply app(Reply reply, String member) {
    return app(
        reply,
        () ->
            reply.broken(
                EXPECTED,
                "Google refuses strangers, so nobody can use the site.",
                "  "
                    + reply
                        .service()
                        .gcloud(
                            "add-iam-policy-binding",
                            "--member=" + member,
                            "--role=roles/run.invoker")));
  }

  /**
   * Expect that an answer comes from behind the door that an invoker may pass.
   *
   * @param token what the invoker showed
   */
  public static Reply app(Reply reply, IdToken token) {
    return app(reply, () -> Rejection.of(reply, token));
  }

  private static Reply app(Reply reply, Supplier<NotKept> refused) {
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
      return notSentAway(reply);
    }
    var service = reply.service();
    var shut = service.ingress() == Ingress.INTERNAL_ONLY || service.ingress() == Ingress.NONE;
    if (shut && reply.status() < 500 && reply.status() != 429) {
      throw unknown(reply);
    }
    throw switch (reply.status()) {
      case 401, 403 -> refused.get();
      case 404 ->
          reply.caller() == Caller.INVOKER
              ? unknown(reply)
              : reply.broken(
                  EXPECTED,
                  "Google knows no service at this address, or its ingress keeps strangers out.",
                  "  " + service.gcloud("describe"));
      default ->
          reply.broken(
              EXPECTED,
              "The container does not answer, so nobody can use this service.",
              service.logs());
    };
  }

  /** An app that sends everybody elsewhere says so at every path, and it is one cause. */
  private static Reply notSentAway(Reply reply) {
    var next = reply.redirect();
    if (next.isPresent() && !Http.isSameOrigin(reply.service().url(), next.get())) {
      throw away(reply, next);
    }
    if (next.filter(reply.url()::equals).isPresent()) {
      throw reply.broken(
          "an answer that is no redirect to itself",
          "The app redirects this address to itself, over and over: where TLS ends before it, a"
              + " proxy must send X-Forwarded-Proto: https.",
          reply.service().logs());
    }
    return reply;
  }

  /** A redirect that leaves the origin. */
  static NotKept away(Reply reply, Optional<HttpUrl> next) {
    var service = reply.service();
    var toHttps = next.filter(it -> it.isHttps() && it.host().equals(service.url().host()));
    return reply.broken(
        "an answer of " + service.address(),
        "The redirect leaves the origin, and what another host serves proves nothing here.",
        toHttps.isPresent()
            ? "The service wants https: give its https address."
            : "If that is the service's public address, give it: --"
                + (service.name().matches(".*-worker(-dev|-staging)?") ? "worker" : "web")
                + "-url");
  }

  /** Google's own 404, when the ingress does not explain it, or explains it without a fault. */
  static NotKept unknown(Reply reply) {
    return reply.unverified(
        "an answer, or a refusal, of the service itself",
        "Google's own " + reply.status() + ": " + explained(reply.service().ingress()),
        "To see how it is deployed:",
        "  "
            + reply
                .service()
                .gcloud(
                    "describe",
                    "--format='value(metadata.annotations[run.googleapis.com/ingress])'"));
  }

  private static String explained(Ingress ingress) {
    return switch (ingress) {
      case UNKNOWN ->
          "either the address is wrong, or ingress is internal, which is not known here.";
      case ALL ->
          "the service is there and takes requests from everywhere, so either its default address"
              + " is switched off, or a change of its ingress is not through yet.";
      default ->
          "ingress is "
              + ingress
              + ", so nobody is let in from outside. A stage that is parked or in maintenance"
              + " looks like this.";
    };
  }
}
