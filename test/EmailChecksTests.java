package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import test.MailServer.Offer;

/** Mail, with a real SMTP server, which gets none. */
class EmailChecksTests {

  private static final HeldCertificate AUTHORITY =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("Our own CA").build();

  private static final HeldCertificate OWN = certificateFor("localhost");

  @TempDir private Path folder;

  private static HeldCertificate certificateFor(String name) {
    return new HeldCertificate.Builder()
        .signedBy(AUTHORITY)
        .addSubjectAlternativeName(name)
        .build();
  }

  /** Ask about a deployment whose settings differ in these, with our own authority known. */
  private DoctorRun check(Map<String, String> others) throws IOException {
    var settings = DoctorRun.goodSettings();
    settings.putAll(others);
    var authority = Files.writeString(folder.resolve("ca.pem"), AUTHORITY.certificatePem());
    var run =
        DoctorRun.with(
            settings,
            folder,
            "--only",
            "email",
            "--timeout",
            "5",
            "--cacert",
            authority.toString());
    run.outcome().outLacks(MailServer.PASSWORD);
    run.outcome().errIs("");
    return run;
  }

  /** The same for a server of SMTP on this machine; later settings are stronger. */
  private DoctorRun checkSmtp(int port, String... others) throws IOException {
    var settings = new java.util.HashMap<String, String>();
    settings.put("POSTMARK_SERVER_TOKEN", "");
    settings.put("EMAIL_HOST", "localhost");
    settings.put("EMAIL_PORT", String.valueOf(port));
    settings.put("EMAIL_HOST_USER", MailServer.USER);
    settings.put("EMAIL_HOST_PASSWORD", MailServer.PASSWORD);
    for (var i = 0; i < others.length; i += 2) {
      settings.put(others[i], others[i + 1]);
    }
    return check(settings);
  }

  private static void only(String status, DoctorRun run, String id, String message) {
    assertEquals(List.of(id), run.ids("error", "warn", "fatal"));
    assertEquals(status, run.status(id));
    assertTrue(run.message(id).contains(message), run.message(id));
  }

  @Test
  void a_server_with_starttls_and_an_account_is_good_and_gets_no_mail() throws IOException {
    try (var server = MailServer.offering(Offer.STARTTLS_AND_AUTH, OWN)) {
      var run = checkSmtp(server.port());

      assertEquals(0, run.outcome().exit());
      assertEquals(List.of("PDV601", "PDV602", "PDV604", "VB601", "VB602", "VB603"), run.ids("ok"));
      assertEquals(1, server.logins());
      assertEquals(0, server.mails());
    }
  }

  @Test
  void a_wrong_password_is_said_to_be_that() throws IOException {
    try (var server = MailServer.offering(Offer.STARTTLS_AND_AUTH, OWN)) {
      var run = checkSmtp(server.port(), "EMAIL_HOST_PASSWORD", "another-canary");

      only("error", run, "PDV602", "refuses the account canary-mailer: 535");
      run.outcome().outLacks("another-canary");
    }
  }

  @Test
  void a_server_that_does_not_answer_a_log_in_has_not_refused_it() throws IOException {
    try (var server = MailServer.offering(Offer.STARTTLS_AND_AUTH, OWN)) {
      var run = checkSmtp(server.port(), "EMAIL_HOST_PASSWORD", MailServer.UNANSWERED);

      only("error", run, "PDV602", "gives no answer to the log-in");
    }
  }

  @Test
  void half_an_account_is_a_warning() throws IOException {
    try (var server = MailServer.offering(Offer.STARTTLS_AND_AUTH, OWN)) {
      only("warn", checkSmtp(server.port(), "EMAIL_HOST_PASSWORD", ""), "PDV602", "only one of");
      assertEquals(0, server.logins());
    }
  }

  @Test
  void an_account_for_a_server_that_wants_none_is_told() throws IOException {
    try (var server = MailServer.offering(Offer.STARTTLS, OWN)) {
      only("error", checkSmtp(server.port()), "PDV602", "offers no login");
    }
  }

  @Test
  void starttls_that_is_not_offered_is_told_and_the_password_kept() throws IOException {
    try (var server = MailServer.offering(Offer.AUTH, OWN)) {
      only("error", checkSmtp(server.port()), "PDV601", "offers no STARTTLS");
      assertEquals(0, server.logins());
    }
  }

  @Test
  void on_this_machine_mail_needs_no_tls() throws IOException {
    try (var server = MailServer.offering(Offer.AUTH, OWN)) {
      var run = checkSmtp(server.port(), "EMAIL_USE_TLS", "False");

      assertEquals(List.of(), run.ids("error", "warn", "fatal"));
      assertEquals("skipped", run.status("PDV601"));
      assertEquals("ok", run.status("PDV602"));
    }
  }

  @Test
  void a_certificate_for_another_name_is_told() throws IOException {
    try (var server =
        MailServer.offering(Offer.STARTTLS_AND_AUTH, certificateFor("other.acme.test"))) {
      only("error", checkSmtp(server.port()), "PDV601", "certificate is for another name");
      assertEquals(0, server.logins());
    }
  }

  @Test
  void a_certificate_that_nobody_knows_is_told() throws IOException {
    var stranger = new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
    try (var server = MailServer.offering(Offer.STARTTLS_AND_AUTH, stranger)) {
      var run = checkSmtp(server.port());

      only("error", run, "PDV601", "certificate is not trusted here: no authority");
      run.outcome().outLacks("SunCertPath").outContains("--cacert");
    }
  }

  @Test
  void implicit_tls_is_said_to_be_that() throws IOException {
    try (var server = MailServer.offering(Offer.IMPLICIT_TLS, OWN)) {
      only("error", checkSmtp(server.port()), "VB603", "implicit TLS");
    }
  }

  @Test
  void a_port_where_nobody_listens_is_said_to_be_that() throws IOException {
    only("error", checkSmtp(Ports.free()), "VB603", "connection refused");
  }

  @Test
  void a_port_that_never_answers_ends_by_the_deadline() throws IOException {
    try (var hole = Listener.silent()) {
      only("error", checkSmtp(hole.port()), "VB603", "no answer within");
    }
  }

  @Test
  void a_port_of_something_else_is_said_to_be_that() throws IOException {
    try (var web = Listener.saying("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      only("error", checkSmtp(web.port()), "VB603", "localhost:" + web.port());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"smtp.acme.test:587", "smtp://smtp.acme.test", "smtp.example.com", "your-server"})
  void a_host_that_is_none_is_told(String host) throws IOException {
    only("error", checkSmtp(25, "EMAIL_HOST", host), "VB602", host);
  }

  @Test
  void a_port_that_is_none_is_told() throws IOException {
    only("error", checkSmtp(25, "EMAIL_PORT", "submission"), "VB602", "no port: submission");
  }

  @Test
  void postmark_is_judged_by_its_token() throws IOException {
    var good = check(Map.of());
    var bad = check(Map.of("POSTMARK_SERVER_TOKEN", "your-postmark-token"));

    assertEquals(List.of("PDV603", "PDV604", "VB601"), good.ids("ok"));
    only("error", bad, "PDV603", "form of a server token");
  }

  @ParameterizedTest
  @CsvSource({
    "'', warn, noreply@example.com",
    "Validibot <validibot@your-domain.example>, warn, your-domain",
    "Validibot, error, no address"
  })
  void a_sender_that_nobody_is_is_told(String sender, String status, String message)
      throws IOException {
    only(status, check(Map.of("DJANGO_DEFAULT_FROM_EMAIL", sender)), "PDV604", message);
  }

  @Test
  void a_local_target_sends_nothing_which_is_only_said() throws IOException {
    var run = check(Map.of("DEPLOYMENT_TARGET", "local_docker_compose"));

    assertEquals(List.of("VB601"), run.ids("info"));
    assertEquals(6, run.ids("skipped").size());
  }

  @Test
  void no_provider_at_all_is_for_the_settings_to_tell() throws IOException {
    var run = check(Map.of("POSTMARK_SERVER_TOKEN", ""));

    assertEquals(List.of(), run.ids("ok", "info", "warn", "error", "fatal"));
  }
}
