package lib.checks;

import java.sql.SQLException;
import java.util.List;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;

/** Whether Validibot filled its database, from the first step to the last. */
final class InitializationChecks {

  /** The first release that is known to leave the marker (validibot.md section 5.2b). */
  private static final int MARKS_SINCE = 14;

  private final Examined examined;

  InitializationChecks(Examined examined) {
    this.examined = examined;
  }

  Category category() {
    return new Category(
        "initialization",
        "Initialization",
        "site",
        List.of(
            Check.of("PDV800", "Initialization has begun", this::begun)
                .needing("PDV104")
                // web initializes when it starts, and with either of these wrong it does not start
                .explainedBy(SettingsChecks.PDV003, "PDV201"),
            Check.of("PDV801", "Initialization has finished", this::finished).needing("PDV800")));
  }

  /** One error for a database that nobody filled, where every seeded row would be one. */
  private Verdict begun() throws SQLException {
    var database = examined.theDatabase();
    var roles = database.value("select count(*) from users_role").orElse("0");
    var validators =
        database.value("select count(*) from validations_validator where is_system").orElse("0");
    return roles.equals("0") && validators.equals("0")
        ? Verdict.failed(
            "the tables are there, but no role and no system validator is in them",
            "Nobody can be a member of anything, and nothing can be validated.",
            initialize())
        : Verdict.passed("%s roles, %s system validators".formatted(roles, validators));
  }

  private Verdict finished() throws SQLException {
    var database = examined.theDatabase();
    var version =
        database.hasTable("core_sitesettings")
            ? database
                .value(
                    "select data->>'application_initialization_version' from core_sitesettings"
                        + " where slug = 'default'")
                .orElse("")
            : "";
    if (!version.isBlank()) {
      return Verdict.passed("version " + version + " of the initialization");
    }
    var release = Release.of(examined);
    return release.isBefore(0, MARKS_SINCE)
        ? Verdict.skipped(
            "Releases before 0.%d do not record it, and this is %s."
                .formatted(MARKS_SINCE, release))
        : Verdict.failed(
            "core_sitesettings has no application_initialization_version",
            "It ended early: what comes last may be missing, such as help pages and weather files.",
            initialize());
  }

  /** The app's own start does it; setup_validibot would reset the superuser and the site. */
  private String[] initialize() {
    return examined.django().target() == DeploymentTarget.GCP
        ? new String[] {new ManagePy(examined).job("migrate") + " Its log says why it could not."}
        : new String[] {
          "Start web again, which initializes what is not, and read why it could not:",
          examined.compose("restart web"),
          examined.compose("logs --tail 50 web")
        };
  }
}
