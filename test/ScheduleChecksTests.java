package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schedule of Beat, in a real database. */
class ScheduleChecksTests {

  @TempDir private Path folder;

  private DoctorRun check(Postgres.Database database, String... arguments) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", database.url());
    var all = new java.util.ArrayList<>(List.of("--only", "VB402,PDV401,PDV407"));
    all.addAll(List.of(arguments));
    return DoctorRun.with(settings, folder, all.toArray(String[]::new));
  }

  private static void only(String status, DoctorRun run, String id, String message) {
    assertEquals(List.of(id), run.ids("error", "warn", "fatal"));
    assertEquals(status, run.status(id));
    assertTrue(run.message(id).contains(message), run.message(id));
  }

  @Test
  void a_seeded_schedule_is_complete_but_for_the_known_defect() {
    var run = check(Postgres.seeded());

    assertEquals(0, run.outcome().exit());
    assertEquals(List.of(), run.ids("error", "warn", "fatal"));
    assertEquals(List.of("PDV401"), run.ids("info"));
    assertTrue(run.message("PDV401").contains("validibot.send_periodic_emails: a known defect"));
  }

  @Test
  void what_is_missing_is_named_though_beat_has_rows_of_its_own() {
    var database =
        Postgres.seeded()
            .run("delete from django_celery_beat_periodictask where name like 'Cleanup St%'");

    only("error", check(database), "VB402", "missing: Cleanup Stuck Runs");
  }

  @Test
  void a_schedule_that_is_all_disabled_is_broken() {
    var database =
        Postgres.seeded()
            .run(
                "update django_celery_beat_periodictask set enabled = false"
                    + " where name <> 'celery.backend_cleanup'");

    only("error", check(database), "VB402", "disabled: Purge Expired Submissions");
  }

  @Test
  void one_that_somebody_disabled_is_a_warning() {
    var database =
        Postgres.seeded()
            .run(
                "update django_celery_beat_periodictask set enabled = false"
                    + " where name = 'Send Periodic Emails'");

    var run = check(database);

    only("warn", run, "VB402", "disabled: Send Periodic Emails");
    assertEquals("skipped", run.status("PDV401"), "no worker tells what it knows");
  }

  @ParameterizedTest
  @CsvSource({
    "start_time = '2999-12-31 00:00+00', not before 2999-12-31 00:00 UTC",
    "expires = '2026-01-01 00:00+00', expired 2026-01-01 00:00 UTC",
    "one_off = true, to run once only",
    "queue = 'fast', sent to the queue fast",
    "exchange = 'other', sent to the exchange other",
    "routing_key = 'other', sent with the routing key other"
  })
  void an_enabled_row_that_does_not_run_is_named_with_the_reason(String change, String reason) {
    var database =
        Postgres.seeded()
            .run(
                "update django_celery_beat_periodictask set "
                    + change
                    + " where name = 'Clear Sessions'");

    only("warn", check(database), "VB402", "workers: Clear Sessions (" + reason + ")");
  }

  @Test
  void bounds_that_let_a_row_run_are_none() {
    var database =
        Postgres.seeded()
            .run(
                "update django_celery_beat_periodictask set start_time = '2026-01-01',"
                    + " expires = '2999-01-01', queue = 'celery', routing_key = ''");

    assertEquals("ok", check(database).status("VB402"));
  }

  @Test
  void a_doubled_interval_or_cron_time_is_a_warning_when_validibot_looks_it_up() {
    var database =
        Postgres.seeded()
            .run(
                "insert into django_celery_beat_intervalschedule (every, period)"
                    + " values (10, 'minutes'), (7, 'days'), (7, 'days')",
                "insert into django_celery_beat_crontabschedule (minute, hour, day_of_month,"
                    + " month_of_year, day_of_week, timezone)"
                    + " values ('0', '3', '*', '*', '*', 'Europe/Berlin')");

    only(
        "warn",
        check(database),
        "PDV407",
        "more than once: 0 3 * * * (crontab rows 2, 8); every 10 minutes (interval rows 2, 3)");
  }

  @Test
  void another_rhythm_is_a_warning() {
    var database =
        Postgres.seeded()
            .run(
                "update django_celery_beat_periodictask set interval_id = 2"
                    + " where name = 'Purge Expired Outputs'",
                "update django_celery_beat_periodictask set crontab_id = 1"
                    + " where name = 'Clear Sessions'");

    only("warn", check(database), "VB402", "time than Validibot's: Purge Expired Outputs, Clear");
  }

  @Test
  void a_row_that_calls_another_task_is_broken() {
    var database =
        Postgres.seeded()
            .run(
                "update django_celery_beat_periodictask set task = 'validibot.send_periodic_emails'"
                    + " where name = 'Clear Sessions'");

    only("error", check(database), "VB402", "another task than Validibot's: Clear Sessions");
  }

  @Test
  void fixing_adds_what_is_missing_and_uses_what_is_there() {
    var database =
        Postgres.seeded()
            .run(
                "delete from django_celery_beat_periodictask where name in"
                    + " ('Clear Sessions', 'Purge Expired Outputs')",
                "delete from django_celery_beat_crontabschedule where hour = '2' and minute = '0'",
                "update django_celery_beat_periodictasks set last_update = '2026-01-01'",
                "update django_celery_beat_periodictask set enabled = false"
                    + " where name = 'Cleanup Stuck Runs'");

    var run = check(database, "--fix");
    var again = check(database, "--fix");

    assertEquals(List.of("VB402"), run.ids("warn"));
    assertTrue(run.message("VB402").startsWith("disabled: Cleanup Stuck Runs"));
    assertEquals(run.message("VB402"), again.message("VB402"));
    assertEquals(
        "11 2 7 f",
        database.value(
            """
            select concat_ws(' ', (select count(*) from django_celery_beat_periodictask),
              (select count(*) from django_celery_beat_intervalschedule),
              (select count(*) from django_celery_beat_crontabschedule),
              (select enabled from django_celery_beat_periodictask
                where name = 'Cleanup Stuck Runs'))\
            """));
    assertEquals(
        "t",
        database.value(
            "select last_update > now() - interval '5 minutes'"
                + " from django_celery_beat_periodictasks"));
  }

  @Test
  void two_fixes_at_once_are_one() {
    var database =
        Postgres.seeded()
            .run(
                "delete from django_celery_beat_periodictask",
                "delete from django_celery_beat_intervalschedule",
                "delete from django_celery_beat_crontabschedule");

    var other = CompletableFuture.supplyAsync(() -> check(database, "--fix"));
    var run = check(database, "--fix");

    assertEquals("ok", run.status("VB402"));
    assertEquals("ok", other.join().status("VB402"));
    assertEquals(
        "10 2 6",
        database.value(
            """
            select concat_ws(' ', (select count(*) from django_celery_beat_periodictask),
              (select count(*) from django_celery_beat_intervalschedule),
              (select count(*) from django_celery_beat_crontabschedule))\
            """));
  }

  @Test
  void a_database_that_is_not_migrated_is_for_others_to_tell() {
    var run = check(Postgres.empty());

    assertEquals(List.of("PDV104"), run.ids("error", "warn", "fatal"));
    assertEquals("skipped", run.status("VB402"));
  }

  @Test
  void on_google_cloud_there_is_nothing_to_ask() {
    var run = check(Postgres.seeded(), "--target", "gcp");

    assertEquals(List.of("PDV401", "PDV407", "VB402"), run.ids("skipped"));
  }
}
