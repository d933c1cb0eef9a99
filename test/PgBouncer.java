package test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.tls.HeldCertificate;
import org.opentest4j.TestAbortedException;

/**
 * A real PgBouncer of this machine's own package before the shared PostgreSQL, for one test. It
 * gives each transaction to another server session in turn.
 */
final class PgBouncer implements AutoCloseable {

  private final int port;
  private final Path folder;
  private final Process process;

  private PgBouncer(int port, Path folder, Process process) {
    this.port = port;
    this.folder = folder;
    this.process = process;
  }

  /**
   * Start one.
   *
   * @param settings beside what it needs to be one; all others are as it comes
   */
  static PgBouncer start(String... settings) {
    return started(folder(), settings);
  }

  /** Start one that speaks TLS only, with this certificate. */
  static PgBouncer encrypted(HeldCertificate certificate) {
    var folder = folder();
    try {
      var chain = Files.writeString(folder.resolve("cert.pem"), certificate.certificatePem());
      var key = Files.writeString(folder.resolve("key.pem"), certificate.privateKeyPkcs8Pem());
      return started(
          folder,
          "client_tls_sslmode = require",
          "client_tls_cert_file = " + chain,
          "client_tls_key_file = " + key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("pdv-pgbouncer");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PgBouncer started(Path folder, String... settings) {
    var program = Path.of("/usr/sbin/pgbouncer");
    if (!Files.isExecutable(program)) {
      throw new TestAbortedException("no PgBouncer on this machine: install the package pgbouncer");
    }
    try {
      var port = Ports.free();
      var users = folder.resolve("users");
      Files.writeString(users, "\"%s\" \"%s\"%n".formatted(Postgres.USER, Postgres.PASSWORD));
      var ini =
          Files.writeString(
              folder.resolve("ini"),
              """
              [databases]
              * = host=127.0.0.1 port=%d
              [pgbouncer]
              listen_addr = *
              listen_port = %d
              unix_socket_dir =
              auth_type = scram-sha-256
              auth_file = %s
              server_round_robin = 1
              %s
              """
                  .formatted(Postgres.server().port(), port, users, String.join("\n", settings)));
      Postgres.own(folder);
      var command = List.of(program.toString(), ini.toString());
      var process =
          new ProcessBuilder(Postgres.asPostgres(command))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      return new PgBouncer(port, folder, process).awaited();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return port;
  }

  /** What DATABASE_URL would be, with it before that database. */
  String url(Postgres.Database database) {
    return new Postgres.Database(port, database.name()).url();
  }

  private PgBouncer awaited() throws IOException, InterruptedException {
    for (var tries = 0; tries < 250 && process.isAlive(); tries++) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return this;
      } catch (IOException e) {
        Thread.sleep(20);
      }
    }
    throw new IllegalStateException(Files.readString(folder.resolve("log")));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
      new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
