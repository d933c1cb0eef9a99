package lib.checks;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.report.Verdict;
import lib.settings.Django.Mail;
import lib.settings.Variables;

/** Whether mail goes out, and as somebody whom its readers can trust. */
final class EmailChecks {

  private static final Pattern TOKEN =
      Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");

  /** Names of documentation (RFC 2606), and of the templates (validibot.md section 1.4). */
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "(.*[@.])?example\\.(com|org|net)|.*\\.(example|invalid)|(.*[@.])?localhost"
              + "|(.*[@.])?your-(domain|e?mail|smtp|server|host|provider|site|org|company)\\b.*"
              + "|.*(change-this|replace-me|replace-with-|[<>!]).*");

  private static final Pattern HOST =
      Pattern.compile("[\\w-]+(\\.[\\w-]+)*\\.?|\\[?[0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F]*\\]?");

  private final Examined examined;
  private final Mail mail;
  private final Variables variables;

  EmailChecks(Examined examined) {
    this.examined = examined;
    this.mail = examined.django().mail();
    this.variables = examined.django().variables();
  }

  Category category() {
    return new Category(
        "email",
        "E-mail",
        "email",
        Stream.of(
                List.of(
                    Check.of("VB601", "A mail provider is configured", this::provider),
                    Check.of("VB602", "EMAIL_HOST and EMAIL_PORT name a server", this::server)),
                new SmtpChecks(examined).checks(),
                List.of(
                    Check.of("PDV603", "Postmark token looks right", this::token),
                    Check.of("PDV604", "Sender is no placeholder", this::sender)))
            .flatMap(List::stream)
            .toList());
  }

  private Verdict provider() {
    return switch (mail) {
      case POSTMARK ->
          Verdict.passed(
              variables.text("EMAIL_HOST").isPresent()
                  ? "Postmark (EMAIL_HOST is set, too, and is not used)"
                  : "Postmark");
      case SMTP -> Verdict.passed("SMTP");
      case CONSOLE -> Verdict.info("mail is printed to the log of this target, and sent to nobody");
      case NONE ->
          Verdict.skipped(
              "Neither POSTMARK_SERVER_TOKEN nor EMAIL_HOST is set: the app refuses to start, which"
                  + " PDV003 tells.");
    };
  }

  private Verdict server() {
    if (mail != Mail.SMTP) {
      return Verdict.skipped("Mail does not go by SMTP.");
    }
    var host = variables.text("EMAIL_HOST", "").strip();
    var why = "No mail goes out.";
    if (!HOST.matcher(host).matches()) {
      return Verdict.failed(
          "EMAIL_HOST is no name of a host: " + host,
          why,
          "It takes the name alone; the port is EMAIL_PORT.");
    }
    if (PLACEHOLDER.matcher(host.toLowerCase(Locale.ROOT)).matches() && !host.equals("localhost")) {
      return Verdict.failed(
          "EMAIL_HOST is a placeholder: " + host, why, "Set it to your provider's server.");
    }
    var port = variables.text("EMAIL_PORT", "587").strip();
    return port.matches("\\d{1,5}") && Integer.parseInt(port) <= 65_535
        ? Verdict.passed(host + ":" + port)
        : Verdict.failed(
            "EMAIL_PORT is no port: " + port, why, "Set it to the provider's, mostly 587.");
  }

  private Verdict token() {
    if (mail != Mail.POSTMARK) {
      return Verdict.skipped("Mail does not go through Postmark.");
    }
    var token = variables.text("POSTMARK_SERVER_TOKEN", "").strip();
    return TOKEN.matcher(token).matches()
        ? Verdict.passed("it has the form of one (Postmark itself was not asked)")
        : Verdict.failed(
            "POSTMARK_SERVER_TOKEN has not the form of a server token, such as"
                + " 01234567-89ab-cdef-0123-456789abcdef",
            "Postmark refuses every mail.",
            "Copy it from Postmark: Servers, your server, API Tokens.");
  }

  private Verdict sender() {
    if (mail == Mail.CONSOLE || mail == Mail.NONE) {
      return Verdict.skipped("No mail goes out.");
    }
    var sender = examined.django().sender();
    String address;
    try {
      address = new InternetAddress(sender, true).getAddress();
    } catch (AddressException e) {
      return Verdict.failed(
          "DJANGO_DEFAULT_FROM_EMAIL is no address: " + sender,
          "Every mail fails.",
          "Set it in the form Name <name@your.domain>.");
    }
    var placeholder = PLACEHOLDER.matcher(address.toLowerCase(Locale.ROOT)).matches();
    return placeholder
        ? Verdict.warning(
            "mail is from " + address,
            "Providers refuse to send for a domain that is not yours, or readers' servers do.",
            "Set DJANGO_DEFAULT_FROM_EMAIL to an address that your provider knows.")
        : Verdict.passed(address);
  }
}
