package test;

import static java.nio.file.StandardOpenOption.APPEND;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A real PostgreSQL server of this machine's own package, one for all tests, ended with them. Each
 * test gets a database of its own.
 */
final class Postgres {

  static final String USER = "validibot";
  static final String PASSWORD = "canary-pw-postgres";

  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static Optional<Postgres> shared = Optional.empty();

  private final int port;

  private Postgres(int port) {
    this.port = port;
  }

  /** A database in the shared server, for one test. */
  record Database(int port, String name) {

    String url() {
      return "postgres://%s:%s@127.0.0.1:%d/%s".formatted(USER, PASSWORD, port, name);
    }

    Database run(String... statements) {
      try (var connection = connect(port, name)) {
        for (var sql : statements) {
          try (var statement = connection.createStatement()) {
            statement.execute(sql);
          }
        }
        return this;
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    /** A session of the test's own, to be closed by it. */
    Connection session() throws SQLException {
      return connect(port, name);
    }

    /** The first column of the first row. */
    String value(String sql) {
      try (var connection = connect(port, name);
          var statement = connection.createStatement();
          var rows = statement.executeQuery(sql)) {
        return rows.next() ? rows.getString(1) : "";
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A database as Validibot 0.14 leaves it after its first start. */
  static Database seeded() {
    return server().copyOf("seeded");
  }

  /** A database without a table. */
  static Database empty() {
    return server().copyOf("template0");
  }

  private Database copyOf(String template) {
    var name = "test" + COUNTER.incrementAndGet();
    synchronized (this) {
      new Database(port, "postgres").run("create database " + name + " template " + template);
    }
    return new Database(port, name);
  }

  static synchronized Postgres server() {
    if (shared.isEmpty()) {
      shared = Optional.of(start());
    }
    return shared.get();
  }

  int port() {
    return port;
  }

  private static Postgres start() {
    var programs =
        programs()
            .orElseThrow(
                () ->
                    new TestAbortedException(
                        "no PostgreSQL server on this machine: install the package postgresql"));
    try {
      var folder = Files.createTempDirectory("pdv-postgres");
      var password = Files.writeString(folder.resolve("password"), PASSWORD);
      var data = folder.resolve("data");
      own(folder);
      var port = Ports.free();
      run(
          programs.resolve("initdb").toString(),
          "-D",
          data.toString(),
          "-U",
          USER,
          "--pwfile=" + password,
          "-A",
          "scram-sha-256",
          "-N");
      // containers of a stack come from addresses of their own
      Files.writeString(data.resolve("pg_hba.conf"), "host all all all scram-sha-256\n", APPEND);
      serve(programs, folder, data, port);
      seed(port);
      return new Postgres(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * A hot standby of a server like that, with a database in which this was done. Its primary is one
   * of its own, because a standby has all databases of its primary.
   */
  static Database standby(String... statements) {
    var primary = start();
    new Database(primary.port, "seeded").run(statements);
    try {
      var folder = Files.createTempDirectory("pdv-standby");
      own(folder);
      var data = folder.resolve("data");
      var programs = programs().orElseThrow();
      run(
          programs.resolve("pg_basebackup").toString(),
          "-d",
          new Database(primary.port, "postgres").url(),
          "-D",
          data.toString(),
          "--write-recovery-conf",
          "--checkpoint=fast");
      var port = Ports.free();
      serve(programs, folder, data, port);
      return new Database(port, "seeded");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void serve(Path programs, Path folder, Path data, int port)
      throws IOException, InterruptedException {
    var options =
        List.of("fsync=off", "listen_addresses=*", "max_connections=300").stream()
            .flatMap(it -> Stream.of("-c", it));
    var command =
        Stream.of(
            programs.resolve("postgres").toString(),
            "-D",
            data.toString(),
            "-p",
            String.valueOf(port),
            "-k",
            folder.toString());
    var server =
        new ProcessBuilder(asPostgres(Stream.concat(command, options).toList()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, folder)));
    awaitConnections(port, server, folder);
  }

  private static void seed(int port) throws IOException {
    var seeded = new Database(port, "seeded");
    new Database(port, "postgres").run("create database seeded template template0");
    seeded.run(Files.readString(Shell.REPO.resolve("test/validibot-0.14.sql")));
    try (var lines = Files.lines(Shell.REPO.resolve("lib/checks/migrations-0.14.tsv"))) {
      var rows =
          lines
              .filter(line -> !line.startsWith("#") && !line.equals("app\tname"))
              .map(line -> line.split("\t"))
              .map(row -> "('" + row[0] + "', '" + row[1] + "', now())")
              .toList();
      seeded.run(
          "insert into django_migrations (app, name, applied) values " + String.join(", ", rows));
    }
  }

  private static void awaitConnections(int port, Process server, Path folder)
      throws InterruptedException, IOException {
    for (var tries = 0; tries < 100; tries++) {
      if (!server.isAlive()) {
        throw new IllegalStateException(Files.readString(folder.resolve("log")));
      }
      try {
        connect(port, "postgres").close();
        return;
      } catch (SQLException e) {
        Thread.sleep(100);
      }
    }
    throw new IllegalStateException("PostgreSQL does not start: " + folder.resolve("log"));
  }

  private static Connection connect(int port, String name) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + name, USER, PASSWORD);
  }

  private static Optional<Path> programs() {
    var folders = new ArrayList<Path>();
    var debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (var versions = Files.list(debian)) {
        versions.sorted(Comparator.reverseOrder()).forEach(it -> folders.add(it.resolve("bin")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Stream.of(System.getenv("PATH").split(":")).map(Path::of).forEach(folders::add);
    return folders.stream()
        .filter(it -> Files.isExecutable(it.resolve("initdb")))
        .filter(it -> Files.isExecutable(it.resolve("postgres")))
        .findFirst();
  }

  /** PostgreSQL refuses to run as root. */
  static List<String> asPostgres(List<String> command) {
    if (!isRoot()) {
      return command;
    }
    var whole =
        new ArrayList<>(
            List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    whole.addAll(command);
    return whole;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  static void own(Path folder) throws IOException, InterruptedException {
    if (isRoot()) {
      new ProcessBuilder("chown", "-R", "postgres", folder.toString()).start().waitFor();
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(asPostgres(List.of(command))).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
  }

  private static void end(Process server, Path folder) {
    server.destroy();
    try {
      if (!server.waitFor(5, TimeUnit.SECONDS)) {
        server.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
      new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    } catch (IOException | InterruptedException e) {
      // this process is ending, too
    }
  }
}
