package lib.checks;

import java.sql.SQLException;
import java.util.List;

/**
 * The sessions in which a Beat asks the database for its schedule, every 5 seconds (compose.md
 * section 4).
 */
record BeatSessions(Database database) {

  private static final String LOOKS =
      """
      select pid, coalesce(host(client_addr), ''),
        extract(epoch from clock_timestamp() - query_start)::float8
      from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and starts_with(query, 'SELECT "django_celery_beat_periodictasks"."ident"')
      order by query_start desc\
      """;

  private static final String HIDDEN =
      """
      select 1 from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and (query = '<insufficient privilege>' and usename <> current_user or state = 'disabled')
      limit 1\
      """;

  private static final String LAST_RUNS =
      """
      select t.name, i.every, extract(epoch from now() - t.last_run_at)::float8
      from django_celery_beat_periodictask t
      join django_celery_beat_intervalschedule i on i.id = t.interval_id
      where t.enabled and i.period = 'minutes' and t.last_run_at is not null
      order by t.last_run_at desc\
      """;

  /**
   * A session that asked what Beat asks.
   *
   * @param address of the one who asked; empty for a Unix socket
   * @param age seconds since it asked
   */
  record Look(String pid, String address, double age) {

    /** Of a Beat that lives, the last look is never longer ago than 5 s. */
    boolean isFresh() {
      return age < 10;
    }
  }

  /**
   * A task that has run.
   *
   * @param minutes between two runs
   * @param age seconds since the last one
   */
  record Ran(String name, int minutes, double age) {

    /** The time of a run is written up to 3 minutes after it. */
    boolean isLate() {
      return age > (minutes + 5) * 60;
    }
  }

  /** All of them, the one that asked last first. */
  List<Look> looks() throws SQLException {
    return database.rows(
        LOOKS, row -> new Look(row.getString(1), row.getString(2), row.getDouble(3)));
  }

  /** Whether there are sessions whose queries this role is not shown. */
  boolean areHidden() throws SQLException {
    return database.value(HIDDEN).isPresent();
  }

  /** The enabled tasks of an interval that have run at all, the latest first. */
  List<Ran> lastRuns() throws SQLException {
    return database.rows(
        LAST_RUNS, row -> new Ran(row.getString(1), row.getInt(2), row.getDouble(3)));
  }
}
