package lib.checks;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import lib.report.Verdict;
import lib.target.CannotVerify;

/** Whether the database can be used, and is one that Validibot can use. */
final class DatabaseChecks {

  /** The oldest PostgreSQL that is supported (validibot.md section 6, VB120). */
  private static final int OLDEST = 14;

  private static final double SLOW_MILLIS = 500;

  private final Examined examined;

  DatabaseChecks(Examined examined) {
    this.examined = examined;
  }

  Category category() {
    return new Category(
        "database",
        "Database",
        "database",
        List.of(
            Check.of("VB101", "Database accepts connections", this::connects),
            Check.of("PDV101", "Database answers quickly", this::quick).needing("VB101"),
            Check.of("PDV105", "Database can be written", this::writable).needing("VB101"),
            Check.of("VB120", "PostgreSQL is recent enough", this::recent).needing("VB101"),
            Check.of("PDV102", "Connection to the database is encrypted", this::encrypted)
                .needing("VB101")));
  }

  private Verdict connects() throws SQLException {
    var database = examined.theDatabase();
    database.value("select 1");
    return Verdict.passed(database.url().address() + " as " + database.url().user());
  }

  private Verdict quick() throws SQLException {
    var database = examined.theDatabase();
    var began = System.nanoTime();
    database.value("select 1");
    var millis = (System.nanoTime() - began) / 1e6;
    var took = String.format(Locale.ROOT, "SELECT 1 took %.1f ms", millis);
    return millis < SLOW_MILLIS
        ? Verdict.passed(took)
        : Verdict.warning(
            took,
            "Every page asks the database several times.",
            "Is the database on the same network, and has it memory and CPU to spare?");
  }

  /** Nothing is written: a standby, and an account that is read-only by default, say so. */
  private Verdict writable() throws SQLException {
    var database = examined.theDatabase();
    if (database.value("select pg_is_in_recovery()").orElse("").equals("t")) {
      return Verdict.failed(
          "the server is a standby, which takes no writes",
          "Nobody can sign in, and nothing is kept.",
          "Give the address of the primary, or promote this server.");
    }
    return database.isReadOnlyByDefault()
        ? Verdict.failed(
            "default_transaction_read_only is on for this account or database",
            "Nobody can sign in, and nothing is kept.",
            "  ALTER DATABASE %s RESET default_transaction_read_only;"
                .formatted(database.url().name()))
        : Verdict.passed("a primary, and not read-only by default");
  }

  private Verdict recent() throws SQLException {
    var version = examined.theDatabase().value("show server_version").orElse("");
    var number = examined.theDatabase().value("show server_version_num").orElse("0");
    var fact = "PostgreSQL " + version.split(" ")[0];
    if (Integer.parseInt(number) / 10_000 >= OLDEST) {
      return Verdict.passed(fact);
    }
    var old = fact + ": older than " + OLDEST;
    var fix = "Upgrade PostgreSQL: dump and restore, or pg_upgrade, after a backup.";
    return switch (examined.django().target()) {
      case SELF_HOSTED -> Verdict.failed(old, "Validibot is not tested with it.", fix);
      case GCP -> Verdict.info(old, fix);
      case LOCAL_DOCKER_COMPOSE -> Verdict.warning(old, "Validibot is not tested with it.", fix);
    };
  }

  private Verdict encrypted() throws SQLException {
    var database = examined.theDatabase();
    var ours = database.value("select ssl from pg_stat_ssl where pid = ?", database.process());
    if (ours.orElse("").equals("t")) {
      return Verdict.passed("TLS is in use");
    }
    var host = database.url().host();
    if (examined.network().isPrivate(host)) {
      return Verdict.skipped("%s is not across a network: no TLS is needed.".formatted(host));
    }
    if (ours.isEmpty()) {
      throw new CannotVerify(
          "a pooler is before the database, and PostgreSQL knows only of the pooler's connections");
    }
    return Verdict.warning(
        "no TLS between here and " + host,
        "Passwords and data cross the network in clear.",
        "Add ?sslmode=require to DATABASE_URL, and TLS to the server.");
  }
}
