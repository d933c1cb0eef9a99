package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a real hot standby, which can be read and never written. */
class StandbyTests {

  @TempDir private Path folder;

  @Test
  void a_standby_is_told_and_nothing_of_it_can_be_mended() {
    var standby =
        Postgres.standby(
            "delete from users_role where code = 'AUTHOR'",
            "create table django_cache (cache_key text, value text, expires timestamptz)");
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", standby.url());
    var reading = "database,migrations,initialization,cache,site,roles,validators";

    var run = DoctorRun.with(settings, folder, "--only", reading);
    var fixed = DoctorRun.with(settings, folder, "--only", reading, "--fix");

    assertEquals(List.of("PDV105", "VB810"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("PDV105").contains("standby"), run.message("PDV105"));
    assertTrue(run.message("VB502").startsWith("Follows from PDV105"), run.message("VB502"));
    assertEquals(List.of("PDV105", "VB810"), fixed.ids("error", "warn", "fatal"));
    assertFalse(fixed.check("VB810").get("fixed").getAsBoolean());
    assertTrue(fixed.message("VB810").contains("--fix failed: the database takes no writes"));
    fixed.outcome().exits(1).errContains("VB810: failed: the database takes no writes");
  }
}
