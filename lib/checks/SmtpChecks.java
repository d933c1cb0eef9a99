package lib.checks;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import lib.http.Http;
import lib.http.NoAnswer;
import lib.report.Verdict;
import lib.settings.Django.SmtpServer;
import lib.target.CannotVerify;

/** Whether the mail server takes mail as the app would give it; none is given (compose.md 6). */
final class SmtpChecks {

  private static final String WHY =
      "No mail goes out: no invitation, no password reset, no confirmation of an address.";

  private final Examined examined;
  private final SmtpServer server;
  private final Smtp smtp;

  SmtpChecks(Examined examined) {
    this.examined = examined;
    this.server = examined.django().smtp();
    this.smtp = new Smtp(server, examined.network(), examined.http(), examined.timeout());
  }

  List<Check> checks() {
    return List.of(
        Check.of("VB603", "Mail server answers", this::answers).needing("VB602"),
        Check.of("PDV601", "Mail goes over TLS", this::encrypted).needing("VB603"),
        Check.of("PDV602", "Mail account is accepted", this::accepted)
            .needing(server.startTls() ? "PDV601" : "VB603"));
  }

  private Verdict answers() {
    try {
      return smtp.ask(false, false, it -> Verdict.passed(server.address() + " greets"));
    } catch (MessagingException e) {
      return unanswered(e);
    }
  }

  private Verdict unanswered(MessagingException e) {
    var cause = Smtp.cause(e);
    var silent = cause.filter(SocketTimeoutException.class::isInstance).isPresent();
    if (silent && smtp.isImplicitTls()) {
      return Verdict.failed(
          server.address() + " speaks TLS from the first byte (implicit TLS)",
          WHY + " EMAIL_USE_TLS means STARTTLS, and no variable of Validibot's means the other.",
          "Set EMAIL_PORT to the provider's port for STARTTLS, mostly 587.");
    }
    var said =
        cause
            .map(it -> NoAnswer.sentence(it, smtp.patience()))
            .orElseGet(() -> Http.excerpt(String.valueOf(e.getMessage())));
    return Verdict.failed(
        server.address() + ": " + said,
        WHY,
        "Are EMAIL_HOST and EMAIL_PORT right? Many networks block port 25, some 587, too.");
  }

  private Verdict encrypted() {
    if (!server.startTls()) {
      return examined.network().isPrivate(server.host())
          ? Verdict.skipped(
              "EMAIL_USE_TLS is off, and %s is not across a network.".formatted(server.host()))
          : Verdict.warning(
              "EMAIL_USE_TLS is off",
              "Mail, its links for new passwords and the account cross the network in clear.",
              "Set EMAIL_USE_TLS=True.");
    }
    try {
      return smtp.ask(
          true, false, it -> Verdict.passed("STARTTLS, with a certificate that is trusted"));
    } catch (MessagingException e) {
      return Smtp.cause(e)
          .map(
              it ->
                  Verdict.failed(
                      server.address() + ": " + NoAnswer.sentence(it, smtp.patience()),
                      it instanceof SSLException
                          ? WHY + " The app verifies the certificate, too."
                          : WHY,
                      "Is EMAIL_HOST the name that its certificate is for?"))
          .orElseGet(
              () ->
                  Verdict.failed(
                      server.address() + " offers no STARTTLS, which EMAIL_USE_TLS asks for",
                      WHY,
                      "Set EMAIL_PORT to the port that does (587), or, for a server that is not"
                          + " across a network, EMAIL_USE_TLS=False."));
    }
  }

  private Verdict accepted() {
    var account = account();
    if (account.isPresent()) {
      return account.get();
    }
    try {
      return smtp.ask(
          server.startTls(),
          true,
          it ->
              it.supportsExtension("AUTH")
                  ? Verdict.passed("logged in as " + server.user())
                  : Verdict.failed(
                      server.address() + " offers no login, but an account is configured",
                      WHY + " The app insists on logging in, and fails.",
                      "Remove EMAIL_HOST_USER and EMAIL_HOST_PASSWORD, or use the port for"
                          + " submission (587)."));
    } catch (AuthenticationFailedException e) {
      return refused(Http.excerpt(String.valueOf(e.getMessage())));
    } catch (MessagingException e) {
      return unanswered(e);
    }
  }

  /** What is to be said without logging in; nothing when that is to be tried. */
  private Optional<Verdict> account() {
    var hasUser = !server.user().isBlank();
    var hasPassword = !server.password().isEmpty();
    if (!hasUser && !hasPassword) {
      return Optional.of(Verdict.skipped("No account is configured: the app does not log in."));
    }
    if (!hasUser || !hasPassword) {
      return Optional.of(
          Verdict.warning(
              "only one of EMAIL_HOST_USER and EMAIL_HOST_PASSWORD is set",
              "Then the app does not log in at all, and most providers take nothing from it.",
              "Set both, or neither."));
    }
    return server.startTls() || examined.network().isPrivate(server.host())
        ? Optional.empty()
        : Optional.of(
            Verdict.skipped("Without TLS the password is not sent across a network from here."));
  }

  private Verdict refused(String said) {
    if (said.startsWith("No authentication mechanisms")) {
      throw new CannotVerify(server.address() + " offers neither PLAIN nor LOGIN");
    }
    if (said.isBlank()) {
      return Verdict.failed(
          "%s gives no answer to the log-in of %s".formatted(server.address(), server.user()),
          WHY,
          "The account may be right: look at the log of the mail server, or ask the provider.");
    }
    return Verdict.failed(
        "%s refuses the account %s: %s".formatted(server.address(), server.user(), said),
        WHY,
        "Compare EMAIL_HOST_USER and EMAIL_HOST_PASSWORD with what the provider gave; some ask for"
            + " an app password or an API key there.");
  }
}
