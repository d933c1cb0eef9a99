package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A public address with a server behind it that does what it should, or does not. */
class SiteAddressChecksTests {

  private static final String[] BAD = {"error", "warn", "fatal"};

  private static final HeldCertificate AUTHORITY =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("Our own CA").build();

  @TempDir private Path folder;
  private final Map<String, String> settings = DoctorRun.goodSettings();

  @Test
  void good_server_is_good() throws IOException {
    var run = check(site -> {});

    run.outcome().exits(0);
    assertEquals(List.of(), run.ids(BAD));
    for (var id : List.of("PDV900", "PDV901", "PDV902", "PDV903", "PDV904", "PDV905")) {
      assertEquals("ok", run.status(id), id);
    }
  }

  @Test
  void http_that_is_served_in_clear_is_an_error() throws IOException {
    assertBad("PDV901", "error", site -> site.inClear = 200);
  }

  @Test
  void missing_hsts_is_a_warning() throws IOException {
    assertBad("PDV903", "warn", site -> site.headers.remove("Strict-Transport-Security"));
  }

  @Test
  void hsts_that_ends_at_once_is_a_warning() throws IOException {
    assertBad("PDV903", "warn", site -> site.headers.put("Strict-Transport-Security", "max-age=0"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(strings = {"csrftoken=x; Path=/; HttpOnly", "__Secure-csrftoken=x; Path=/; Secure"})
  void cookie_that_others_can_take_is_an_error(String cookie) throws IOException {
    assertBad("PDV904", "error", site -> site.cookie = cookie);
  }

  @Test
  void missing_and_weak_headers_are_named() throws IOException {
    var run =
        check(
            site -> {
              site.headers.remove("Content-Security-Policy");
              site.headers.put("X-Content-Type-Options", "sniff");
            });

    assertEquals(List.of("PDV905"), run.ids(BAD));
    assertTrue(run.message("PDV905").startsWith("X-Content-Type-Options: sniff. no Content"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "503, '{\"status\":\"unhealthy\",\"database\":\"error: connection failed\"}'",
    "502, Bad Gateway",
    "200, Welcome to nginx!",
    "404, Not Found"
  })
  void address_that_does_not_lead_to_a_healthy_validibot_is_one_error(int status, String body)
      throws IOException {
    var run =
        check(
            site -> {
              site.status = status;
              site.health = body;
            });

    assertEquals(List.of("PDV900"), run.ids(BAD));
    assertEquals(List.of("PDV900"), run.ids("error"));
    assertTrue(run.message("PDV900").contains(status + " "));
  }

  @Test
  void refusal_of_a_host_that_is_not_allowed_is_told_by_another_check() throws IOException {
    settings.put("DJANGO_ALLOWED_HOSTS", "localhost");

    var run = check(site -> site.status = 400);

    assertEquals(List.of(), run.ids(BAD));
    assertEquals("skipped", run.status("PDV900"));
  }

  @Test
  void certificate_that_nobody_trusts_is_one_error() throws IOException {
    var run = run(certificate().build(), site -> {}, "--only", "live");

    assertCertificate(run, "not trusted here");
  }

  @Test
  void certificate_for_another_name_is_one_error() throws IOException {
    var other =
        new HeldCertificate.Builder()
            .signedBy(AUTHORITY)
            .addSubjectAlternativeName("other.acme.internal")
            .build();

    assertCertificate(trusting(other, site -> {}), "for another name");
  }

  @Test
  void expired_certificate_is_one_error() throws IOException {
    assertCertificate(trusting(lasting(-90, -1), site -> {}), "has expired");
  }

  @Test
  void certificate_that_should_have_been_renewed_is_a_warning() throws IOException {
    var run = trusting(lasting(-70, 20), site -> {});

    run.outcome().exits(0);
    assertEquals(List.of("PDV902"), run.ids(BAD));
    assertTrue(run.message("PDV902").contains("19 days"));
  }

  @Test
  void certificate_that_never_lasts_long_is_good_for_most_of_its_time() throws IOException {
    assertEquals(List.of(), trusting(lasting(-2, 4), site -> {}).ids(BAD));
  }

  @Test
  void server_that_never_answers_is_one_error_by_the_deadline() throws IOException {
    var authority = Files.writeString(folder.resolve("ca.pem"), AUTHORITY.certificatePem());

    var run =
        run(
            certificate().build(),
            site -> site.silent = true,
            "--only",
            "live",
            "--timeout",
            "2",
            "--cacert",
            authority.toString());

    assertEquals(List.of("PDV900"), run.ids(BAD));
    assertTrue(run.message("PDV900").contains("no answer within"));
  }

  @Test
  void name_that_does_not_resolve_is_one_error() {
    settings.put("SITE_URL", "https://" + PublicSite.HOST);
    settings.put("DJANGO_ALLOWED_HOSTS", PublicSite.HOST + ",localhost");

    var run = DoctorRun.with(settings, folder, "--only", "live");

    assertEquals(List.of("PDV900"), run.ids(BAD));
  }

  @Test
  void address_without_https_is_one_error_and_is_not_asked() {
    settings.put("SITE_URL", "http://" + PublicSite.HOST);

    var run = DoctorRun.with(settings, folder, "--only", "live");

    assertEquals(List.of("PDV805"), run.ids(BAD));
    assertEquals("skipped", run.status("PDV900"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(
      strings = {
        "http://localhost:8000",
        "https://127.0.0.1",
        "https://web:8000",
        "https://validibot.example.com",
        "https://validibot.acme.test"
      })
  void address_that_is_not_public_is_not_asked(String url) {
    settings.put("SITE_URL", url);

    var run = DoctorRun.with(settings, folder, "--only", "live");

    var told = url.endsWith(".test") ? List.of() : List.of("PDV805");
    assertEquals(told, run.ids(BAD));
    assertEquals("skipped", run.status("PDV900"));
  }

  private void assertBad(String id, String status, Consumer<PublicSite> spoilt) throws IOException {
    var run = check(spoilt);
    assertEquals(List.of(id), run.ids(BAD));
    assertEquals(List.of(id), run.ids(status));
  }

  private static void assertCertificate(DoctorRun run, String said) {
    assertEquals(List.of("PDV902"), run.ids(BAD));
    assertEquals(List.of("PDV902"), run.ids("error"));
    assertTrue(run.message("PDV902").contains(said), run.message("PDV902"));
  }

  private DoctorRun check(Consumer<PublicSite> spoilt) throws IOException {
    return trusting(certificate().build(), spoilt);
  }

  private DoctorRun trusting(HeldCertificate certificate, Consumer<PublicSite> spoilt)
      throws IOException {
    var authority = Files.writeString(folder.resolve("ca.pem"), AUTHORITY.certificatePem());
    return run(certificate, spoilt, "--only", "live", "--cacert", authority.toString());
  }

  private DoctorRun run(
      HeldCertificate certificate, Consumer<PublicSite> spoilt, String... arguments)
      throws IOException {
    try (var site = new PublicSite(certificate)) {
      spoilt.accept(site);
      settings.put("SITE_URL", "https://" + PublicSite.HOST);
      settings.putIfAbsent("DJANGO_ALLOWED_HOSTS", PublicSite.HOST + ",localhost");
      settings.put("JAVA_TOOL_OPTIONS", site.javaOptions());
      return DoctorRun.asProcess(settings, folder, arguments);
    }
  }

  private static HeldCertificate.Builder certificate() {
    return new HeldCertificate.Builder()
        .signedBy(AUTHORITY)
        .addSubjectAlternativeName(PublicSite.HOST);
  }

  /** A certificate whose life began and ends these days from now. */
  private static HeldCertificate lasting(int from, int to) {
    var now = Instant.now();
    return certificate()
        .validityInterval(
            now.plus(Duration.ofDays(from)).toEpochMilli(),
            now.plus(Duration.ofDays(to)).toEpochMilli())
        .build();
  }
}
