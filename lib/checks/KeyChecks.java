package lib.checks;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import lib.report.Verdict;
import lib.settings.Django;
import lib.settings.Placeholders;
import lib.settings.Refusals;
import lib.target.Setting;

/** Whether the keys that guard everything else are strong, and each is used once. */
record KeyChecks(Examined examined) {

  private static final int SHORTEST_KEY = 32;
  private static final int FEWEST_CHARACTERS = 5;
  private static final String NEW_KEY = "  openssl rand -hex 32";

  private Django django() {
    return SecurityChecks.settings(examined);
  }

  Verdict secret() {
    var key = django().variables().text("DJANGO_SECRET_KEY");
    if (key.isEmpty()) {
      return SecurityChecks.missing("DJANGO_SECRET_KEY");
    }
    return weakness(key.get())
        .map(
            it ->
                SecurityChecks.found(
                    django(),
                    "DJANGO_SECRET_KEY " + it,
                    "Who guesses it can forge sessions and password resets.",
                    "Set a new one; everybody has to sign in again:",
                    NEW_KEY))
        .orElseGet(() -> Verdict.passed(key.get().length() + " characters"));
  }

  /** What is wrong with a key, without giving anything of it away. */
  private static Optional<String> weakness(String key) {
    var mark = Placeholders.mark(key);
    if (mark.isPresent()) {
      return Optional.of("is a placeholder: it has '" + mark.get() + "' in it");
    }
    if (key.length() < SHORTEST_KEY) {
      return Optional.of("has " + key.length() + " characters, fewer than " + SHORTEST_KEY);
    }
    return key.chars().distinct().count() < FEWEST_CHARACTERS
        ? Optional.of("repeats fewer than " + FEWEST_CHARACTERS + " different characters")
        : Optional.empty();
  }

  Verdict digest() {
    if (!examined.django().target().production()) {
      return SecurityChecks.onlyProduction("a key for API keys");
    }
    var variables = django().variables();
    var key = variables.find("DJANGO_API_KEY_DIGEST_KEY").map(Setting::value);
    if (key.isEmpty()) {
      return SecurityChecks.missing("DJANGO_API_KEY_DIGEST_KEY");
    }
    var secret = variables.text("DJANGO_SECRET_KEY");
    var problem =
        key.get().isBlank()
            ? Optional.of("is empty")
            : secret.equals(key)
                ? Optional.of("is DJANGO_SECRET_KEY once more")
                : weakness(key.get());
    return problem
        .map(
            it ->
                Verdict.failed(
                    "DJANGO_API_KEY_DIGEST_KEY " + it,
                    "Whoever has a copy of the database can then test guesses of API keys.",
                    "Set a new one; API keys have to be made anew:",
                    NEW_KEY))
        .orElseGet(() -> Verdict.passed(key.get().length() + " characters, not the secret key"));
  }

  Verdict mfa() {
    var key = django().variables().text("DJANGO_MFA_ENCRYPTION_KEY");
    if (key.isEmpty()) {
      return examined.django().target().production()
          ? SecurityChecks.missing("DJANGO_MFA_ENCRYPTION_KEY")
          : SecurityChecks.onlyProduction("an MFA key");
    }
    if (!Refusals.isFernetKey(key.get())) {
      return examined.django().target().production()
          ? Verdict.skipped("DJANGO_MFA_ENCRYPTION_KEY is malformed: see PDV003.")
          : Verdict.warning("DJANGO_MFA_ENCRYPTION_KEY is no Fernet key", "Nobody can use MFA.");
    }
    var bytes = Base64.getUrlDecoder().decode(key.get());
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    return weakness(text)
        .or(() -> Placeholders.mark(key.get()).map(it -> "is a placeholder"))
        .map(
            it ->
                SecurityChecks.found(
                    django(),
                    "DJANGO_MFA_ENCRYPTION_KEY " + it,
                    "Whoever has a copy of the database can then make anybody's one-time codes.",
                    "Set a new one, and have everybody set up MFA again."))
        .orElseGet(() -> Verdict.passed("a Fernet key"));
  }
}
