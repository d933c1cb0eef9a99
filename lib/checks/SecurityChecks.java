package lib.checks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.settings.Django;
import lib.settings.Placeholders;
import lib.settings.Refusals;
import lib.target.Setting;

/** Whether the settings keep strangers out (validibot.md section 6, VB001 to VB008). */
final class SecurityChecks {

  private static final int SHORTEST_KEY = 32;
  private static final int FEWEST_CHARACTERS = 5;

  private static final int YEAR = 31_536_000;
  private static final int MONTH = 2_592_000;

  private static final String NEW_KEY = "  openssl rand -hex 32";

  private final Examined examined;

  SecurityChecks(Examined examined) {
    this.examined = examined;
  }

  Category category() {
    return new Category(
        "security",
        "Security settings",
        "settings",
        List.of(
            check("VB001", "DEBUG is off", this::debug),
            check("VB002", "Secret key is strong", this::secretKey),
            check("VB003", "Only named hosts are served", this::allowedHosts),
            check("PDV014", "Health check may ask for localhost", this::localhost),
            check("VB004", "Trusted origins are set", this::origins),
            check("PDV011", "Trusted origins have a scheme", this::schemes),
            check("VB005", "Admin is not where everybody looks", this::adminUrl),
            check("PDV012", "Admin's pages can be found", this::adminSlash),
            check("VB006", "http is sent on to https", this::redirect),
            check("PDV013", "Browsers are told to stay on https (HSTS)", this::hsts),
            check("VB007", "Cookies travel only over https", this::cookies).needing("VB001"),
            check("VB008", "API keys are hashed with a key of their own", this::digestKey),
            check("PDV010", "MFA secrets are encrypted with a key of their own", this::mfaKey)));
  }

  private static Check check(
      String id, String title, java.util.concurrent.Callable<Verdict> question) {
    // A file that its reader refuses says nothing; its one error is PDV002.
    return Check.of(id, title, question).needing(SettingsChecks.PDV002);
  }

  private Django django() {
    SettingsChecks.demandSettings(examined.django().variables());
    return examined.django();
  }

  private boolean production() {
    return examined.django().target().production();
  }

  /** A finding: an error in production, a warning where DEBUG is on. */
  private Verdict found(String fact, String why, String... fix) {
    return production() ? Verdict.failed(fact, why, fix) : Verdict.warning(fact, why, fix);
  }

  private static Verdict onlyProduction(String what) {
    return Verdict.skipped("A local stack does without " + what + ".");
  }

  private static Verdict missing(String name) {
    return Verdict.skipped(name + " is not set: see PDV003.");
  }

  private Verdict debug() {
    if (!production()) {
      return Verdict.info("DEBUG is on, as it is for every local stack: nobody else may reach it");
    }
    var module = django().variables().text("DJANGO_SETTINGS_MODULE", "");
    return module.matches("config\\.settings\\.local(_pro)?")
        ? Verdict.failed(
            "DJANGO_SETTINGS_MODULE is " + module + ", where DEBUG is on",
            "Every error shows settings and code to whoever causes it.",
            "Set it to config.settings.production.")
        : Verdict.passed("production's settings switch it off, whatever a variable says");
  }

  private Verdict secretKey() {
    var key = django().variables().text("DJANGO_SECRET_KEY");
    if (key.isEmpty()) {
      return missing("DJANGO_SECRET_KEY");
    }
    return weakness(key.get())
        .map(
            it ->
                found(
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

  private Verdict allowedHosts() {
    if (production() && django().variables().find("DJANGO_ALLOWED_HOSTS").isEmpty()) {
      return missing("DJANGO_ALLOWED_HOSTS");
    }
    var hosts = examined.django().allowedHosts();
    if (hosts.isEmpty()) {
      return found(
          "DJANGO_ALLOWED_HOSTS is empty",
          "Every request is answered with 400.",
          "Set it to the host of SITE_URL, a comma, and localhost.");
    }
    return hosts.contains("*")
        ? found(
            "DJANGO_ALLOWED_HOSTS allows every name (*)",
            "A forged Host header ends up in links, such as those that reset passwords.",
            "Name the hosts: that of SITE_URL, and localhost.")
        : Verdict.passed(String.join(", ", hosts));
  }

  private Verdict localhost() {
    if (examined.django().target() != DeploymentTarget.SELF_HOSTED) {
      return Verdict.skipped("The health check that asks for localhost is that of self_hosted.");
    }
    var hosts = django().allowedHosts();
    if (hosts.isEmpty()) {
      return Verdict.skipped("DJANGO_ALLOWED_HOSTS names no host at all: see PDV003 and VB003.");
    }
    return hosts.stream().map(it -> it.toLowerCase(Locale.ROOT)).anyMatch(this::isLocalhost)
        ? Verdict.passed("localhost is allowed")
        : Verdict.failed(
            "DJANGO_ALLOWED_HOSTS has no localhost",
            "The container's health check is answered with 400, so worker and scheduler never"
                + " start.",
            "Add it, without a blank after the comma, and make the containers anew:",
            "  docker compose up -d");
  }

  private boolean isLocalhost(String host) {
    return host.equals("localhost") || host.equals(".localhost") || host.equals("*");
  }

  private Verdict origins() {
    if (!production()) {
      return onlyProduction("trusted origins");
    }
    var origins = django().csrfOrigins();
    return origins.isEmpty()
        ? Verdict.failed(
            "DJANGO_CSRF_TRUSTED_ORIGINS is empty",
            "Behind a proxy, forms such as the one to sign in may be refused.",
            "Set it to the origin of SITE_URL, such as https://validibot.acme.org.")
        : Verdict.passed(String.join(", ", origins));
  }

  private Verdict schemes() {
    var origins = django().csrfOrigins();
    if (origins.isEmpty()) {
      return Verdict.skipped("There are no trusted origins.");
    }
    var without = origins.stream().filter(it -> !it.contains("://")).toList();
    if (!without.isEmpty()) {
      return found(
          "without a scheme: " + String.join(", ", without),
          "Django's own checks refuse them, so no management command runs.",
          "Write https:// before each in DJANGO_CSRF_TRUSTED_ORIGINS.");
    }
    var useless = origins.stream().filter(it -> !it.matches("https?://[^/\\s]+")).toList();
    return useless.isEmpty()
        ? Verdict.passed(String.join(", ", origins))
        : Verdict.warning(
            "no browser sends these: '" + String.join("', '", useless) + "'",
            "An origin is a scheme and a host, with no blank before and nothing after.",
            "Correct them in DJANGO_CSRF_TRUSTED_ORIGINS.");
  }

  private Verdict adminUrl() {
    if (!production()) {
      return onlyProduction("a secret address of the admin");
    }
    return django().adminUrl().equals("admin/")
        ? Verdict.failed(
            "the admin is at admin/" + defaulted("DJANGO_ADMIN_URL"),
            "Everybody who looks for a way in looks there first.",
            "Set DJANGO_ADMIN_URL to a path nobody guesses, with a slash at its end:",
            "  echo \"DJANGO_ADMIN_URL=$(openssl rand -hex 8)/\"")
        : Verdict.passed("DJANGO_ADMIN_URL is not the default");
  }

  private Verdict adminSlash() {
    var path = django().adminUrl();
    var problem =
        path.isBlank()
            ? "is empty, so the admin takes the place of the whole site"
            : path.startsWith("/")
                ? "begins with a slash, so no address matches it"
                : !path.endsWith("/") ? "does not end in a slash, so its pages are not found" : "";
    return problem.isEmpty()
        ? Verdict.passed("it ends in a slash")
        : found(
            "DJANGO_ADMIN_URL " + problem,
            "Django glues the names of the admin's pages to it as it stands.",
            "Write it like back-office-4711/.");
  }

  private Verdict redirect() {
    if (!production()) {
      return onlyProduction("https");
    }
    return django().variables().flag("DJANGO_SECURE_SSL_REDIRECT", true)
        ? Verdict.passed(
            "DJANGO_SECURE_SSL_REDIRECT is on" + defaulted("DJANGO_SECURE_SSL_REDIRECT"))
        : Verdict.failed(
            "DJANGO_SECURE_SSL_REDIRECT is off",
            "Pages are served over http, and passwords are sent in clear.",
            "Remove it: it is on by default.");
  }

  private Verdict hsts() {
    if (!production()) {
      return onlyProduction("https");
    }
    var text = django().variables().text("DJANGO_SECURE_HSTS_SECONDS");
    if (text.filter(it -> !it.strip().matches("[+-]?\\d{1,9}")).isPresent()) {
      return Verdict.skipped("DJANGO_SECURE_HSTS_SECONDS is no number: see PDV003.");
    }
    var seconds = text.map(it -> Integer.parseInt(it.strip())).orElse(YEAR);
    var fact = "DJANGO_SECURE_HSTS_SECONDS is " + seconds + defaulted("DJANGO_SECURE_HSTS_SECONDS");
    var why = "A browser that was once here may be led to http again.";
    var fix = "Remove it: the default is a year.";
    if (seconds <= 0) {
      return Verdict.failed(fact, why, fix);
    }
    return seconds < MONTH
        ? Verdict.warning(fact + ", less than a month", why, fix)
        : Verdict.passed(fact);
  }

  private Verdict cookies() {
    return production()
        ? Verdict.passed(
            "Secure is set by production's settings, whatever a variable says; PDV904 looks")
        : Verdict.info("cookies travel over http, as it is for every local stack");
  }

  private Verdict digestKey() {
    if (!production()) {
      return onlyProduction("a key for API keys");
    }
    var variables = django().variables();
    var key = variables.find("DJANGO_API_KEY_DIGEST_KEY").map(Setting::value);
    if (key.isEmpty()) {
      return missing("DJANGO_API_KEY_DIGEST_KEY");
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

  private Verdict mfaKey() {
    var key = django().variables().text("DJANGO_MFA_ENCRYPTION_KEY");
    if (key.isEmpty()) {
      return production() ? missing("DJANGO_MFA_ENCRYPTION_KEY") : onlyProduction("an MFA key");
    }
    if (!Refusals.isFernetKey(key.get())) {
      return production()
          ? Verdict.skipped("DJANGO_MFA_ENCRYPTION_KEY is malformed: see PDV003.")
          : Verdict.warning("DJANGO_MFA_ENCRYPTION_KEY is no Fernet key", "Nobody can use MFA.");
    }
    var bytes = java.util.Base64.getUrlDecoder().decode(key.get());
    var text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    return weakness(text)
        .or(() -> Placeholders.mark(key.get()).map(it -> "is a placeholder"))
        .map(
            it ->
                found(
                    "DJANGO_MFA_ENCRYPTION_KEY " + it,
                    "Whoever has a copy of the database can then make anybody's one-time codes.",
                    "Set a new one, and have everybody set up MFA again."))
        .orElseGet(() -> Verdict.passed("a Fernet key"));
  }

  private String defaulted(String name) {
    return examined.django().variables().find(name).isEmpty() ? " (the default)" : "";
  }
}
