package test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static test.RawServer.forever;
import static test.RawServer.say;

import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers that are broken, or mean harm: whatever they do, a run ends by itself, in the memory that
 * it was given, and says what happened.
 */
class HostileTests {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
  private static final byte[] FILLER = "x".repeat(64 * 1024).getBytes(ISO_8859_1);

  /** Less than the endless answers that are read at the same time, if they were kept. */
  private static final String MEMORY = "-Xmx64m";

  @TempDir Path folder;

  /** What a server does, and what is said of it. */
  enum Harm {
    ENDLESS_BODY(
        "it is longer than 16 MB, if it ends at all",
        (request, caller) -> {
          say(caller, OK + "\r\n");
          forever(caller.getOutputStream(), FILLER, 0);
        }),
    ENDLESS_CHUNKS(
        "it is longer than 16 MB, if it ends at all",
        (request, caller) -> {
          say(caller, OK + "Transfer-Encoding: chunked\r\n\r\n");
          var chunk = "10000\r\n" + new String(FILLER, ISO_8859_1) + "\r\n";
          forever(caller.getOutputStream(), chunk.getBytes(ISO_8859_1), 0);
        }),
    GZIP_BOMB(
        "it is longer than 16 MB, if it ends at all",
        (request, caller) -> {
          say(caller, OK + "Content-Encoding: gzip\r\n\r\n");
          forever(new GZIPOutputStream(caller.getOutputStream(), true), new byte[1 << 20], 0);
        }),
    SLOW_DRIP(
        "the answer began, and did not end within 2.0 s",
        (request, caller) -> {
          say(caller, OK + "\r\n");
          forever(caller.getOutputStream(), new byte[] {'x'}, 100);
        }),
    SLOW_DRIP_OF_HEADERS(
        "no answer within 2.0 s",
        (request, caller) -> forever(caller.getOutputStream(), new byte[] {'H'}, 100)),
    HANG_AFTER_HEADERS(
        "the answer began, and did not end within 2.0 s",
        (request, caller) -> {
          say(caller, OK + "Content-Length: 100\r\n\r\n");
          Thread.sleep(Long.MAX_VALUE);
        }),
    HANG_BEFORE_HEADERS(
        "no answer within 2.0 s", (request, caller) -> Thread.sleep(Long.MAX_VALUE)),
    RESET(
        "the connection was reset",
        (request, caller) -> {
          caller.setSoLinger(true, 0);
          caller.close();
        }),
    RESET_IN_THE_BODY(
        "the connection was reset",
        (request, caller) -> {
          say(caller, OK + "Content-Length: 100\r\n\r\nhalf of it");
          Thread.sleep(300); // a reset overtakes what was not read yet
          caller.setSoLinger(true, 0);
          caller.close();
        }),
    CLOSED("the connection was closed without an answer", (request, caller) -> caller.close()),
    CUT("the answer broke off before its end", OK + "Content-Length: 100\r\n\r\nhalf of it"),
    GARBAGE("what came is no HTTP (SSH-2.0-x)", "SSH-2.0-x\r\n"),
    STORM_OF_1XX(
        "the answer broke off in its headers, or they have no end",
        (request, caller) ->
            forever(
                caller.getOutputStream(),
                "HTTP/1.1 103 Early Hints\r\n\r\n".getBytes(ISO_8859_1),
                0)),
    HUGE_HEADER(
        "the answer broke off in its headers, or they have no end",
        (request, caller) -> {
          say(caller, OK + "X-Huge: ");
          forever(caller.getOutputStream(), FILLER, 0);
        }),
    MANY_HEADERS(
        "the answer broke off in its headers, or they have no end",
        (request, caller) -> {
          say(caller, OK);
          forever(caller.getOutputStream(), "X-Many: x\r\n".repeat(99).getBytes(ISO_8859_1), 0);
        }),
    NO_GZIP(
        "the answer calls itself gzip, and is none",
        OK + "Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n<p>This is plain.</p"),
    FOREIGN_ENCODING(
        "its encoding is br, and nobody asked for that",
        OK + "Content-Encoding: br\r\nContent-Length: 5\r\n\r\nplain"),
    STATUS_BELOW_ZERO("the answer could not be read (code < 0: -20)", "HTTP/1.1 -20 Odd\r\n\r\n"),
    LENGTH_BELOW_ZERO("its length is -5", OK + "Content-Length: -5\r\n\r\nplain"),
    BAD_CHUNKS("the answer could not be read", OK + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");

    private final String sentence;
    private final RawServer.Speech speech;

    Harm(String sentence, RawServer.Speech speech) {
      this.sentence = sentence;
      this.speech = speech;
    }

    Harm(String sentence, String words) {
      this(sentence, (request, caller) -> say(caller, words));
    }
  }

  @ParameterizedTest(name = "web: {1}, worker: {2}, tokens: {3}")
  @CsvSource({
    "30, ENDLESS_BODY, GZIP_BOMB, ENDLESS_CHUNKS",
    "30, GZIP_BOMB, ENDLESS_BODY, GZIP_BOMB",
    "2, SLOW_DRIP, HANG_BEFORE_HEADERS, HANG_AFTER_HEADERS",
    "2, SLOW_DRIP_OF_HEADERS, HANG_AFTER_HEADERS, SLOW_DRIP",
    "30, RESET, CUT, GARBAGE",
    "30, GARBAGE, RESET_IN_THE_BODY, RESET",
    "30, STORM_OF_1XX, HUGE_HEADER, STORM_OF_1XX",
    "30, MANY_HEADERS, NO_GZIP, CUT",
    "30, CLOSED, FOREIGN_ENCODING, NO_GZIP",
    "30, BAD_CHUNKS, ENDLESS_CHUNKS, CLOSED",
    "30, STATUS_BELOW_ZERO, LENGTH_BELOW_ZERO, STATUS_BELOW_ZERO"
  })
  void run_ends_and_says_what_happened(int patience, Harm web, Harm worker, Harm tokens)
      throws IOException {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"));
        var webServer = RawServer.speaking(web.speech);
        var workerServer = RawServer.speaking(worker.speech);
        var tokenServer = RawServer.speaking(tokens.speech)) {
      var script =
          script(
              stage,
              tokenServer,
              "verify_deployment.java;dev;--timeout;%1$d;--cold-start;%1$d;-k;not scheduled"
                  .formatted(patience),
              "--web-url=" + webServer.url(),
              "--worker-url=" + workerServer.url());

      var outcome = IdentityTests.run(stage, script).exits(1);

      outcome.outContains(web.sentence).outContains(worker.sentence).outContains(tokens.sentence);
      sane(outcome);
      outcome.outLacks(" passed");
    }
  }

  /** Say it of a service too, and not of the one that looks it up. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "ENDLESS_BODY",
        "GZIP_BOMB",
        "SLOW_DRIP",
        "HANG_AFTER_HEADERS",
        "RESET",
        "GARBAGE",
        "STORM_OF_1XX"
      })
  void look_up_ends_and_says_what_happened(Harm harm) throws IOException {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"));
        var api = RawServer.speaking(harm.speech)) {
      var patience = harm.sentence.contains("2.0 s") ? 2 : 30;
      var script =
          script(stage, api, "quick_verify.java;dev;--timeout;" + patience)
              .with("CLOUDSDK_CONFIG", stage.environment().get("CLOUDSDK_CONFIG"))
              .with("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", api.url() + "/");

      var outcome = IdentityTests.run(stage, script).exits(2).outIs("");

      outcome.errContains("Failed to get service URL of validibot-web-dev");
      outcome.errContains(harm.sentence.replace("the answer began, and did not end", "no answer"));
      sane(outcome);
      assertEquals(List.of(), IdentityTests.of(stage, "web"));
    }
  }

  /** Names are looked up in a file: no network is asked. */
  @Test
  void redirects_without_end_over_ipv6_alone_and_a_name_that_is_none_are_told() throws IOException {
    var loop = "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n";
    var hosts = Files.writeString(folder.resolve("hosts"), "::1 six.example.org\n");
    try (var web =
        RawServer.at(InetAddress.getByName("::1"), (request, caller) -> say(caller, loop))) {
      Shell.jbang(
              "verify_deployment.java;dev;-k;homepage or root;--web-url=http://six.example.org:%d"
                  .formatted(web.port())
                  .concat(";--worker-url=http://nowhere.example.org")
                  .split(";"))
          .with("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts)
          .exits(1)
          .outContains("The redirects go on.")
          .outContains("came back: nothing, the name does not resolve");

      assertEquals(11, web.asked().size(), "the first, and ten more");
    }
  }

  private static void sane(Shell.Outcome outcome) {
    for (var unwanted : List.of("Exception", "OutOfMemory", "error of our own", "test itself")) {
      outcome.outLacks(unwanted).errLacks(unwanted);
    }
  }

  /** The script of somebody whose tokens come from there. */
  private Shell script(DemoStage stage, RawServer tokens, String words, String... more)
      throws IOException {
    var all = new ArrayList<>(List.of(words.split(";")));
    all.addAll(List.of(more));
    var script = Shell.jbang(all.toArray(String[]::new)).with("JAVA_TOOL_OPTIONS", MEMORY);
    stage.environment().forEach(script::with);
    var config = Path.of(stage.environment().get("CLOUDSDK_CONFIG"));
    var file = config.resolve("legacy_credentials").resolve("operator@example.com/adc.json");
    var json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    json.addProperty("token_uri", tokens.url() + "/token");
    var moved = folder.resolve("legacy_credentials").resolve("operator@example.com");
    Files.createDirectories(moved);
    Files.writeString(moved.resolve("adc.json"), json.toString());
    assertTrue(Files.exists(config), "the stage's own");
    var gcloud = Files.writeString(folder.resolve("gcloud"), "#!/bin/sh\nexit 1\n");
    assertTrue(gcloud.toFile().setExecutable(true));
    return script
        .with("PATH", folder + File.pathSeparator + System.getenv("PATH"))
        .with("CLOUDSDK_CONFIG", folder.toString())
        .with("CLOUDSDK_CORE_ACCOUNT", "operator@example.com");
  }
}
