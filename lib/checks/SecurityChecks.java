package lib.checks;

import java.util.List;
import java.util.concurrent.Callable;
import lib.report.Verdict;
import lib.settings.Django;

/** Whether the settings keep strangers out (validibot.md section 6, VB001 to VB008). */
final class SecurityChecks {

  private static final int YEAR = 31_536_000;
  private static final int MONTH = 2_592_000;

  private final Examined examined;

  SecurityChecks(Examined examined) {
    this.examined = examined;
  }

  Category category() {
    var keys = new KeyChecks(examined);
    var hosts = new HostChecks(examined);
    return new Category(
        "security",
        "Security settings",
        "settings",
        List.of(
            check("VB001", "DEBUG is off", this::debug),
            check("VB002", "Secret key is strong", keys::secret),
            check("VB003", "Only named hosts are served", hosts::allowed),
            check("PDV014", "Health check may ask for localhost", hosts::localhost),
            check("VB004", "Trusted origins are set", hosts::origins),
            // one that is written wrongly is not that of SITE_URL, which is worse
            check("PDV011", "Trusted origins have a scheme", hosts::schemes).explainedBy("PDV804"),
            check("VB005", "Admin is not where everybody looks", this::adminUrl),
            check("PDV012", "Admin's pages can be found", this::adminSlash),
            check("VB006", "http is sent on to https", this::redirect),
            check("PDV013", "Browsers are told to stay on https (HSTS)", this::hsts),
            check("VB007", "Cookies travel only over https", this::cookies).needing("VB001"),
            check("VB008", "API keys are hashed with a key of their own", keys::digest),
            check("PDV010", "MFA secrets are encrypted with a key of their own", keys::mfa)));
  }

  private static Check check(String id, String title, Callable<Verdict> question) {
    // A file that its reader refuses says nothing; its one error is PDV002.
    return Check.of(id, title, question).needing(SettingsChecks.PDV002);
  }

  private Django django() {
    return settings(examined);
  }

  /**
   * The settings, where they are known.
   *
   * @throws lib.target.CannotVerify where they are not
   */
  static Django settings(Examined examined) {
    SettingsChecks.demandSettings(examined);
    return examined.django();
  }

  private boolean production() {
    return examined.django().target().production();
  }

  /** A finding: an error in production, a warning where DEBUG is on. */
  static Verdict found(Django django, String fact, String why, String... fix) {
    return django.target().production()
        ? Verdict.failed(fact, why, fix)
        : Verdict.warning(fact, why, fix);
  }

  static Verdict onlyProduction(String what) {
    return Verdict.skipped("A local stack does without " + what + ".");
  }

  /** Without it production does not start, which is told once. */
  static Verdict missing(String name) {
    return Verdict.skipped(name + " is not set: see " + SettingsChecks.PDV003 + ".");
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
            django(),
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

  private String defaulted(String name) {
    return examined.django().variables().find(name).isEmpty() ? " (the default)" : "";
  }
}
