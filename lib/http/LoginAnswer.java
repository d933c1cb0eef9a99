package lib.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;

/** Judges what the app made of a name and a password (validibot.md section 5.1). */
final class LoginAnswer {

  private static final String EXPECTED = "a redirect into the app (302)";

  /** The words of django-allauth when nobody may try for a while. */
  private static final Pattern LOCKED_OUT = Pattern.compile("(?i)\\btoo many\\b");

  /**
   * A step that the app puts between a password and a session.
   *
   * @param path what its address begins with
   */
  private record Step(String path, String why, String fix) {}

  private static final List<Step> STEPS =
      List.of(
          new Step(
              "/accounts/2fa/",
              "The password is right, but the app also wants a second factor, which a script does"
                  + " not have.",
              "Sign in with a superuser who has none, kept for this and with a long password."),
          new Step(
              "/accounts/confirm-email/",
              "The password is right, but the e-mail address of this user was never verified. The"
                  + " app has just sent another mail there.",
              "Follow the link in that mail, or mark the address as verified in the admin pages."),
          new Step(
              "/accounts/inactive/",
              "The password is right, but this user is switched off.",
              "Switch it on in the admin pages (active), or sign in with another."),
          new Step(
              "/accounts/",
              "The app wants one more step of whoever signs in, which a script cannot take.",
              "Sign in with a browser once, and do what it asks for."));

  private LoginAnswer() {}

  /**
   * Expect that the app lets the user in.
   *
   * @throws NotKept when it does not, or wants more than a password
   */
  static void in(Reply reply, Web web) {
    if (reply.status() == 429) {
      throw reply.unverified(
          EXPECTED,
          "The app has counted too many attempts to sign in from here.",
          "Ask again in a minute.");
    }
    if (isRefusal(reply)) {
      throw refused(reply);
    }
    Reached.app(reply, Web.EVERYBODY);
    if (reply.succeeded()) {
      throw refused(reply);
    }
    if (reply.is(Answerer.APP, 403)) {
      throw reply.broken(
          EXPECTED,
          "The app takes its own form for a forgery, so nobody can sign in. It does not know its"
              + " own address (DJANGO_CSRF_TRUSTED_ORIGINS lacks "
              + reply.service().address()
              + "), a proxy before it does not send X-Forwarded-Proto: https, or its cookie is"
              + " lost.",
          reply.service().logs());
    }
    var to = reply.redirect().map(url -> url.encodedPath());
    if (to.isEmpty()) {
      throw trouble(reply, web);
    }
    STEPS.stream()
        .filter(step -> to.get().startsWith(step.path()))
        .findFirst()
        .ifPresent(
            step -> {
              throw reply.unverified(EXPECTED, step.why(), step.fix());
            });
  }

  /**
   * Whether the password may have been looked at and refused: five of those lock everybody out, so
   * an error that tells nothing of it counts, too.
   */
  static boolean mayBeRefusal(Reply reply) {
    return reply.succeeded() || isRefusal(reply) || reply.status() >= 500;
  }

  /** The same form again, or the way back to it; other versions may say it by a status. */
  private static boolean isRefusal(Reply reply) {
    if (reply.answerer() != Answerer.APP || reply.status() == 403) {
      return false;
    }
    var back =
        reply
            .redirect()
            .filter(to -> Http.isSameOrigin(to, reply.url()))
            .filter(to -> to.encodedPath().equals(LoginForm.PATH));
    return back.isPresent()
        || reply.status() == 401
        || reply.status() == 422
        || LoginForm.on(reply).isPresent();
  }

  private static NotKept refused(Reply reply) {
    var complaint = LoginForm.on(reply).map(LoginForm::complaint).orElse("");
    if (LOCKED_OUT.matcher(complaint).find()) {
      return refused(
          Status.UNVERIFIED,
          reply,
          complaint,
          "Too many attempts have failed, so nobody may sign in for five minutes, with the right"
              + " password neither. They are counted by the address that the app sees: behind a"
              + " proxy that is everybody's.",
          "Ask again in five minutes. If it was not you who failed, see who was:",
          reply.service().logs());
    }
    return refused(
        Status.FAILED,
        reply,
        complaint,
        "The app refuses this name and password. They are not tried again for five minutes:"
            + " five refusals lock out everybody behind the same proxy.",
        "Set SUPERUSER_USERNAME and SUPERUSER_PASSWORD to those of a superuser of this stage.");
  }

  private static NotKept refused(
      Status status, Reply reply, String complaint, String why, String... fix) {
    var facts = new ArrayList<>(reply.facts(EXPECTED));
    if (!complaint.isEmpty()) {
      facts.add(2, "it says: " + complaint);
    }
    return new Verdict(status, facts, why, List.of(fix)).asException();
  }

  /** An error where signing in should be; its cause may be told elsewhere, once. */
  static NotKept trouble(Reply reply, Web web) {
    if (reply.status() >= 500) {
      var cause = cause(web);
      if (cause.isPresent()) {
        return reply.unverified(EXPECTED, cause.get());
      }
    }
    return reply.broken(
        EXPECTED,
        "Nobody can sign in."
            + (reply.method().equals("POST") && reply.status() >= 500
                ? " Where the e-mail address of this user is not verified, it may be the mail"
                    + " server that fails."
                : ""),
        reply.service().logs());
  }

  private static Optional<String> cause(Web web) {
    if (web.stranger().get("/health/").status() == 503) {
      return Optional.of("The app calls itself unhealthy (see there), so nobody can sign in.");
    }
    return web.stranger().get("/api/v1/license/features/").is(Answerer.APP, 500)
        ? Optional.of("The cache does not work (see there), and sign-ins are counted in it.")
        : Optional.empty();
  }
}
