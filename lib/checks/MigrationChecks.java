package lib.checks;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.checks.Check.Repair;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;

/** Whether database and image fit together. */
final class MigrationChecks {

  /** Tables of every known release; without one of them Validibot is not installed here. */
  private static final List<String> TABLES =
      List.of(
          "django_migrations",
          "django_content_type",
          "auth_permission",
          "django_site",
          "users_role",
          "validations_validator",
          "django_celery_beat_periodictask");

  private static final String EMPTY = "none of Validibot's tables is there";
  private static final int SHOWN = 10;

  private final Examined examined;
  private final ManagePy managePy;
  private final ExpectedMigrations expected;

  MigrationChecks(Examined examined) {
    this.examined = examined;
    this.managePy = new ManagePy(examined);
    this.expected = new ExpectedMigrations(examined);
  }

  Category category() {
    return new Category(
        "migrations",
        "Migrations",
        "database",
        List.of(
            Check.of("PDV104", "Database has Validibot's tables", this::hasTables)
                .needing("VB101")
                // nothing migrates an empty database as long as every command refuses to start
                .explainedBy(it -> it.facts().contains(EMPTY), SettingsChecks.PDV003)
                .repairedBy(this::migrate),
            Check.of("VB103", "Expected migrations are known", this::known),
            Check.of("PDV103", "No migration is newer than the image", this::noneNewer)
                .needing("PDV104", "VB103"),
            Check.of("VB102", "All migrations are applied", this::allApplied)
                .needing("PDV104", "VB103", "PDV103")
                .repairedBy(this::migrate)));
  }

  /** The cheap need of every check that reads a table: one pending migration hides none of them. */
  private Verdict hasTables() throws SQLException {
    var missing = new ArrayList<String>();
    for (var table : TABLES) {
      if (!examined.theDatabase().hasTable(table)) {
        missing.add(table);
      }
    }
    return missing.isEmpty()
        ? Verdict.passed("those that every release has")
        : Verdict.failed(
            missing.size() == TABLES.size() ? EMPTY : "missing: " + String.join(", ", missing),
            "Nothing works before the migrations are applied.",
            fix());
  }

  private Verdict known() {
    var found = expected.find();
    var count = found.files().own().values().stream().mapToInt(it -> it.size()).sum();
    return Verdict.passed("%d, from %s".formatted(count, found.source()));
  }

  private Verdict noneNewer() throws SQLException {
    var found = expected.find();
    var history = MigrationHistory.of(examined.theDatabase(), found.files());
    var old = history.beforeReset();
    if (!old.isEmpty()) {
      return Verdict.failed(
          "applied, and deleted from this release: " + shown(old),
          "This database is from before the reset of 2026-07-16. This release can neither use nor"
              + " migrate it, and --fake would only hide that.",
          "Go back to the release that the database is of, and back it up. Then begin with an empty"
              + " database.");
    }
    var newer = history.newer();
    return newer.isEmpty()
        ? Verdict.passed("compared with " + found.source()).with(notJudged(history))
        : Verdict.failed(
                "applied, and not in %s: %s".formatted(found.source(), shown(newer)),
                "An older release runs on a newer database, whose changes it does not know.",
                "Run the release that migrated the database, or restore the backup from before"
                    + " that.")
            .with(notJudged(history));
  }

  private static List<String> notJudged(MigrationHistory history) {
    var apps = history.strangers();
    return apps.isEmpty()
        ? List.of()
        : List.of("not judged, because nothing is known of these apps: " + String.join(", ", apps));
  }

  private Verdict allApplied() throws SQLException {
    var found = expected.find();
    var pending = MigrationHistory.of(examined.theDatabase(), found.files()).pending();
    return pending.isEmpty()
        ? Verdict.passed("compared with " + found.source())
        : Verdict.failed(
                "%d not applied: %s".formatted(pending.size(), shown(pending)),
                "Whatever uses what they change fails.",
                fix())
            .with(pending);
  }

  /** The guard comes first, as it does when Validibot itself migrates. */
  private Optional<Repair> migrate() {
    return managePy.repair(
        "apply the migrations (no backup is made before)",
        "check_migration_history",
        "migrate --noinput");
  }

  private String[] fix() {
    var lines = new ArrayList<String>();
    lines.add("After a backup:");
    if (examined.django().target() != DeploymentTarget.GCP) {
      lines.addAll(managePy.byHand("check_migration_history"));
    }
    lines.addAll(managePy.byHand("migrate --noinput"));
    return lines.toArray(String[]::new);
  }

  private static String shown(List<?> migrations) {
    var first = migrations.stream().limit(SHOWN).map(Object::toString).toList();
    var more = migrations.size() - first.size();
    return String.join(", ", first) + (more > 0 ? " and " + more + " more" : "");
  }
}
