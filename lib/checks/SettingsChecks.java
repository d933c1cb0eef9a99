package lib.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.report.Verdict;
import lib.settings.Ineffective;
import lib.settings.Refusals;
import lib.settings.Refusals.Refusal;
import lib.target.CannotVerify;

/** Whether the settings can be read, start Validibot, and do what they look like. */
final class SettingsChecks {

  static final String PDV002 = "PDV002";
  static final String PDV003 = "PDV003";

  /** What the database's URL does not survive, built from POSTGRES_* (compose.md section 2). */
  private static final Pattern BREAKS_A_URL = Pattern.compile("[/?]|%[0-9A-Fa-f]{2}");

  private final Examined examined;

  SettingsChecks(Examined examined) {
    this.examined = examined;
  }

  Category category() {
    var files = new EnvFileChecks(examined);
    return new Category(
        "settings",
        "Settings",
        "settings",
        List.of(
            Check.of("PDV001", "All settings belong to one deployment", this::oneDeployment),
            Check.of(PDV002, "Env files can be read", files::readable),
            Check.of(PDV003, "Validibot starts with these settings", this::starts).needing(PDV002),
            Check.of("PDV004", "Every setting has an effect", this::effective).needing(PDV002),
            Check.of(
                    "PDV005",
                    "Containers run with the settings of the files",
                    new DriftCheck(examined)::verdict)
                .needing(PDV002),
            Check.of("PDV006", "Password survives in the database URL", this::password)
                .needing(PDV002),
            Check.of("PDV007", "Env files are private", files::privateFiles),
            Check.of(
                    "PDV008",
                    "No setting is a placeholder",
                    new PlaceholderCheck(examined)::verdict)
                .needing(PDV002)));
  }

  private Verdict oneDeployment() {
    var gathered = examined.gathered();
    if (!gathered.contradiction().isEmpty()) {
      return Verdict.failed(
          gathered.contradiction(),
          "All checks are those of --target, so what they say may be wrong for this deployment.",
          "Leave --target out, or correct DEPLOYMENT_TARGET.");
    }
    if (!gathered.stranger().isEmpty()) {
      return Verdict.warning(
          "the containers found are not used: " + gathered.stranger(),
          "They seem to be those of another deployment, so nothing was asked of them.",
          "Give the env files of the one that is meant: --env-file FILE, or another"
              + " --compose-project. To look at that stack only, unset the variable.");
    }
    if (gathered.stack().isEmpty()) {
      throw new CannotVerify("no containers were found to compare the settings with");
    }
    return Verdict.passed("project " + gathered.stack().get().project());
  }

  private Verdict starts() {
    demandSettings(examined);
    var refusals = Refusals.of(examined.django());
    if (refusals.isEmpty()) {
      return Verdict.passed("nothing that is refused on " + examined.django().target());
    }
    return Verdict.failed(
        refusals.stream().map(Refusal::fact).toList(),
        "Validibot refuses to start like this, and so does every management command.",
        refusals.stream().flatMap(it -> it.fix().lines()).distinct().toArray(String[]::new));
  }

  /** A lone DATABASE_URL tells nothing about the other settings. */
  static void demandSettings(Examined examined) {
    var known =
        examined.stack().flatMap(it -> it.service("web").or(() -> it.service("worker"))).isPresent()
            || examined.gathered().files().stream().anyMatch(it -> it.path().endsWith(".django"))
            || examined.django().variables().ours().stream()
                .anyMatch(it -> it.startsWith("DJANGO_"));
    if (!known) {
      throw new CannotVerify(
          "neither a .django file nor a container was found, nor is any DJANGO_* variable set: the"
              + " settings are not known");
    }
  }

  private Verdict effective() {
    var found = new ArrayList<>(Ineffective.of(examined.django()));
    overridden().ifPresent(found::add);
    return found.isEmpty()
        ? Verdict.passed("no known variable without one")
        : Verdict.warning(
            found.stream().map(Ineffective.Variable::toString).toList(),
            "Validibot does not read these: whoever set them thinks that they do something.",
            "Set what is meant instead, and remove them.");
  }

  /** Which settings are used is said in the env file, and said otherwise by the Compose file. */
  private Optional<Ineffective.Variable> overridden() {
    var name = "DJANGO_SETTINGS_MODULE";
    var said =
        examined.gathered().files().stream()
            .flatMap(it -> Stream.ofNullable(it.values().get(name)))
            .reduce((first, last) -> last);
    return examined
        .stack()
        .flatMap(it -> it.service("web"))
        .flatMap(it -> it.variable(name))
        .filter(it -> said.isPresent() && !said.get().equals(it))
        .map(
            it ->
                new Ineffective.Variable(
                    name,
                    "the Compose file sets it to %s; put it into .build, or export it"
                        .formatted(it)));
  }

  private Verdict password() {
    var variables = examined.django().variables();
    var password = variables.text("POSTGRES_PASSWORD", "");
    if (variables.text("DATABASE_URL").isPresent()
        || variables.text("CLOUD_SQL_CONNECTION_NAME").isPresent()) {
      return Verdict.skipped("The entrypoint builds no URL here: DATABASE_URL says it.");
    }
    if (password.isEmpty()) {
      return Verdict.skipped("POSTGRES_PASSWORD is not set.");
    }
    var bad = BREAKS_A_URL.matcher(password);
    if (!bad.find()) {
      return Verdict.passed("nothing in it that a URL would change");
    }
    var what = bad.group().startsWith("%") ? "% and two hex digits" : bad.group();
    return Verdict.failed(
        "POSTGRES_PASSWORD has " + what + " in it",
        "The entrypoint puts it into DATABASE_URL as it is: "
            + (what.length() > 1
                ? "the app decodes it, and is refused by the database."
                : "the URL ends there, and the app does not start."),
        "Change the password to letters and digits, in the database too:",
        examined.compose(
            "exec postgres sh -c 'psql -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" -c"
                + " \"\\password\"'"));
  }
}
