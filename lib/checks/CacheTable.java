package lib.checks;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import lib.checks.Check.Repair;
import lib.engine.Container;
import lib.engine.Stack;
import lib.http.Http;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;

/** The cache in the database, which a deployment without REDIS_URL has. */
final class CacheTable {

  private static final String TABLE = "django_cache";
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  private final Examined examined;

  CacheTable(Examined examined) {
    this.examined = examined;
  }

  Verdict isThere() throws SQLException {
    if (examined.theDatabase().hasTable(TABLE)) {
      return Verdict.passed("the table " + TABLE + ", because REDIS_URL is not set");
    }
    var what = "REDIS_URL is not set, and the table " + TABLE + " is not there";
    var why = "Django's cache is nowhere: pages that use it fail.";
    return examined.django().target() == DeploymentTarget.GCP
        ? Verdict.failed(
            what, why, "The migration job makes it (createcachetable): execute that job again.")
        : Verdict.failed(
            what,
            why,
            "Set REDIS_URL, which background tasks need, too (redis://redis:6379/0); or make the"
                + " table:",
            examined.compose("exec -T web /entrypoint python manage.py createcachetable"));
  }

  /** Write, read and delete a row in one transaction: if that ends early, nothing was written. */
  Verdict keeps(String key, String value) throws SQLException {
    try {
      var kept = examined.theDatabase().transaction(it -> roundTrip(it, key, value));
      return kept
          ? Verdict.passed("wrote, read and deleted a row of our own")
          : Verdict.failed(
              "a row that was just written to " + TABLE + " is not there, or is another",
              "Django's cache does not work.",
              "Has the table triggers or rules that Django did not make?");
    } catch (SQLException e) {
      return Verdict.failed(
          TABLE + " cannot be written: " + Http.excerpt(String.valueOf(e.getMessage())),
          "Django's cache does not work.",
          Database.READ_ONLY.equals(e.getSQLState())
              ? "This database is read-only: is it a standby? Give the primary's address."
              : "Does the table belong to the user of DATABASE_URL, and was it made by"
                  + " createcachetable?");
    }
  }

  private static boolean roundTrip(java.sql.Connection connection, String key, String value)
      throws SQLException {
    try (var insert =
            connection.prepareStatement(
                "insert into django_cache (cache_key, value, expires)"
                    + " values (?, ?, now() + interval '60 seconds')");
        var select =
            connection.prepareStatement("select value from django_cache where cache_key = ?");
        var delete = connection.prepareStatement("delete from django_cache where cache_key = ?")) {
      insert.setString(1, key);
      insert.setString(2, value);
      insert.executeUpdate();
      select.setString(1, key);
      boolean kept;
      try (var rows = select.executeQuery()) {
        kept = rows.next() && value.equals(rows.getString(1));
      }
      delete.setString(1, key);
      return delete.executeUpdate() == 1 && kept;
    }
  }

  /** Only the app itself knows how its table is made. */
  Optional<Repair> repair() {
    return examined
        .stack()
        .flatMap(
            stack ->
                stack
                    .service("web")
                    .filter(it -> it.state().running())
                    .map(web -> new Repair(what(web), () -> create(stack, web))));
  }

  private static String what(Container web) {
    return "run manage.py createcachetable in " + web.name();
  }

  private static String create(Stack stack, Container web) throws IOException {
    var ended =
        stack
            .engine()
            .exec(web, "", PATIENCE, "/entrypoint", "python", "manage.py", "createcachetable");
    if (ended.exitCode() != 0) {
      var said = ended.said().lines().reduce((first, last) -> last).orElse("nothing");
      throw new IOException(
          "createcachetable ended with %d: %s".formatted(ended.exitCode(), Http.excerpt(said)));
    }
    return "createcachetable made the table";
  }
}
