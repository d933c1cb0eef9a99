package lib.checks;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import lib.target.CannotVerify;

/** What Beat should run, and what its tables say (validibot.md sections 3 and 4.3). */
record Schedule(Map<String, Row> rows) {

  /** Beat's own, which is there whatever Validibot does. */
  private static final String BEATS_OWN = "celery.backend_cleanup";

  static final List<Expected> EXPECTED =
      List.of(
          cron("Purge Expired Submissions", "purge_expired_submissions", "0 * * * *"),
          every("Purge Expired Outputs", "purge_expired_outputs", 5),
          every("Process Purge Retries", "process_purge_retries", 5),
          every("Cleanup Stuck Runs", "cleanup_stuck_runs", 10),
          cron("Cleanup Idempotency Keys", "cleanup_idempotency_keys", "0 3 * * *"),
          cron("Cleanup Callback Receipts", "cleanup_callback_receipts", "0 4 * * 0"),
          cron("Clear Sessions", "clear_sessions", "0 2 * * *"),
          cron("Send Periodic Emails", "send_periodic_emails", "0 */6 * * *"),
          every("Cleanup Orphaned Containers", "cleanup_orphaned_containers", 10),
          cron("Enforce Audit Log Retention", "enforce_audit_retention", "30 2 * * *"));

  /**
   * A task that Validibot schedules.
   *
   * @param minutes between two runs; 0 for a cron schedule
   * @param cron minute, hour, day of month, month, day of week; empty for an interval
   */
  record Expected(String name, String task, int minutes, String cron) {

    /** When it runs, as {@link Row#rhythm} has it. */
    String rhythm() {
      return minutes > 0 ? "every " + minutes + " minutes" : cron;
    }
  }

  /**
   * A task that Beat has been told of.
   *
   * @param obstacle why it does not run although it is enabled; empty when nothing keeps it
   */
  record Row(String name, String task, boolean enabled, String rhythm, String obstacle) {

    @Override
    public String toString() {
      return name + (obstacle.isEmpty() ? "" : " (" + obstacle + ")");
    }
  }

  /**
   * Read the tables.
   *
   * @throws CannotVerify when they are not there, which is for the migrations to tell
   */
  static Schedule read(Database database) throws SQLException {
    if (!database.hasTable("django_celery_beat_periodictask")) {
      throw new CannotVerify(
          "the tables of the schedule are not there: the database is not migrated");
    }
    var rows =
        database.rows(
            """
            select t.name, t.task, t.enabled,
              case when i.id is not null then 'every ' || i.every || ' ' || i.period
                when c.id is not null then concat_ws(
                  ' ', c.minute, c.hour, c.day_of_month, c.month_of_year, c.day_of_week)
                else 'neither an interval nor a cron schedule' end,
              case when t.start_time > now() then to_char(
                  t.start_time at time zone 'UTC', '"not before" YYYY-MM-DD HH24:MI "UTC"')
                when t.expires <= now() then to_char(
                  t.expires at time zone 'UTC', '"expired" YYYY-MM-DD HH24:MI "UTC"')
                when t.one_off then 'to run once only'
                when coalesce(nullif(t.queue, ''), 'celery') <> 'celery'
                  then 'sent to the queue ' || t.queue
                when coalesce(nullif(t.exchange, ''), 'celery') <> 'celery'
                  then 'sent to the exchange ' || t.exchange
                when coalesce(nullif(t.routing_key, ''), 'celery') <> 'celery'
                  then 'sent with the routing key ' || t.routing_key
                else '' end
            from django_celery_beat_periodictask t
            left join django_celery_beat_intervalschedule i on i.id = t.interval_id
            left join django_celery_beat_crontabschedule c on c.id = t.crontab_id
            where t.name <> ? order by t.name\
            """,
            row ->
                new Row(
                    row.getString(1),
                    row.getString(2),
                    row.getBoolean(3),
                    row.getString(4),
                    row.getString(5)),
            BEATS_OWN);
    return new Schedule(rows.stream().collect(Collectors.toMap(Row::name, Function.identity())));
  }

  /**
   * Intervals and cron times that Validibot looks up and that are there more than once. The time
   * zone is no part of what it looks for.
   */
  static List<String> doubled(Database database) throws SQLException {
    var wanted = EXPECTED.stream().map(Expected::rhythm).collect(Collectors.toSet());
    var doubled =
        database.rows(
            """
            select 'every ' || every || ' ' || period, 'interval',
              string_agg(id::text, ', ' order by id)
            from django_celery_beat_intervalschedule group by 1 having count(*) > 1
            union all
            select concat_ws(' ', minute, hour, day_of_month, month_of_year, day_of_week),
              'crontab', string_agg(id::text, ', ' order by id)
            from django_celery_beat_crontabschedule group by 1 having count(*) > 1
            order by 2, 1\
            """,
            row -> List.of(row.getString(1), row.getString(2), row.getString(3)));
    return doubled.stream()
        .filter(it -> wanted.contains(it.get(0)))
        .map(it -> "%s (%s rows %s)".formatted(it.get(0), it.get(1), it.get(2)))
        .toList();
  }

  /** Whether a row has the name of one of Validibot's, and calls something else. */
  static boolean isAnothersTask(Row row) {
    return EXPECTED.stream()
        .anyMatch(it -> it.name().equals(row.name()) && !it.task().equals(row.task()));
  }

  /** What is not there at all. */
  List<Expected> missing() {
    return EXPECTED.stream().filter(it -> !rows.containsKey(it.name())).toList();
  }

  private static Expected cron(String name, String task, String cron) {
    return new Expected(name, "validibot." + task, 0, cron);
  }

  private static Expected every(String name, String task, int minutes) {
    return new Expected(name, "validibot." + task, minutes, "");
  }
}
