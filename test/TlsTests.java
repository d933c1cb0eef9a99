package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static test.IdentityTests.asInvoker;
import static test.IdentityTests.of;
import static test.IdentityTests.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import lib.demo.DemoStage;
import lib.demo.Fault;
import lib.demo.Scenario;
import lib.demo.Shape;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stage over https, whose certificates a private authority signs. */
class TlsTests {

  private static final HeldCertificate AUTHORITY =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("Our own CA").build();

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}, worker ingress internal: {1}", quoteTextArguments = false)
  @CsvSource({"CURRENT, false", "CURRENT, true", "DOCUMENTED, false", "DOCUMENTED, true"})
  void all_is_good_where_the_authority_is_known(Shape shape, boolean internal) throws IOException {
    var scenario = Scenario.healthy().stage("dev").shaped(shape).over(own());
    try (var stage = DemoStage.start(internal ? scenario.with(Fault.INGRESS_INTERNAL) : scenario)) {
      run(stage, verify(stage, "--cacert", bundle(), "--sign-in"))
          .exits(0)
          .outContains("✓ superuser can sign in")
          .outContains("  web     https://127.0.0.1:")
          .outContains("dev is good: ");

      assertEquals(internal ? 0 : 2, asInvoker(stage).size());
    }
  }

  @Test
  void without_the_authority_each_test_fails_for_the_certificate() throws IOException {
    try (var stage = stage(own())) {
      var outcome = run(stage, verify(stage)).exits(1);

      failsThroughout(outcome, "its certificate is not trusted here");
      outcome.outContains("--cacert");
      assertEquals(List.of(), of(stage, "web"));
      assertEquals(List.of(), of(stage, "worker"), "no token either");
    }
  }

  @Test
  void certificate_for_another_name_is_said_to_be_that() throws IOException {
    var other = certificate().addSubjectAlternativeName("other.example.org").build();
    try (var stage = stage(context(other))) {
      var outcome = run(stage, verify(stage, "--cacert", bundle())).exits(1);

      failsThroughout(outcome, "its certificate is for another name");
      assertEquals(List.of(), of(stage, "worker"));
    }
  }

  /** The authority is known here, so naming it again would not help. */
  @Test
  void expired_certificate_is_said_to_be_that() throws IOException {
    var now = Instant.now();
    var expired =
        certificate()
            .addSubjectAlternativeName("127.0.0.1")
            .validityInterval(
                now.minus(Duration.ofDays(90)).toEpochMilli(),
                now.minus(Duration.ofDays(1)).toEpochMilli())
            .build();
    try (var stage = stage(context(expired))) {
      var outcome = run(stage, verify(stage, "--cacert", bundle())).exits(1);

      failsThroughout(outcome, "its certificate has expired");
      outcome.outLacks("--cacert");
      assertEquals(List.of(), of(stage, "worker"));
    }
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "/no/such/ca.pem, (none), no such file",
    "ca.pem, '', no certificate",
    "ca.pem, These are words., PEM",
    "ca.pem, -----BEGIN CERTIFICATE-----, PEM",
    "ca.pem, (a private key), certificate"
  })
  void bundle_that_is_none_is_told(String name, String content, String said) throws IOException {
    var key = content.equals("(a private key)");
    var file = folder.resolve(name);
    if (!content.equals("(none)")) {
      Files.writeString(file, key ? AUTHORITY.privateKeyPkcs8Pem() : content);
    }
    try (var stage = stage(own())) {
      var script = script(stage, "quick_verify.java", "dev", "--cacert", file.toString());

      run(stage, script)
          .exits(2)
          .outIs("")
          .errContains("--cacert " + file + ": ")
          .errContains(said)
          .errLacks("Exception");
      assertEquals(List.of(), stage.exchanges());
    }
  }

  /** Every test that needs TLS and asked anything tells the same of the certificate. */
  private static void failsThroughout(Shell.Outcome outcome, String sentence) {
    outcome.outContains("dev is NOT good: ");
    var verdict = outcome.out().lines().filter(it -> it.contains("dev is NOT good")).findFirst();
    var counts = verdict.orElseThrow().replaceFirst(".*: ", "");
    // Google's own words need no certificate of the stage, and that no http is served neither.
    assertTrue(counts.matches("\\d+ failed, 3 not verified, 10 passed, 8 skipped in .*"), counts);
    var failed = Integer.parseInt(counts.replaceFirst(" .*", ""));
    var told = outcome.out().lines().filter(it -> it.contains("came back: nothing, " + sentence));
    assertEquals(failed, told.count(), outcome::out);
    assertTrue(failed > 30, counts);
  }

  private static Shell verify(DemoStage stage, String... options) {
    var words = Stream.concat(Stream.of("verify_deployment.java", "dev"), Stream.of(options));
    return script(stage, words.toArray(String[]::new));
  }

  private static Shell script(DemoStage stage, String... words) {
    var script = Shell.script(words);
    stage.environment().forEach(script::with);
    return script;
  }

  private static DemoStage stage(SSLContext tls) {
    return DemoStage.start(Scenario.healthy().stage("dev").over(tls));
  }

  /** The authority, second in a bundle. */
  private String bundle() throws IOException {
    var another = new HeldCertificate.Builder().certificateAuthority(0).build();
    var file = folder.resolve("bundle.pem");
    Files.writeString(file, another.certificatePem() + "\n" + AUTHORITY.certificatePem());
    return file.toString();
  }

  private static HeldCertificate.Builder certificate() {
    return new HeldCertificate.Builder().signedBy(AUTHORITY);
  }

  private static SSLContext own() {
    return context(
        certificate()
            .addSubjectAlternativeName("127.0.0.1")
            .addSubjectAlternativeName("localhost")
            .build());
  }

  private static SSLContext context(HeldCertificate certificate) {
    return new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslContext();
  }
}
