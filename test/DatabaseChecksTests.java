package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
