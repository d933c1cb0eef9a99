package test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The smoke tests at an address with a name of its own, where https and http have their ports. */
class EdgeTests {

  private static final HeldCertificate AUTHORITY =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("Our own CA").build();

  private static final String ROOT =
      "{\"service\":\"validibot-mcp\",\"surfaces\":{\"authenticated\":{\"endpoint\":\"%s\"}}}";

  @TempDir private Path folder;

  @Test
  void good_address_is_good() throws IOException {
    verify(site -> {}, "--web-url", "PublicAddress")
        .exits(0)
        .outContains("✓ certificate is good and lasts")
        .outContains("days; issued by CN=Our own CA")
        .outContains("✓ http redirects to https (301 to https://" + PublicSite.HOST + "/)")
        .outContains("✓ HSTS is sent")
        .outContains("✓ security headers are sent (all 6)")
        .outContains(": 4 passed in ");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | 1 | ✗ http redirects to https | Passwords and pages can be read on the way.",
        "404 | 0 | ! http redirects to https | Who types the name without https gets an error.",
        "0   | 0 | i http redirects to https | came back: nothing, the connection was closed"
      })
  void http_that_does_not_redirect_is_judged_by_what_it_serves(
      int status, int exit, String line, String said) throws IOException {
    verify(site -> site.inClear = status, "--web-url", "http_redirects")
        .exits(exit)
        .outContains(line)
        .outContains(said);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "http://localhost:8001/mcp, leads everybody to their own machine",
    "http://validibot.acme.internal/mcp, is plain http"
  })
  void address_that_serves_nobody_is_told_and_not_asked(String endpoint, String said)
      throws IOException {
    verify(
            site -> site.root = Optional.of(ROOT.formatted(endpoint)),
            "--mcp-url",
            "advertised",
            "-vv")
        .exits(1)
        .outContains("surfaces.authenticated.endpoint " + endpoint + ": " + said)
        .outContains("VALIDIBOT_MCP_BASE_URL=https://" + PublicSite.HOST + "/mcp ")
        .outLacks("GET " + endpoint);
  }

  private Shell.Outcome verify(
      Consumer<PublicSite> spoilt, String option, String selection, String... more)
      throws IOException {
    var certificate =
        new HeldCertificate.Builder()
            .signedBy(AUTHORITY)
            .addSubjectAlternativeName(PublicSite.HOST)
            .build();
    try (var site = new PublicSite(certificate)) {
      spoilt.accept(site);
      var authority = Files.writeString(folder.resolve("ca.pem"), AUTHORITY.certificatePem());
      var command =
          new ArrayList<>(List.of("verify_deployment.java", "dev", "--cacert", "" + authority));
      command.addAll(List.of(option, "https://" + PublicSite.HOST, "-k", selection));
      command.addAll(List.of(more));
      return Shell.jbang(command.toArray(String[]::new))
          .with("JAVA_TOOL_OPTIONS", site.javaOptions())
          .within(Duration.ofMinutes(1));
    }
  }
}
