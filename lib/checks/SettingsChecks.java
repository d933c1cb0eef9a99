package lib.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.settings.Ineffective;
import lib.settings.Placeholders;
import lib.settings.Refusals;
import lib.settings.Refusals.Refusal;
import lib.settings.SettingsFile;
import lib.settings.Variables;
import lib.target.CannotVerify;

/** Whether the settings can be read, start Validibot, and do what they look like. */
final class SettingsChecks {

  static final String PDV002 = "PDV002";
  static final String PDV003 = "PDV003";

  /** What the database's URL does not survive, built from POSTGRES_* (compose.md section 2). */
  private static final Pattern BREAKS_A_URL = Pattern.compile("[/?]|%[0-9A-Fa-f]{2}");

  private static final Pattern SECRET = Pattern.compile("SECRET|PASSWORD|TOKEN|KEY|REDIS_URL");

  /** Whose placeholders another check judges: keys, tokens, mail servers and the site's domain. */
  private static final Pattern JUDGED_ELSEWHERE =
      Pattern.compile(
          "DJANGO_(?:SECRET|API_KEY_DIGEST|MFA_ENCRYPTION)_KEY|POSTMARK_SERVER_TOKEN"
              + "|VALIDIBOT_SITE_(?:DOMAIN|NAME)");

  private final Examined examined;

  SettingsChecks(Examined examined) {
    this.examined = examined;
  }

  Category category() {
    return new Category(
        "settings",
        "Settings",
        "settings",
        List.of(
            Check.of("PDV001", "All settings belong to one deployment", this::oneDeployment),
            Check.of(PDV002, "Env files can be read", this::readable),
            Check.of(PDV003, "Validibot starts with these settings", this::starts).needing(PDV002),
            Check.of("PDV004", "Every setting has an effect", this::effective).needing(PDV002),
            Check.of(
                    "PDV005",
                    "Containers run with the settings of the files",
                    new DriftCheck(examined)::verdict)
                .needing(PDV002),
            Check.of("PDV006", "Password survives in the database URL", this::password)
                .needing(PDV002),
            Check.of("PDV007", "Env files are private", this::privateFiles),
            Check.of("PDV008", "No setting is a placeholder", this::noPlaceholder)
                .needing(PDV002)));
  }

  private Verdict oneDeployment() {
    var gathered = examined.gathered();
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

  private Verdict readable() {
    var files = examined.gathered().files();
    if (files.isEmpty()) {
      return Verdict.passed("there are none here: the settings are those of " + source());
    }
    var problems =
        files.stream()
            .flatMap(file -> file.problems().stream().map(it -> file.path() + ", " + it))
            .toList();
    if (problems.isEmpty()) {
      return Verdict.passed(
          files.stream().map(it -> it.path() + ", " + it.values().size() + " variables").toList());
    }
    return Verdict.failed(
        problems,
        examined.django().target() == DeploymentTarget.GCP
            ? "The entrypoint on Google Cloud sources the file with bash, and stops there."
            : "Docker Compose refuses the whole file, and starts nothing.",
        "Correct these lines; single quotes keep a value as it is.");
  }

  private String source() {
    return examined.stack().isPresent() ? "the container" : "the environment";
  }

  private Verdict starts() {
    demandSettings(examined.django().variables());
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
  static void demandSettings(Variables variables) {
    if (variables.ours().stream().noneMatch(it -> it.startsWith("DJANGO_"))) {
      throw new CannotVerify(
          "no env file and no container was found, and no DJANGO_* variable is set here: the"
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
        "  docker compose -p "
            + examined.stack().map(it -> it.project()).orElse("validibot")
            + " exec postgres sh -c 'psql -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" -c"
            + " \"\\password\"'");
  }

  private Verdict privateFiles() throws IOException {
    var files = examined.gathered().files().stream().map(SettingsFile::path).toList();
    if (files.isEmpty()) {
      return Verdict.skipped("There are no env files here.");
    }
    if (!files.get(0).getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return Verdict.skipped("This file system has no POSIX permissions.");
    }
    var open = new ArrayList<Path>();
    for (var file : files) {
      if (isOpen(file)) {
        open.add(file);
      }
    }
    return open.isEmpty()
        ? Verdict.passed("nobody but owner and group can read them")
        : Verdict.warning(
            open.stream().map(it -> it + " can be read by every user of this machine").toList(),
            "All passwords and keys are in there.",
            open.stream().map(it -> "  chmod o-rwx " + it).toArray(String[]::new));
  }

  /** Whether others may read a file, and get to it through every folder. */
  private static boolean isOpen(Path file) throws IOException {
    var real = file.toRealPath();
    for (var folder = real.getParent(); folder != null; folder = folder.getParent()) {
      if (!Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return Files.getPosixFilePermissions(real).contains(PosixFilePermission.OTHERS_READ);
  }

  private Verdict noPlaceholder() {
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
    var grave = found.stream().anyMatch(it -> it.equals("SITE_URL") || isSecret(it));
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
