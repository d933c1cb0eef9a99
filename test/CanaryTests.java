package test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static test.RawServer.say;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import lib.http.Http;
import lib.report.Exchange;
import lib.report.Finding;
import lib.report.Output;
import lib.report.Report;
import lib.report.Reporter;
import lib.report.Status;
import lib.report.Summary;
import lib.report.Terminal;
import lib.report.TextReporter;
import lib.report.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Secrets that must be seen nowhere, whoever quotes them, in whatever form. */
class CanaryTests {

  /** A secret of each kind; none looks like one. */
  enum Kind {
    BEARER("canary-bearer/0+1=2.Zm9vYmFyYmF6cXV4.aGVsbG93b3JsZA"),
    REFRESH_TOKEN("canary-refresh//0gQ2FuYXJ5c2FyZWJpcmRz"),
    PRIVATE_KEY("canaryMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIBAQDcanary"),
    PASSWORD("canary & \"horse\" <battéry> 'staple'"),
    COOKIE("canary0k7w3v9x2m5q8z1c4n6b0l3j7h"),
    CSRF_TOKEN("canaryTq8ZxYwVuTsRqPoNmLkJiHgFeDcBa0987"),
    PROXY_PASSWORD("canary#proxy%word/with@signs");

    final String secret;

    Kind(String secret) {
      this.secret = secret;
    }

    /** How servers quote it. */
    List<String> forms() {
      var url = URLEncoder.encode(secret, UTF_8);
      var json = new JsonPrimitive(secret).toString();
      var html = secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
      return List.of(
          secret,
          url,
          url.replace("+", "%20"),
          html.replace("\"", "&quot;").replace("'", "&#x27;"),
          json,
          json.replace("é", "\\u00e9"),
          base64("", true),
          base64("B", true),
          base64("Authorization: Bearer ", true),
          base64("a", false),
          base64("ab", false),
          HexFormat.of().formatHex(secret.getBytes(UTF_8)),
          secret.replaceAll("(.{5})", "$1 "),
          secret.replaceAll("(.{9})", "$1\r\n  "),
          base64("x", true).replaceAll("(.{7})", "$1\n"));
    }

    private String base64(String before, boolean plus) {
      var bytes = (before + secret + "!").getBytes(UTF_8);
      return (plus ? Base64.getEncoder() : Base64.getUrlEncoder()).encodeToString(bytes);
    }
  }

  /** The longest text of it that may be seen: the letters at the ends of base64 are not its own. */
  static void assertHidden(Kind kind, String seen) {
    var letters = seen.replaceAll("\\s", "");
    for (var form : kind.forms()) {
      var hunted = form.replaceAll("\\s", "");
      var middle = hunted.length() / 2;
      var part = hunted.substring(Math.max(0, middle - 6), middle + 6);
      assertFalse(letters.contains(part), () -> part + " of " + form + " is in:\n" + seen);
    }
    assertFalse(letters.contains("canary"), seen);
    assertTrue(letters.contains("[hidden]"), seen);
  }

  @ParameterizedTest
  @EnumSource
  void secret_is_in_no_output_in_any_form(Kind kind) {
    for (var level : TextReporter.Level.values()) {
      for (var columns : List.of(80, Integer.MAX_VALUE)) {
        var seen = new StringWriter();
        var writer = new PrintWriter(seen);
        var terminal = new Terminal(false, true, true, columns);
        var output = new Output(writer, writer, terminal, true);
        output.redaction().add(kind.secret);
        tell(new TextReporter(output, terminal, level, 1), kind);
        var document = new JsonObject();
        document.addProperty("said", String.join(" and ", kind.forms()));
        output.document(document);

        assertHidden(kind, seen.toString());
      }
    }
  }

  /** Say it wherever something can be said. */
  private static void tell(TextReporter reporter, Kind kind) {
    var whole = kind.forms().stream().map(it -> "It said: " + it + ", and more of such words.");
    var cut = kind.forms().stream().map(it -> Http.excerpt("x ".repeat(94) + it));
    for (var said : Stream.concat(whole, cut).toList()) {
      reporter.note(List.of(said));
      reporter.began(List.of(said));
      for (var status : Status.values()) {
        var verdict = new Verdict(status, List.of(said, "  " + said), said, List.of("  " + said));
        var exchange = new Exchange(said, said, said, said);
        var finding =
            new Finding(said, said, said, verdict, Duration.ZERO, List.of(said), List.of(exchange));
        reporter.alone(finding);
        reporter.found(finding);
        var summary = new Summary(List.of(finding), Duration.ZERO);
        reporter.waiting(new Reporter.Progress(0, 1, List.of(said), 0));
        reporter.ended(
            new Report(
                "verify_deployment",
                said,
                Map.of(),
                Instant.EPOCH,
                summary,
                status,
                1,
                said,
                List.of(said),
                Optional.of(said),
                List.of(said, "  " + said)));
      }
    }
  }

  /** What gcloud prints for a token is sent, and comes back in every form that there is. */
  @Test
  void worker_that_quotes_our_token_is_not_quoted(@TempDir Path folder) throws Exception {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"));
        var worker = RawServer.speaking(CanaryTests::quote);
        var running =
            signedIn(
                    folder,
                    "verify_deployment.java;dev;-vv;-n;1;-k;invoker;--web-url=%s;--worker-url=%s"
                        .formatted(stage.web(), worker.url()))
                .start()) {
      running.until(() -> worker.asked().size() == 2, "a second question").signal("INT");

      var outcome = running.within(Duration.ofMinutes(1)).exits(130);

      outcome.outContains("as the invoker -> 302 by ").outContains("came back: 302 to http");
      outcome.outContains("✗ Interrupted, dev is not verified to the end: 1 failed");
      assertHidden(Kind.BEARER, outcome.out() + outcome.err());
      assertTrue(worker.asked().get(0).contains("Bearer " + Kind.BEARER.secret), "it was sent");
    }
  }

  @Test
  void google_that_quotes_our_token_is_not_quoted(@TempDir Path folder) throws Exception {
    try (var api = RawServer.speaking(CanaryTests::quote)) {
      var outcome =
          signedIn(folder, "quick_verify.java;dev;--project=p")
              .with("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", api.url() + "/")
              .exits(2)
              .outIs("");

      outcome.errContains("is not allowed to look").errContains("It said: ");
      assertHidden(Kind.BEARER, outcome.err());
    }
  }

  @Test
  void address_with_a_password_is_not_repeated(@TempDir Path folder) throws IOException {
    for (var words :
        List.of(
            "--web-url=https://ada:canary-word@x.example", "https://ada:canary/word@x.example")) {
      Shell.jbang("quick_verify.java", "dev", words).exits(2).outIs("").errLacks("canary");
    }
    var file =
        Files.writeString(folder.resolve("e"), "GCP_REGION=http://ada:canary-word@x.example");
    Shell.jbang("quick_verify.java", "dev", "--env-file=" + file, "--web-url=http://127.0.0.1:1")
        .exits(1)
        .errLacks("canary");
  }

  static void quote(String request, Socket caller) throws Exception {
    if (request.startsWith("POST")) {
      Thread.sleep(Long.MAX_VALUE);
    }
    var look = request.startsWith("GET /v2/");
    var all = String.join(" ; ", Kind.BEARER.forms());
    var error = new JsonObject();
    error.addProperty("message", all);
    var json = new JsonObject();
    json.add("error", error);
    json.addProperty("detail", all);
    var body = json.toString();
    var url = URLEncoder.encode(Kind.BEARER.secret, UTF_8);
    say(
        caller,
        "HTTP/1.1 %s\r\nContent-Type: a/%s\r\nLocation: http://h.example/%s?t=%s\r\n"
                .formatted(look ? "403 No" : "302 Found", Kind.BEARER.secret, url, url)
            + "X-Frame-Options: DENY\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body));
  }

  /** The script of somebody whose gcloud prints the canary for every token. */
  static Shell signedIn(Path folder, String words) throws IOException {
    var gcloud = folder.resolve("gcloud");
    Files.writeString(gcloud, "#!/bin/sh\necho '" + Kind.BEARER.secret + "'\n");
    assertTrue(gcloud.toFile().setExecutable(true));
    return Shell.jbang(words.split(";"))
        .with("CLOUDSDK_CONFIG", folder.toString())
        .with("CLOUDSDK_CORE_ACCOUNT", "ada@example.com")
        .with("NO_GCE_CHECK", "true")
        .with("PATH", folder + File.pathSeparator + System.getenv("PATH"));
  }
}
