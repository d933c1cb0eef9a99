package lib.checks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import lib.checks.Database.Work;
import lib.checks.Schedule.Expected;

/**
 * Adds the tasks that Beat was never told of, in one transaction. Interval and cron rows that are
 * there are used again: a second one of the same would make Validibot's own setup fail
 * (validibot.md section 3).
 */
final class ScheduleRepair implements Work<String> {

  /** No constraint but the name is unique: only a lock keeps two runs from adding twice. */
  private static final String LOCK =
      "lock table django_celery_beat_periodictask, django_celery_beat_intervalschedule,"
          + " django_celery_beat_crontabschedule in share row exclusive mode";

  @Override
  public String with(Connection connection) throws SQLException {
    execute(connection, LOCK);
    var added = new ArrayList<String>();
    for (var task : Schedule.EXPECTED) {
      if (number(
              connection,
              "select id from django_celery_beat_periodictask where name = ?",
              task.name())
          < 0) {
        add(connection, task);
        added.add(task.name());
      }
    }
    // Beat looks at this every 5 s, and at the rest only then.
    execute(
        connection,
        "insert into django_celery_beat_periodictasks (ident, last_update) values (1, now())"
            + " on conflict (ident) do update set last_update = now()");
    return added.isEmpty() ? "nothing was missing any more" : "added " + String.join(", ", added);
  }

  private static void add(Connection connection, Expected task) throws SQLException {
    var rhythm = task.minutes() > 0 ? interval(connection, task) : crontab(connection, task);
    var sql =
        "insert into django_celery_beat_periodictask (name, task, "
            + (task.minutes() > 0 ? "interval_id" : "crontab_id")
            + ", args, kwargs, headers, one_off, enabled, total_run_count, date_changed,"
            + " description) values (?, ?, ?, '[]', '{}', '{}', false, true, 0, now(), '')";
    try (var insert = connection.prepareStatement(sql)) {
      insert.setString(1, task.name());
      insert.setString(2, task.task());
      insert.setInt(3, rhythm);
      insert.executeUpdate();
    }
  }

  private static int interval(Connection connection, Expected task) throws SQLException {
    var every = String.valueOf(task.minutes());
    var there =
        number(
            connection,
            "select min(id) from django_celery_beat_intervalschedule"
                + " where every = ?::integer and period = 'minutes'",
            every);
    return there >= 0
        ? there
        : number(
            connection,
            "insert into django_celery_beat_intervalschedule (every, period)"
                + " values (?::integer, 'minutes') returning id",
            every);
  }

  /** The time zone is no part of the key by which Validibot's setup looks for a row. */
  private static int crontab(Connection connection, Expected task) throws SQLException {
    var fields = task.cron().split(" ");
    var there =
        number(
            connection,
            "select min(id) from django_celery_beat_crontabschedule where minute = ? and hour = ?"
                + " and day_of_month = ? and month_of_year = ? and day_of_week = ?",
            fields);
    return there >= 0
        ? there
        : number(
            connection,
            "insert into django_celery_beat_crontabschedule (minute, hour, day_of_month,"
                + " month_of_year, day_of_week, timezone) values (?, ?, ?, ?, ?, 'UTC')"
                + " returning id",
            fields);
  }

  /** The first number of the first row; -1 when there is none. */
  private static int number(Connection connection, String sql, String... parameters)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (var i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (var rows = statement.executeQuery()) {
        if (!rows.next()) {
          return -1;
        }
        var number = rows.getInt(1);
        return rows.wasNull() ? -1 : number;
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
