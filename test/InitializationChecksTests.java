package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether Validibot filled its database, in a real one. */
class InitializationChecksTests {

  private static final String UNMARK = "update core_sitesettings set data = '{}'";
  private static final String EVERYTHING_SEEDED = "initialization,migrations,site,roles,validators";

  @TempDir private Path folder;

  private DoctorRun check(Postgres.Database database, String version, String groups) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", database.url());
    settings.put("VALIDIBOT_VERSION", version);
    return DoctorRun.with(settings, folder, "--only", groups);
  }

  @Test
  void a_marked_database_is_good() {
    var run = check(Postgres.seeded(), "v0.14.0", "initialization");

    assertEquals(0, run.outcome().exit());
    assertEquals("ok", run.status("PDV801"));
  }

  @Test
  void a_missing_marker_is_one_error() {
    var run = check(Postgres.seeded().run(UNMARK), "v0.14.0", EVERYTHING_SEEDED);

    assertEquals(1, run.outcome().exit());
    assertEquals(List.of("PDV801"), run.ids("error", "warn", "fatal"));
  }

  @Test
  void without_its_row_the_marker_is_missing_too() {
    var database = Postgres.seeded().run("delete from core_sitesettings");

    var run = check(database, "", "initialization");

    assertEquals(List.of("PDV801"), run.ids("error", "warn", "fatal"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v0.4.0", "v0.9.0"})
  void older_releases_leave_no_marker(String version) {
    var run = check(Postgres.seeded().run(UNMARK), version, "initialization");

    assertEquals(0, run.outcome().exit());
    assertEquals("skipped", run.status("PDV801"));
    assertTrue(run.message("PDV801").contains("do not record it"));
  }

  @Test
  void a_release_that_nobody_tells_is_read_off_the_database() {
    var database =
        Postgres.seeded()
            .run(UNMARK, "delete from django_migrations where name like '%_current_schema'");

    var run = check(database, "", "initialization");

    assertEquals("skipped", run.status("PDV801"));
    assertTrue(run.message("PDV801").contains("this is 0.9"));
  }

  @Test
  void a_database_that_nobody_filled_is_one_error() {
    var database =
        Postgres.seeded()
            .run(
                "delete from core_sitesettings",
                "delete from users_role",
                "delete from validations_validator",
                "delete from auth_permission",
                "update django_site set domain = 'validibot.com', name = 'validibot'");

    var run = check(database, "v0.14.0", EVERYTHING_SEEDED);

    assertEquals(List.of("PDV800"), run.ids("error", "warn", "fatal"));
  }
}
