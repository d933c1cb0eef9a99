package lib.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.Service;
import okhttp3.HttpUrl;

/**
 * Explains why Google refused the invoker: our own token tells, without being shown. Only a role
 * that is missing is a fault of the stage; a token that is no good says nothing of it
 * (cloud-run.md, Identity).
 */
final class Rejection {

  private static final String EXPECTED = "an answer of the app";

  /** The OAuth client of gcloud, whose tokens Cloud Run takes whatever the service. */
  private static final String GCLOUD = "32555940559.apps.googleusercontent.com";

  private static final String OF_A_CLIENT = ".apps.googleusercontent.com";
  private static final String SIGN_IN = "  gcloud auth login --update-adc";

  private final Reply reply;
  private final IdToken token;
  private final Skew skew;

  private Rejection(Reply reply, IdToken token) {
    this.reply = reply;
    this.token = token;
    this.skew = Skew.of(reply.headers());
  }

  /** Explain a 401 or 403 of Google's. */
  static NotKept of(Reply reply, IdToken token) {
    var rejection = new Rejection(reply, token);
    return rejection.unfit().map(Verdict::asException).orElseGet(rejection::withoutRole);
  }

  /** What is wrong with the token itself, if anything is. */
  private Optional<Verdict> unfit() {
    if (!token.isReadable()) {
      return because("Our token is no ID token at all.", "To see what kind it is:", SIGN_IN);
    }
    return time().or(this::audience).or(this::email);
  }

  private Optional<Verdict> time() {
    var there = skew.theirs();
    var over = token.expiry().filter(there::isAfter).isPresent();
    var early =
        token
            .issued()
            .filter(it -> new Skew(Duration.between(there, it)).matters() && it.isAfter(there))
            .isPresent();
    if (!over && !early) {
      return Optional.empty();
    }
    if (skew.matters()) {
      return because(
          "Wrong clock: %s, so our token %s."
              .formatted(skew, over ? "had expired there" : "is not valid there yet"),
          "Set the clock of this machine:",
          Skew.MEND);
    }
    return because(
        over
            ? "Our token had expired %s before: whoever gave it to us has kept it for too long."
                .formatted(Skew.words(Duration.between(token.expiry().get(), there)))
            : "Our token is not valid yet.",
        "To get a new one, sign in again:",
        SIGN_IN);
  }

  private Optional<Verdict> audience() {
    var audience = token.audience();
    if (audience.equals(GCLOUD)) {
      return Optional.empty();
    }
    if (audience.endsWith(OF_A_CLIENT)) {
      return because(
          "Our token is an application-default user's, and Cloud Run refuses those: it is made for"
              + " their OAuth client ("
              + audience
              + "), and a user's token cannot be made for a service.",
          "Sign in so that gcloud's own client is used:",
          SIGN_IN);
    }
    var service = reply.service();
    if (!isAddress(audience, service)) {
      return because(
          "Wrong audience: our token is made for %s, and not for %s."
              .formatted(audience.isEmpty() ? "nobody" : audience, service.address()),
          "Ask as an account whose tokens can be made for it:",
          "  --impersonate-service-account=EMAIL");
    }
    var known = service.url().host().endsWith(Worker.RUN_APP) || !service.own().isEmpty();
    if (reply.status() == 401 && !known) {
      return because(
          "Wrong audience: our token is made for %s, and Cloud Run takes only tokens for its own"
                  .formatted(audience)
              + " run.app address, or for what it was told to take.",
          "Give its run.app address (--worker-url), or tell it:",
          "  " + service.gcloud("update", "--add-custom-audiences=" + audience));
    }
    return Optional.empty();
  }

  private static boolean isAddress(String audience, Service service) {
    var url = HttpUrl.parse(audience);
    return url != null
        && (Http.isSameOrigin(url, service.url())
            || service.own().stream().anyMatch(own -> Http.isSameOrigin(url, own)));
  }

  private Optional<Verdict> email() {
    if (token.email().isEmpty() || token.isDoubtful()) {
      return because(
          token.email().isEmpty()
              ? "Our token names no e-mail address, and IAM knows callers by nothing else."
              : "Our token names " + token.email() + ", but says that Google never verified it.",
          "Ask as an account whose tokens name it:",
          "  --impersonate-service-account=EMAIL");
    }
    return Optional.empty();
  }

  private Optional<Verdict> because(String why, String... fix) {
    return Optional.of(new Verdict(Status.UNVERIFIED, facts(), why, List.of(fix)));
  }

  private NotKept withoutRole() {
    var why =
        reply.status() == 401
            ? "Authenticated request was rejected by IAM: audience, time and e-mail of our token"
                + " are as they should be, so the identity may lack the role, or may be disabled."
            : "Authenticated request was rejected by IAM: the identity may lack the role, or it was"
                + " granted minutes ago.";
    var role = List.of("--member=" + token.member(), "--role=roles/run.invoker");
    var line = reply.service().gcloud("add-iam-policy-binding", role.toArray(String[]::new));
    return new Verdict(Status.FAILED, facts(), why, List.of("  " + line))
        .asException()
        .changing(true);
  }

  /** What the token says is no secret; the token is. */
  private List<String> facts() {
    var facts = new ArrayList<>(reply.facts(EXPECTED));
    if (token.isReadable()) {
      var name = token.email().isEmpty() ? "without an e-mail address" : "of " + token.email();
      var until = token.expiry().map(it -> ", good until " + it).orElse("");
      facts.add("our token: %s, for %s%s".formatted(name, Http.excerpt(token.audience()), until));
    }
    return facts;
  }
}
