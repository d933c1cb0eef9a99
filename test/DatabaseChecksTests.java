package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import lib.checks.Database;
import lib.checks.Network;
import lib.report.Redaction;
import lib.settings.DatabaseUrl;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** The path is one in the container, and the name is not what is connected to. */
  @Test
  void tls_is_verified_with_the_authorities_in_the_container() throws Exception {
    var ca = new HeldCertificate.Builder().certificateAuthority(0).build();
    Files.writeString(folder.resolve("ca-1.pem"), ca.certificatePem());
    Files.createSymbolicLink(folder.resolve("ca.pem"), Path.of("ca-1.pem"));
    var database = Postgres.seeded();
    try (var server = PgBouncer.encrypted(signed(ca, "postgres"));
        var stack =
            new ComposeStack()
                .relay("postgres", 5432, server.port())
                .option("web", "--volume", folder + ":/run/validibot-keys:ro")
                .start()) {
      var url =
          new Postgres.Database(5432, database.name()).url().replace("127.0.0.1", "postgres")
              + "?sslmode=verify-full&sslrootcert=";

      var good = check(stack, url + "/run/validibot-keys/ca.pem");
      assertEquals("ok", good.status("VB101"), good.message("VB101"));

      var lacking = check(stack, url + "/run/validibot-keys/none.pem");
      assertEquals("skipped", lacking.status("VB101"));
      assertTrue(
          lacking
              .message("VB101")
              .startsWith("The CA file /run/validibot-keys/none.pem of DATABASE_URL is neither"),
          lacking.message("VB101"));

      var system = check(stack, url + "system");
      assertEquals("skipped", system.status("VB101"));
      assertTrue(
          system.message("VB101").contains("sslrootcert=system) is not known"),
          system.message("VB101"));
    }
  }

  private DoctorRun check(ComposeStack stack, String url) {
    return stack.check(Map.of("DATABASE_URL", url), folder, "--only", "database");
  }

  @Test
  void a_certificate_for_another_name_is_told_in_words() throws Exception {
    var ca = new HeldCertificate.Builder().certificateAuthority(0).build();
    var file = Files.writeString(folder.resolve("ca.pem"), ca.certificatePem());
    try (var server = PgBouncer.encrypted(signed(ca, "postgres.acme.test"))) {
      var url = server.url(Postgres.seeded()) + "?sslrootcert=" + file + "&sslmode=verify-";

      var run = check(url + "full");
      assertEquals("error", run.status("VB101"));
      assertTrue(
          run.message("VB101").contains("its certificate is for another name than 127.0.0.1"),
          run.message("VB101"));
      run.outcome().errIs("");
      assertEquals("ok", check(url + "ca").status("VB101"));
    }
  }

  private static HeldCertificate signed(HeldCertificate ca, String name) {
    return new HeldCertificate.Builder().addSubjectAlternativeName(name).signedBy(ca).build();
  }

  @Test
  void an_authority_that_is_not_known_is_told_in_words() throws Exception {
    var own = new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
    var other = new HeldCertificate.Builder().certificateAuthority(0).build();
    var file = Files.writeString(folder.resolve("ca.pem"), other.certificatePem());
    try (var server = new ServerSocket(0)) {
      CompletableFuture.runAsync(() -> offerTls(server, own));

      var run =
          check(
              "postgres://u:x@127.0.0.1:%d/db?sslmode=verify-ca&sslrootcert=%s"
                  .formatted(server.getLocalPort(), file));

      assertEquals(List.of("VB101"), run.ids("error", "warn", "fatal"));
      assertTrue(
          run.message("VB101").contains("not trusted: no authority in sslrootcert signed it"),
          run.message("VB101"));
      run.outcome().outLacks("SunCertPath").outLacks("PKIX");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pool_mode = transaction", "ignore_startup_parameters = options"})
  void a_pooler_before_it_makes_no_difference(String setting) {
    var database = Postgres.seeded();
    try (var pooler = PgBouncer.start(setting)) {
      var direct = checkAll(database.url());
      var pooled = checkAll(pooler.url(database));

      assertEquals("ok", pooled.status("VB101"), pooled.message("VB101"));
      for (var status : List.of("ok", "warn", "error", "fatal")) {
        assertEquals(direct.ids(status), pooled.ids(status));
      }
    }
  }

  @Test
  void whether_a_pooler_is_asked_with_tls_is_not_for_the_server_to_tell() {
    var database = Postgres.seeded();
    try (var pooler = PgBouncer.start()) {
      // this machine, by a name that is not known to be that
      var elsewhere = "[::ffff:127.0.0.1]";
      assertEquals("warn", check(database.url().replace("127.0.0.1", elsewhere)).status("PDV102"));
      var run = check(pooler.url(database).replace("127.0.0.1", elsewhere));

      assertEquals("skipped", run.status("PDV102"));
      assertTrue(run.message("PDV102").startsWith("A pooler"), run.message("PDV102"));
    }
  }

  private DoctorRun checkAll(String url) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", url);
    return DoctorRun.with(settings, folder, "--skip", "live,email,PDV101");
  }

  /** Half of what a check is given, so that it can still say what it waited for. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reading_is_read_only_and_bounded_in_time(boolean pooled) throws Exception {
    var there = Postgres.seeded();
    try (var pooler = PgBouncer.start("pool_mode = transaction");
        var other = there.session();
        var lock = other.createStatement()) {
      var url = DatabaseUrl.parse(pooled ? pooler.url(there) : there.url()).orElseThrow();
      var network = new Network(Optional.empty(), true, new Redaction());
      try (var database = new Database(url, network, Duration.ofSeconds(5))) {
        assertEquals("25006", state(database, "delete from users_role returning code"));
        assertEquals("57014", state(database, "select pg_sleep(60)"));
        assertEquals("42P01", state(database, "select 1 from no_such_table"));
        other.setAutoCommit(false);
        lock.execute("lock table users_role");
        assertEquals("55P03", state(database, "select code from users_role"));
        assertEquals(Optional.of("4"), database.value("select ?::int + 1", 3));
      }
    }
    assertEquals("7", there.value("select count(*) from users_role"));
  }

  private static String state(Database database, String sql) {
    return assertThrows(SQLException.class, () -> database.value(sql)).getSQLState();
  }

  /** What PostgreSQL does with a request for TLS, up to the handshake. */
  private static void offerTls(ServerSocket server, HeldCertificate certificate) {
    var tls = new HandshakeCertificates.Builder().heldCertificate(certificate).build();
    try (var plain = server.accept()) {
      plain.getInputStream().readNBytes(8);
      plain.getOutputStream().write('S');
      var socket =
          (SSLSocket)
              tls.sslSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), false);
      socket.setUseClientMode(false);
      socket.startHandshake();
    } catch (IOException e) {
      // the doctor ends it
    }
  }
}
