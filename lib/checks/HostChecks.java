package lib.checks;

import java.util.Locale;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.settings.Django;

/** Whether the hosts and origins that are served are named, and named as Django compares them. */
record HostChecks(Examined examined) {

  private Django django() {
    return SecurityChecks.settings(examined);
  }

  Verdict allowed() {
    if (examined.django().target().production()
        && django().variables().find("DJANGO_ALLOWED_HOSTS").isEmpty()) {
      return SecurityChecks.missing("DJANGO_ALLOWED_HOSTS");
    }
    var hosts = examined.django().allowedHosts();
    if (hosts.isEmpty()) {
      return SecurityChecks.found(
          django(),
          "DJANGO_ALLOWED_HOSTS is empty",
          "Every request is answered with 400.",
          "Set it to the host of SITE_URL, a comma, and localhost.");
    }
    return hosts.contains("*")
        ? SecurityChecks.found(
            django(),
            "DJANGO_ALLOWED_HOSTS allows every name (*)",
            "A forged Host header ends up in links, such as those that reset passwords.",
            "Name the hosts: that of SITE_URL, and localhost.")
        : Verdict.passed(String.join(", ", hosts));
  }

  Verdict localhost() {
    if (examined.django().target() != DeploymentTarget.SELF_HOSTED) {
      return Verdict.skipped("The health check that asks for localhost is that of self_hosted.");
    }
    var hosts = django().allowedHosts();
    if (hosts.isEmpty()) {
      return Verdict.skipped("DJANGO_ALLOWED_HOSTS names no host at all: see PDV003 and VB003.");
    }
    return hosts.stream().map(it -> it.toLowerCase(Locale.ROOT)).anyMatch(HostChecks::isLocalhost)
        ? Verdict.passed("localhost is allowed")
        : Verdict.failed(
            "DJANGO_ALLOWED_HOSTS has no localhost",
            "The container's health check is answered with 400, so worker and scheduler never"
                + " start.",
            "Add it, without a blank after the comma, and make the containers anew:",
            examined.compose("up -d"));
  }

  private static boolean isLocalhost(String host) {
    return host.equals("localhost") || host.equals(".localhost") || host.equals("*");
  }

  Verdict origins() {
    if (!examined.django().target().production()) {
      return SecurityChecks.onlyProduction("trusted origins");
    }
    var origins = django().csrfOrigins();
    return origins.isEmpty()
        ? Verdict.failed(
            "DJANGO_CSRF_TRUSTED_ORIGINS is empty",
            "Behind a proxy, forms such as the one to sign in may be refused.",
            "Set it to the origin of SITE_URL, such as https://validibot.acme.org.")
        : Verdict.passed(String.join(", ", origins));
  }

  Verdict schemes() {
    var origins = django().csrfOrigins();
    if (origins.isEmpty()) {
      return Verdict.skipped("There are no trusted origins.");
    }
    var without = origins.stream().filter(it -> !it.contains("://")).toList();
    if (!without.isEmpty()) {
      return SecurityChecks.found(
          django(),
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
}
