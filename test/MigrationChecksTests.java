package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real database has recorded, against what is expected. */
class MigrationChecksTests {

  private static final String RECORD =
      "insert into django_migrations (app, name, applied) values ('%s', '%s', now())";

  /** Before everything else, as a database has it that came through the reset. */
  private static final String RECORD_EARLY =
      "insert into django_migrations (id, app, name, applied) values (%d, '%s', '%s', now())";

  private static final String FORGET =
      "delete from django_migrations where app = '%s' and name = '%s'";

  @TempDir private Path folder;

  private DoctorRun check(Postgres.Database database, String version, String... arguments) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", database.url());
    settings.put("VALIDIBOT_VERSION", version);
    var all = new ArrayList<>(List.of("--only", "migrations"));
    all.addAll(List.of(arguments));
    return DoctorRun.with(settings, folder, all.toArray(String[]::new));
  }

  private DoctorRun check(Postgres.Database database) {
    return check(database, "v0.14.0");
  }

  @Test
  void a_database_of_the_release_is_good() {
    var run = check(Postgres.seeded());

    assertEquals(0, run.outcome().exit());
    assertEquals(List.of("PDV103", "PDV104", "VB101", "VB102", "VB103"), run.ids("ok"));
    assertTrue(run.message("VB103").contains("147, from the list of release 0.14.0"));
  }

  @Test
  void a_pending_migration_is_named() {
    var database =
        Postgres.seeded()
            .run(FORGET.formatted("validations", "0037_validationrun_definition_released_at"));

    var run = check(database);

    assertEquals(1, run.outcome().exit());
    assertEquals(List.of("VB102"), run.ids("error", "warn", "fatal"));
    assertTrue(
        run.message("VB102")
            .contains("1 not applied: validations.0037_validationrun_definition_released_at"));
  }

  @Test
  void a_pending_migration_of_a_package_is_named() {
    var run = check(Postgres.seeded().run(FORGET.formatted("mfa", "0003_authenticator_type_uniq")));

    assertEquals(List.of("VB102"), run.ids("error", "warn", "fatal"));
  }

  @Test
  void without_a_web_container_nothing_is_applied_from_here() {
    var database = Postgres.seeded().run(FORGET.formatted("core", "0001_initial"));

    var run = check(database, "v0.14.0", "--fix");

    assertEquals(1, run.outcome().exit());
    assertFalse(run.check("VB102").get("fixed").getAsBoolean());
    assertTrue(run.check("VB102").get("fix_hint").getAsString().contains("migrate --noinput"));
  }

  @Test
  void an_empty_database_is_one_error() {
    var run =
        check(
            Postgres.empty(),
            "v0.14.0",
            "--only",
            "initialization,database,migrations,site,roles,validators");

    assertEquals(1, run.outcome().exit());
    assertEquals(List.of("PDV104"), run.ids("error", "warn", "fatal"));
  }

  @Test
  void an_empty_database_follows_from_settings_that_no_command_starts_with() {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", Postgres.empty().url());
    settings.put("DJANGO_MFA_ENCRYPTION_KEY", "replace-with-a-fernet-key");

    var run = DoctorRun.with(settings, folder, "--only", "settings,migrations,initialization");

    assertEquals(List.of("PDV003"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("PDV104").startsWith("Follows from PDV003"), run.message("PDV104"));
  }

  @Test
  void a_missing_table_is_named() {
    var run = check(Postgres.seeded().run("drop table users_role"));

    assertEquals(List.of("PDV104"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("PDV104").contains("missing: users_role"));
  }

  @Test
  void a_migration_newer_than_the_release_is_named() {
    var run = check(Postgres.seeded().run(RECORD.formatted("validations", "0038_from_tomorrow")));

    assertEquals(List.of("PDV103"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("PDV103").contains("validations.0038_from_tomorrow"));
  }

  @Test
  void a_newer_migration_of_an_app_that_was_never_cut_is_named() {
    var run = check(Postgres.seeded().run(RECORD.formatted("core", "0007_from_tomorrow")));

    assertEquals(List.of("PDV103"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("PDV103").contains("core.0007_from_tomorrow"));
  }

  @Test
  void what_the_reset_left_is_normal() {
    var database =
        Postgres.seeded()
            .run(
                // below the cut line, whenever it was applied
                RECORD.formatted("validations", "0025_deleted"),
                // above it, and before the marker
                RECORD_EARLY.formatted(-3, "validations", "0049_deleted"),
                RECORD_EARLY.formatted(-2, "users", "0011_deleted"),
                // in apps without a marker
                RECORD_EARLY.formatted(-1, "projects", "0005_deleted"),
                RECORD_EARLY.formatted(0, "gone", "0001_initial"));

    var run = check(database);

    assertEquals(0, run.outcome().exit());
    assertEquals("ok", run.status("PDV103"));
  }

  @Test
  void the_tables_of_another_edition_are_normal() {
    var run = check(Postgres.seeded().run(RECORD.formatted("validibot_pro", "0001_initial")));

    assertEquals(0, run.outcome().exit());
  }

  @Test
  void a_database_from_before_the_reset_cannot_be_migrated() {
    var database =
        Postgres.seeded()
            .run(
                FORGET.formatted("validations", "0026_current_schema"),
                RECORD_EARLY.formatted(-2, "validations", "0026_deleted"),
                RECORD_EARLY.formatted(-1, "validations", "0027_deleted"),
                RECORD_EARLY.formatted(0, "projects", "0005_deleted"));

    var run = check(database);

    assertEquals(List.of("PDV103"), run.ids("error", "warn", "fatal"));
    assertTrue(
        run.message("PDV103").contains("validations.0026_deleted, validations.0027_deleted"));
    assertTrue(run.message("PDV103").contains("before the reset"));
  }

  @Test
  void a_database_from_before_the_reset_that_can_be_migrated_has_pending_ones() {
    var database =
        Postgres.seeded()
            .run(
                "delete from django_migrations where name like '%\\_current\\_schema'",
                RECORD_EARLY.formatted(-1, "validations", "0025_deleted"),
                RECORD_EARLY.formatted(0, "projects", "0005_deleted"));

    var run = check(database);

    assertEquals(List.of("VB102"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("VB102").contains("5 not applied"));
  }

  @Test
  void a_release_without_a_list_asks_for_a_checkout() {
    var run = check(Postgres.seeded(), "v0.14.1");

    assertEquals(0, run.outcome().exit());
    assertEquals(List.of("PDV103", "VB102", "VB103"), run.ids("skipped"));
    assertTrue(run.message("VB103").contains("--source DIR"));
  }

  @Test
  void a_checkout_tells_of_its_own_apps() throws IOException {
    var source = checkout("core/migrations/0006_credentialverificationkey.py");
    var database =
        Postgres.seeded().run("delete from django_migrations where app in ('core', 'mfa')");

    var run = check(database, "v0.15.0", "--source", source.toString());

    assertEquals(List.of("VB102"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("VB102").contains("1 not applied: core.0006_credentialverificationkey"));
    assertTrue(run.message("VB103").contains("the files below " + source));
  }

  @Test
  void a_checkout_of_an_older_release_knows_no_reset() throws IOException {
    var source = checkout("users/migrations/0001_initial.py");
    var database =
        Postgres.seeded()
            .run("delete from django_migrations where app = 'users' and name <> '0001_initial'");

    var good = check(database, "v0.9.0", "--source", source.toString());
    database.run(RECORD.formatted("users", "0004_current_schema"));
    var newer = check(database, "v0.9.0", "--source", source.toString());

    assertEquals(0, good.outcome().exit());
    assertEquals(List.of("PDV103"), newer.ids("error", "warn", "fatal"));
  }

  @Test
  void an_app_that_the_image_does_not_have_is_not_newer() {
    var database = Postgres.seeded().run(RECORD.formatted("silk", "0001_initial"));

    var run = check(database, "v0.14.0");

    assertEquals(List.of(), run.ids("error", "warn", "fatal"));
    assertEquals(
        "not judged, because nothing is known of these apps: silk",
        run.check("PDV103").get("details").getAsString());
  }

  @Test
  void a_folder_that_is_no_checkout_is_not_taken_for_one() {
    var run = check(Postgres.seeded(), "v0.15.0", "--source", folder.toString());

    assertEquals("skipped", run.status("VB103"));
    assertTrue(run.message("VB103").contains("is no checkout of Validibot"));
  }

  private Path checkout(String file) throws IOException {
    var source = folder.resolve("checkout");
    var path = source.resolve("validibot").resolve(file);
    Files.createDirectories(path.getParent());
    Files.createFile(path);
    Files.createFile(path.resolveSibling("__init__.py"));
    Files.createDirectories(source.resolve("validibot/home"));
    return source;
  }
}
