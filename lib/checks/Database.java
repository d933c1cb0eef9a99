package lib.checks;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import lib.http.NoAnswer;
import lib.report.Verdict;
import lib.settings.DatabaseUrl;
import lib.target.CannotVerify;
import org.postgresql.Driver;
import org.postgresql.PGConnection;

/**
 * The deployment's PostgreSQL database. One connection serves all checks; every question is a
 * read-only transaction, and only a repair writes, on a connection of its own. Nothing is left to
 * the settings of a session: behind a pooler, such as PgBouncer, there is none of ours.
 */
public final class Database implements AutoCloseable {

  /** How our sessions are known in pg_stat_activity. */
  public static final String APPLICATION = "check_validibot";

  /** PostgreSQL's state for a write that it does not take (its appendix A). */
  static final String READ_ONLY = "25006";

  private final DatabaseUrl url;
  private final Network network;
  private final Duration timeout;
  private Optional<Connection> shared = Optional.empty();

  public Database(DatabaseUrl url, Network network, Duration timeout) {
    this.url = url;
    this.network = network;
    this.timeout = timeout;
  }

  /** Makes something of a row. */
  public interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** Does something in a transaction. */
  public interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  public DatabaseUrl url() {
    return url;
  }

  /** All rows of a question: its transaction goes out and comes back as one message. */
  public synchronized <T> List<T> rows(String sql, Row<T> row, Object... parameters)
      throws SQLException {
    var connection = connection();
    var whole = "begin read only; " + limits() + "; " + sql + "; commit";
    try (var statement = connection.prepareStatement(whole)) {
      for (var i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      var isAnswer = statement.execute();
      while (!isAnswer && statement.getUpdateCount() >= 0) {
        isAnswer = statement.getMoreResults();
      }
      var rows = new ArrayList<T>();
      try (var found = statement.getResultSet()) {
        while (found.next()) {
          rows.add(row.of(found));
        }
      }
      return rows;
    } catch (SQLException e) {
      rollBack(connection, e);
      throw e;
    }
  }

  private static void rollBack(Connection connection, SQLException e) throws SQLException {
    if (!connection.isClosed()) {
      try (var statement = connection.createStatement()) {
        statement.execute("rollback");
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
    }
  }

  /** How long a transaction may wait: less than a check, which still has to say for what. */
  private String limits() {
    return "set local lock_timeout = %d; set local statement_timeout = %d"
        .formatted(timeout.toMillis() / 4, timeout.toMillis() / 2);
  }

  /** The first column of the first row, as text; nothing when there is no row, or it is null. */
  public Optional<String> value(String sql, Object... parameters) throws SQLException {
    return rows(sql, row -> Optional.ofNullable(row.getString(1)), parameters).stream()
        .findFirst()
        .flatMap(it -> it);
  }

  /** Whether it let us in so far. */
  public synchronized boolean hasAnswered() {
    return shared.isPresent();
  }

  /** The server process that we were told is ours: behind a pooler there is none of that number. */
  public synchronized int process() throws SQLException {
    return connection().unwrap(PGConnection.class).getBackendPID();
  }

  /** Whether a table is there. */
  public boolean hasTable(String table) throws SQLException {
    return value("select to_regclass(?)", "public." + table).isPresent();
  }

  /** Whether a table has a column. */
  public boolean hasColumn(String table, String column) throws SQLException {
    return value(
            "select 1 from information_schema.columns where table_schema = 'public'"
                + " and table_name = ? and column_name = ?",
            table,
            column)
        .isPresent();
  }

  /** Whether what others do here is read-only unless they say otherwise; for us it always is. */
  public boolean isReadOnlyByDefault() throws SQLException {
    return value("show default_transaction_read_only").orElse("").equals("on");
  }

  /** Do something in one transaction of its own, which is rolled back when it fails. */
  public <T> T transaction(Work<T> work) throws SQLException {
    try (var connection = open()) {
      connection.setAutoCommit(false);
      try {
        try (var statement = connection.createStatement()) {
          statement.execute(limits());
        }
        var done = work.with(connection);
        connection.commit();
        return done;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      // PostgreSQL's own words do not say whose fault that is
      throw READ_ONLY.equals(e.getSQLState())
          ? new SQLException("the database takes no writes, which PDV105 tells", READ_ONLY, e)
          : e;
    }
  }

  private Connection connection() throws SQLException {
    if (shared.isEmpty() || shared.get().isClosed()) {
      shared = Optional.of(open());
    }
    return shared.get();
  }

  /**
   * Connect.
   *
   * @throws lib.report.NotKept when the database cannot be used
   */
  private Connection open() {
    var properties = new Properties();
    properties.setProperty("user", url.user());
    properties.setProperty("password", url.password());
    properties.setProperty("ApplicationName", APPLICATION);
    properties.setProperty("connectTimeout", seconds());
    properties.setProperty("loginTimeout", seconds());
    properties.setProperty("socketTimeout", seconds());
    // A pooler may hand the next question to another session, which does not know what was
    // prepared.
    properties.setProperty("prepareThreshold", "0");
    var host = network.address(url.host());
    var literal = host.contains(":") ? "[" + host + "]" : host;
    try (var tls = new DatabaseTls(url, network)) {
      tls.addTo(properties);
      // PostgreSQL's own, and not whatever DriverManager finds: that looks through every jar.
      return new Driver()
          .connect(
              "jdbc:postgresql://" + literal + ":" + url.port() + "/" + encoded(url.name()),
              properties);
    } catch (SQLException e) {
      throw refused(e).asException();
    } catch (IOException e) {
      throw new CannotVerify("no file can be made here for the database's authorities: " + e);
    }
  }

  /** Say why there is no connection. PostgreSQL's states are documented in its appendix A. */
  private Verdict refused(SQLException e) {
    if (NoAnswer.isUntrusted(e) && DatabaseTls.trustsSystem(url)) {
      throw new CannotVerify(
          "no authority that is trusted here signed the certificate of %s, and whom the app's own"
                  .formatted(url.address())
              + " system trusts (sslrootcert=system) is not known");
    }
    var state = String.valueOf(e.getSQLState());
    var said = said(e);
    var where = url.address() + " as " + url.user();
    if (state.startsWith("28")) {
      return Verdict.failed(
          where + " refuses the password, or the user",
          "PostgreSQL says: " + said + ".",
          "Compare POSTGRES_USER and POSTGRES_PASSWORD with what the database was made with: a"
              + " changed variable does not change an existing database.");
    }
    if (state.equals("3D000")) {
      return Verdict.failed(
          "there is no database " + url.name() + " at " + url.host() + ":" + url.port(),
          "",
          "Is POSTGRES_DB (or the path of DATABASE_URL) right?");
    }
    if (state.startsWith("57P03")) {
      return network.explained(
          Verdict.failed(where + " is starting up or shutting down", "", "Ask again in a minute."),
          url.host());
    }
    if (state.equals("08004") && said.contains("SSL")) {
      return Verdict.failed(
          "%s has no TLS, and DATABASE_URL demands it (sslmode=%s)"
              .formatted(where, url.options().get("sslmode")),
          "Without its database Validibot answers nothing.",
          "Turn TLS on in the server (ssl = on), or leave sslmode out where nobody is between.");
    }
    if (state.startsWith("53")) {
      return Verdict.failed(
          where + " has no room for another connection: " + said, "Others are refused, too.");
    }
    return network.explained(
        Verdict.failed(
            where + " cannot be reached: " + said,
            "Without its database Validibot answers nothing.",
            "Is DATABASE_URL (or POSTGRES_HOST and POSTGRES_PORT) right, and PostgreSQL running?"),
        url.host());
  }

  /** What went wrong, in the words of the network where it was the network. */
  private String said(SQLException e) {
    if (NoAnswer.isUntrusted(e)) {
      // --cacert does not count here, as it does not for the app
      return "its certificate is not trusted: no authority in sslrootcert signed it";
    }
    if (DatabaseTls.isForAnother(e)) {
      return "its certificate is for another name than " + url.host();
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return NoAnswer.sentence(io, patience() * 1000);
      }
    }
    var first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return first.contains("SSL connection") ? "what answers there is no PostgreSQL" : first;
  }

  private long patience() {
    return Math.max(1, timeout.toSeconds() * 3 / 5);
  }

  private String seconds() {
    return String.valueOf(patience());
  }

  private static String encoded(String name) {
    return java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)
        .replace("+", "%20");
  }

  @Override
  public synchronized void close() {
    try {
      if (shared.isPresent()) {
        shared.get().close();
      }
    } catch (SQLException e) {
      // it ends with the process
    }
  }
}
