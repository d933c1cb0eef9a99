package lib.checks;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import lib.http.Json;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.target.CannotVerify;

/** Whether this is a system, and a version of Validibot, that both sides know. */
final class CompatibilityChecks {

  /** The oldest Ubuntu that is supported (validibot.md section 6, VB030). */
  private static final double OLDEST_UBUNTU = 22.04;

  private static final Pattern RELEASE = Pattern.compile("(\\d{1,3}\\.\\d{2})(?:\\D.*)?");

  private final Examined examined;

  CompatibilityChecks(Examined examined) {
    this.examined = examined;
  }

  Category category() {
    return new Category(
        "compatibility",
        "Compatibility",
        "settings",
        List.of(
            Check.of("VB030", "Operating system is supported", this::system).needing("VB302"),
            Check.of("PDV031", "Version is known", this::version)));
  }

  /** The machine of the engine: the app's own containers are always Debian. */
  private Verdict system() throws IOException {
    if (examined.django().target() != DeploymentTarget.SELF_HOSTED) {
      return Verdict.skipped("Asked of self-hosted deployments only.");
    }
    var info = examined.theEngine().info();
    var name = Json.text(info, "OperatingSystem");
    if (name.isBlank()) {
      throw new CannotVerify("the engine does not tell what it runs on");
    }
    if (!name.toLowerCase(java.util.Locale.ROOT).startsWith("ubuntu")) {
      return Verdict.info(name + ": Validibot is tried on Ubuntu, other systems work as a rule");
    }
    var release = RELEASE.matcher(name.replaceFirst("(?i)^ubuntu\\s*", ""));
    var number = release.matches() ? release.group(1) : Json.text(info, "OSVersion");
    if (!RELEASE.matcher(number).matches()) {
      throw new CannotVerify("the engine does not tell which release it runs on: '" + name + "'");
    }
    return Double.parseDouble(number) >= OLDEST_UBUNTU
        ? Verdict.passed(name)
        : Verdict.failed(
            name + ": older than " + OLDEST_UBUNTU,
            "It gets no security updates, and Validibot is not tried on it.",
            "Upgrade after a backup:",
            "  sudo do-release-upgrade");
  }

  private Verdict version() {
    var told =
        examined
            .version()
            .orElseThrow(
                () -> new CannotVerify("nothing tells which version of Validibot this is"));
    var known = Version.parse(told).filter(Version::isKnown).isPresent();
    return known
        ? Verdict.passed(told)
        : Verdict.warning(
            told + ": not one of the versions 0.4 to 0.14",
            "What the checks expect is what 0.14 has; this version may want something else.",
            "Look for a newer check_validibot.");
  }
}
