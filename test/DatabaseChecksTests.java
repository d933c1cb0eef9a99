package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways in which the connection to a database fails. */
class DatabaseChecksTests {

  @TempDir private Path folder;

  private DoctorRun check(String url) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", url);
    return DoctorRun.with(settings, folder, "--only", "database");
  }

  @Test
  void a_server_without_the_tls_that_is_demanded_is_told_as_such() {
    var run = check(Postgres.seeded().url() + "?sslmode=require");

    assertEquals(List.of("VB101"), run.ids("error", "warn", "fatal"));
    assertTrue(
        run.message("VB101").contains("has no TLS, and DATABASE_URL demands it (sslmode=require)"),
        run.message("VB101"));
    run.outcome().outLacks("PostgreSQL running");
  }
}
