package lib.checks;

import java.util.Optional;
import java.util.regex.Pattern;
import lib.report.Verdict;
import lib.settings.Ineffective;
import lib.settings.Placeholders;

/** Whether values of a template were left in variables that are used. */
record PlaceholderCheck(Examined examined) {

  private static final Pattern SECRET = Pattern.compile("SECRET|PASSWORD|TOKEN|KEY|REDIS_URL");

  /** Whose placeholders another check judges: keys, tokens, the sender and the site's address. */
  private static final Pattern JUDGED_ELSEWHERE =
      Pattern.compile(
          "DJANGO_(?:SECRET|API_KEY_DIGEST|MFA_ENCRYPTION)_KEY|POSTMARK_SERVER_TOKEN"
              + "|VALIDIBOT_SITE_(?:DOMAIN|NAME)|SITE_URL|DJANGO_DEFAULT_FROM_EMAIL");

  Verdict verdict() {
    if (!examined.django().target().production()) {
      return Verdict.skipped("A local stack may keep the values of its template.");
    }
    var variables = examined.django().variables();
    var ineffective = Ineffective.of(examined.django()).stream().map(it -> it.name()).toList();
    var found =
        variables.ours().stream()
            .filter(name -> !ineffective.contains(name))
            .filter(name -> !JUDGED_ELSEWHERE.matcher(name).matches())
            .filter(name -> marked(name).isPresent())
            .toList();
    if (found.isEmpty()) {
      return Verdict.passed("none of the marks of Validibot's templates");
    }
    var facts = found.stream().map(it -> it + " has '" + marked(it).orElseThrow() + "' in it");
    var grave = found.stream().anyMatch(PlaceholderCheck::isSecret);
    var why = "It was copied from a template or a document, where everybody can read it.";
    var fix = "Set values of your own: a new secret for each.";
    return grave
        ? Verdict.failed(facts.toList(), why, fix, "  openssl rand -hex 32")
        : Verdict.warning(facts.toList(), why, fix);
  }

  /** A mail server's password is told by the server itself. */
  private static boolean isSecret(String name) {
    return SECRET.matcher(name).find() && !name.startsWith("EMAIL_");
  }

  private Optional<String> marked(String name) {
    return examined.django().variables().find(name).flatMap(it -> Placeholders.mark(it.value()));
  }
}
