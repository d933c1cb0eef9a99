package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import lib.report.Exchange;
import lib.report.Finding;
import lib.report.Output;
import lib.report.Report;
import lib.report.ReportOptions;
import lib.report.Status;
import lib.report.Summary;
import lib.report.Terminal;
import lib.report.Verdict;
import lib.target.Environment;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What CI servers and Prometheus are told is what --json tells, whoever reads it. */
class ReportFilesTests {

  private static final Map<String, String> DOCTORS_WORDS =
      Map.of("ok", "passed", "warn", "warning", "error", "failed", "fatal", "unverified");

  @TempDir private Path folder;

  private ReportFiles files() {
    return new ReportFiles(folder);
  }

  private Shell script(String words, String... more) {
    var all = Stream.concat(Stream.of(words.split(" ")), Stream.of(more));
    var options = Stream.of(files().options());
    var shell = Shell.script(Stream.concat(all, options).toArray(String[]::new)).in(folder);
    return shell.with("DOCKER_HOST", "unix:///nonexistent.sock");
  }

  @ParameterizedTest
  @CsvSource({
    "verify_deployment.java demo, 0",
    "verify_deployment.java demo --break=web-down, 1",
    "verify_deployment.java demo --break=certificate-expiring, 0",
    "quick_verify.java demo, 0",
    "quick_verify.java demo --break=worker-public, 1",
    "check_validibot.java --env-file=FOLDER/settings, 1"
  })
  void every_form_tells_the_same(String words, int exit) throws Exception {
    var settings = new HashMap<>(DoctorRun.goodSettings());
    settings.put("DATABASE_URL", "postgres://nobody:nothing@127.0.0.1:1/nowhere");
    var lines = settings.entrySet().stream().map(it -> it.getKey() + "='" + it.getValue() + "'\n");
    Files.writeString(folder.resolve("settings"), lines.collect(Collectors.joining()));

    var json =
        Schema.kept(
            script(words.replace("FOLDER", "" + folder), "--json", "--html=page.html")
                .asProcess()
                .exits(exit)
                .out());

    var tests = tests(json);
    assertTrue(tests.size() > 1, "there is something to tell");
    junitXmlTells(tests);
    prometheusTells(tests, exit);
    var page = Jsoup.parse(folder.resolve("page.html").toFile(), "UTF-8").text();
    for (var test : tests.values()) {
      var title = test.get(test.has("title") ? "title" : "name").getAsString();
      assertTrue(page.contains(title), title);
    }
  }

  /** In CI it is the server that interrupts, and files are all that people look at. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify_deployment.java dev -k=homepage",
        "quick_verify.java dev",
        "check_validibot.java --timeout=60"
      })
  void what_was_learnt_before_an_interruption_is_told_in_every_form(String words) throws Exception {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"));
        var silent = Listener.silent()) {
      var place = "127.0.0.1:" + silent.port();
      var script =
          words.startsWith("check")
              ? script(words, "--json").with("DATABASE_URL", "postgres://a:b@" + place + "/c")
              : script(
                  words, "--json", "--web-url=http://" + place, "--worker-url=" + stage.worker());
      try (var running = script.start()) {
        running.until(silent::isAsked, "a question").signal("INT");
        var json = running.within(Duration.ofMinutes(1)).exits(130).out();

        var tests = tests(Schema.kept(json));
        assertTrue(count(tests, "unverified") > 0, "what was under way is not known");
        junitXmlTells(tests);
        prometheusTells(tests, 130);
        assertTrue(json.contains("There was no answer yet"), json);
      }
    }
  }

  /** The look-up, or the search for settings, takes its time. */
  @ParameterizedTest
  @ValueSource(
      strings = {"verify_deployment.java dev", "quick_verify.java dev", "check_validibot.java"})
  void a_run_that_is_cut_off_at_once_is_told_in_every_form(String words) throws Exception {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"));
        var silent = Listener.silent()) {
      var place = "127.0.0.1:" + silent.port();
      var script = script(words, "--json");
      stage.environment().forEach(script::with);
      script.with("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", "http://" + place + "/");
      try (var running = script.with("DOCKER_HOST", "tcp://" + place).start()) {
        running.until(silent::isAsked, "a question").signal("INT");
        var outcome = running.within(Duration.ofMinutes(1)).exits(130);

        var json = Schema.kept(outcome.out());
        var problem = json.get("problem").getAsString();
        assertEquals(problem + "\n", outcome.err());
        assertEquals(Map.of(), tests(json));
        assertEquals(problem, files().elements("error").get(0).getAttribute("message"));
        assertEquals(0, files().value("up"));
      }
    }
  }

  /** The tests or checks of a document, with the words of the former for statuses. */
  private static Map<String, JsonObject> tests(JsonObject json) {
    var tests = new HashMap<String, JsonObject>();
    for (var element : json.getAsJsonArray(json.has("tests") ? "tests" : "checks")) {
      var test = element.getAsJsonObject();
      var word = test.get("status").getAsString();
      test.addProperty("status", DOCTORS_WORDS.getOrDefault(word, word));
      tests.put(test.get("id").getAsString(), test);
    }
    return tests;
  }

  private static long count(Map<String, JsonObject> tests, String status) {
    return tests.values().stream()
        .filter(it -> it.get("status").getAsString().equals(status))
        .count();
  }

  private void junitXmlTells(Map<String, JsonObject> tests) throws Exception {
    for (var test : files().cases()) {
      var id = test.getName().split(" ")[0];
      var told =
          test.hasFailure()
              ? "failed"
              : test.hasError() ? "unverified" : test.hasSkipped() ? "skipped" : "passed";
      var status = tests.get(id).get("status").getAsString();
      assertEquals(Set.of("info", "warning").contains(status) ? "passed" : status, told, id);
      assertEquals(tests.get(id).get("duration_ms").getAsLong() / 1000f, test.getTime(), 1e-6, id);
    }
    assertEquals(tests.size(), files().cases().size());
    for (var level : List.of("testsuites", "testsuite")) {
      assertEquals(tests.size(), total(level, "tests"));
      assertEquals(count(tests, "failed"), total(level, "failures"));
      assertEquals(count(tests, "unverified"), total(level, "errors"));
      assertEquals(count(tests, "skipped"), total(level, "skipped"));
    }
    for (var element : List.of("failure", "error")) {
      for (var problem : files().elements(element)) {
        assertFalse(problem.getAttribute("message").isBlank());
        assertTrue(
            problem.getTextContent().contains(problem.getAttribute("message").split(";")[0]));
      }
    }
    for (var suite : files().elements("testsuite")) {
      var cases = suite.getElementsByTagName("testcase").getLength();
      assertEquals("" + cases, suite.getAttribute("tests"), suite.getAttribute("name"));
      var began = Instant.parse(suite.getAttribute("timestamp"));
      assertTrue(Duration.between(began, Instant.now()).toMinutes() < 5, "began " + began);
    }
    var told = files().elements("system-out").size();
    assertTrue(told >= count(tests, "warning") + count(tests, "info"), "told: " + told);
  }

  private long total(String level, String attribute) throws Exception {
    return files().elements(level).stream()
        .mapToLong(it -> Long.parseLong(it.getAttribute(attribute)))
        .sum();
  }

  private void prometheusTells(Map<String, JsonObject> tests, int exit) throws IOException {
    assertEquals(exit == 0 ? 1 : 0, files().value("up"));
    var statuses = files().samples("finding_status");
    assertEquals(tests.size() * Status.values().length, statuses.size());
    var have = new HashMap<String, String>();
    for (var sample : statuses) {
      if (sample.value() == 1) {
        have.put(sample.labels().get("id"), sample.labels().get("status"));
      } else {
        assertEquals(0, sample.value());
      }
    }
    var should = new HashMap<String, String>();
    tests.forEach((id, test) -> should.put(id, test.get("status").getAsString()));
    assertEquals(should, have);
    for (var sample : files().samples("finding_duration_seconds")) {
      var test = tests.get(sample.labels().get("id"));
      assertEquals(test.get("duration_ms").getAsLong() / 1000.0, sample.value(), 1e-9);
    }
    var days = new HashMap<String, Long>();
    tests.forEach(
        (id, test) -> {
          var measures = Optional.ofNullable(test.getAsJsonObject("measures"));
          measures
              .map(it -> it.get("certificate_days_left"))
              .ifPresent(it -> days.put(id, it.getAsLong()));
        });
    var told = new HashMap<String, Long>();
    files()
        .samples("certificate_days_left")
        .forEach(it -> told.put(it.labels().get("id"), (long) it.value()));
    assertEquals(days, told);
    var ended = files().value("last_run_timestamp_seconds");
    assertEquals(Instant.now().getEpochSecond(), ended, 300);
    assertEquals(exit == 0 ? 1 : 0, files().samples("last_success_timestamp_seconds").size());
    assertTrue(files().value("run_duration_seconds") > 0);
  }

  @Test
  void certificate_that_ends_soon_has_days_to_follow() throws IOException {
    script("verify_deployment.java demo -q --break=certificate-expiring").exits(0);

    var days = files().samples("certificate_days_left");
    assertFalse(days.isEmpty());
    assertTrue(days.stream().allMatch(it -> it.value() >= 0 && it.value() < 30), days.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verify_deployment.java staging | no Google Cloud project is set",
        "quick_verify.java staging      | no Google Cloud project is set",
        "check_validibot.java           | Nothing is configured here",
        "verify_deployment.java demo --nonesuch | Unknown option: '--nonesuch'"
      })
  void run_that_could_not_begin_is_no_good_empty_one(String words, String reason) throws Exception {
    script(words).exits(2);

    var only = files().cases();
    assertEquals(1, only.size());
    assertTrue(only.get(0).hasError());
    assertTrue(only.get(0).getFailureDetail().contains(reason), only.get(0).getFailureDetail());
    assertEquals(1, total("testsuites", "errors"));
    assertEquals(0, files().value("up"));
    files().value("last_run_timestamp_seconds");
    assertEquals(2, files().samples().size(), "that is all");
  }

  /** All of it is skipped, and a CI server calls that good. */
  @Test
  void run_that_verified_nothing_is_an_error_in_junit_xml() throws Exception {
    script("verify_deployment.java demo -k documentation").exits(2);

    assertEquals(1, total("testsuites", "errors"));
    var errors = files().cases().stream().filter(it -> it.hasError()).toList();
    assertEquals(1, errors.size());
    assertEquals("demo could not be verified", errors.get(0).getName());
    assertTrue(files().cases().size() > 1);
  }

  @Test
  void last_success_is_kept_until_the_next_one() throws IOException {
    var quick = "quick_verify.java demo";
    script(quick).exits(0);
    var known = files().metrics();
    var earlier = known.replaceAll("(last_success\\S+\"} )\\S+", "$11.7E9");
    assertFalse(earlier.equals(known), known);
    Files.writeString(files().prometheus(), earlier);

    for (var i = 0; i < 2; i++) {
      script(quick + " --break=homepage-500").exits(1);
      assertEquals(0, files().value("up"));
      assertEquals(1.7e9, files().value("last_success_timestamp_seconds"));
      assertTrue(files().value("last_run_timestamp_seconds") > 1.7e9);
    }
    script(quick + " --nonesuch").exits(2);
    assertEquals(1.7e9, files().value("last_success_timestamp_seconds"));

    script("verify_deployment.java demo -q -k homepage --break=homepage-500").exits(1);
    assertEquals(List.of(), files().samples("last_success_timestamp_seconds"));

    Files.writeString(files().prometheus(), earlier);
    script(quick).exits(0);
    assertTrue(files().value("last_success_timestamp_seconds") > 1.7e9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "+Inf", "-5", "9.9E300", "", "garbage", "1.7E9 1700000000000"})
  void what_is_no_time_of_a_success_is_not_kept(String value) throws IOException {
    var line =
        "validibot_pdv_last_success_timestamp_seconds{script=\"verify_deployment\",subject=\"";
    Files.writeString(
        files().prometheus(), line + "dev\"} " + value + "\n" + line + "prod\"} 5.0\n");

    write(report("no", "dev"), new Output(nobody(), nobody(), terminal(), false));
    assertEquals(List.of(), files().samples("last_success_timestamp_seconds"));

    Files.writeString(files().prometheus(), line + "dev\"} 5.0\n");
    write(report("no", "dev"), new Output(nobody(), nobody(), terminal(), false));
    assertEquals(5, files().value("last_success_timestamp_seconds"), "of the same form, it is");
  }

  @Test
  void old_file_that_is_no_text_is_replaced() throws IOException {
    Files.write(files().prometheus(), new byte[] {(byte) 0xff, 0, (byte) 0xfe, '\n'});

    script("quick_verify.java demo --break=homepage-500").exits(1);

    assertEquals(List.of(), files().samples("last_success_timestamp_seconds"));
    assertEquals(0, files().value("up"));
  }

  /** Whoever has the old file open reads it to its end; the collector finds the new one whole. */
  @Test
  void files_are_replaced_and_leave_nothing_beside_them() throws IOException {
    var old = List.of(files().junitXml(), files().prometheus());
    for (var file : old) {
      Files.writeString(file, "old");
      Files.createLink(folder.resolve(file.getFileName() + ".old"), file);
    }

    script("quick_verify.java demo").exits(0);

    for (var file : old) {
      assertEquals("old", Files.readString(folder.resolve(file.getFileName() + ".old")));
      assertTrue(Files.readString(file).length() > 100);
    }
    try (var all = Files.list(folder)) {
      assertEquals(
          Set.of("report.xml", "report.xml.old", "report.prom", "report.prom.old"),
          all.map(it -> it.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--junit-xml  | .           | that is a folder",
        "--prometheus | .           | that is a folder",
        "--junit-xml  | gone/a.xml  | there is no folder",
        "--prometheus | gone/a.prom | there is no folder"
      })
  void file_that_cannot_be_is_told_before_anything_is_asked(
      String option, String file, String reason) {
    try (var web = RawServer.saying("")) {
      var url = "--web-url=" + web.url();
      for (var script :
          List.of(
              "verify_deployment.java;dev;" + url + ";--worker-url=" + web.url(),
              "quick_verify.java;dev;" + url + ";--worker-url=" + web.url(),
              "check_validibot.java;--only=site")) {
        var words = Stream.of((script + ";" + option + ";" + file).split(";"));
        Shell.script(words.toArray(String[]::new))
            .in(folder)
            .with("SITE_URL", "" + web.url())
            .with("DATABASE_URL", "postgres://a:b@127.0.0.1:1/c")
            .exits(2)
            .outIs("")
            .errContains(option + " " + file + ": " + reason)
            .errLacks("could not be written");
      }
      assertEquals(List.of(), web.asked());
    }
  }

  @Test
  void folder_that_is_not_ours_to_write_to_is_told_and_the_old_file_survives() throws IOException {
    var closed = Files.createDirectory(folder.resolve("closed"));
    var file = Files.writeString(closed.resolve("a.xml"), "old");
    try (var web = RawServer.saying("")) {
      assertTrue(closed.toFile().setWritable(false));
      var words = "quick_verify.java dev --web-url=%s --worker-url=%s --junit-xml=%s";
      asAnyUser(words.formatted(web.url(), web.url(), file))
          .exits(2)
          .outIs("")
          .errContains("--junit-xml " + file + ": this user may not write to " + closed);
      assertEquals(List.of(), web.asked());
      assertEquals("old", Files.readString(file));
    } finally {
      assertTrue(closed.toFile().setWritable(true));
    }
  }

  /** As /dev/stdout is for everybody but root. */
  @Test
  void pipe_in_a_folder_that_is_not_ours_can_be_written_to() throws Exception {
    var closed = Files.createDirectory(folder.resolve("closed"));
    var pipe = closed.resolve("pipe");
    Shell.run("mkfifo", "" + pipe).exits(0);
    assertTrue(closed.toFile().setWritable(false));
    try (var reader = Shell.run("cat", "" + pipe).start()) {
      asAnyUser("quick_verify.java demo --junit-xml=" + pipe).exits(0);

      Files.writeString(files().junitXml(), reader.within(Duration.ofMinutes(1)).exits(0).out());
      assertEquals(2, files().cases().size());
    } finally {
      assertTrue(closed.toFile().setWritable(true));
    }
  }

  /** A process for which modes of files count, although the tests may be run by root. */
  private static Shell asAnyUser(String words) {
    var command = new ArrayList<String>();
    if (Files.isWritable(Path.of("/"))) {
      var none = "-dac_override,-dac_read_search";
      command.addAll(List.of("setpriv", "--bounding-set=" + none, "--inh-caps=" + none));
    }
    command.addAll(Shell.jbang(words.split(" ")).command());
    return Shell.run(command.toArray(String[]::new));
  }

  @Test
  void standard_output_can_be_the_file() throws Exception {
    var out = Shell.jbang("quick_verify.java", "demo", "--junit-xml=/dev/stdout").exits(0).out();

    Files.writeString(files().junitXml(), out.substring(out.indexOf("<?xml")));
    assertEquals(2, files().cases().size());
    assertTrue(out.startsWith("✓ web responds"), out);
  }

  /** What servers send may be anything, and an id of a user's own tests not be the only one. */
  @Test
  void any_text_comes_through() throws Exception {
    var odd =
        "\"quoted\" 'and' <b>&amp; ]]> back\\slash \\n \n line \t {x=\"y\"} #é✓😀 \u0085\u2028 end";
    var banned = "\u0000\u0001\u0008\u000b\u001b[31m\u001f\ufffe\uffff\ud800 \udc00\ud83d";
    write(report(odd + banned, odd + banned), new Output(nobody(), nobody(), terminal(), false));

    var text = files().elements("failure").get(0).getTextContent();
    var shown = banned.replaceAll("[^ \\[31m]", "\ufffd");
    assertTrue(text.contains(odd + shown), text);
    assertEquals(Status.values().length, files().cases().size());
    var titles =
        files().samples("finding_status").stream()
            .map(it -> it.labels().get("title"))
            .collect(Collectors.toSet());
    assertEquals(1, titles.size());
    assertTrue(titles.iterator().next().startsWith(odd), titles.toString());
    var ones = files().samples("finding_status").stream().filter(it -> it.value() == 1).toList();
    assertEquals(Status.values().length, ones.size(), "of one id, and none hides another");
    assertEquals(6, files().value("finding_duration_seconds"));
  }

  @ParameterizedTest
  @EnumSource
  void secret_is_in_no_file_in_any_form(CanaryTests.Kind kind) throws Exception {
    for (var said : kind.forms()) {
      var output = new Output(nobody(), nobody(), terminal(), false);
      write(report("It said: " + said + ", and more.", "dev " + said), output);
      assertTrue(
          files().metrics().contains("canary") || !said.contains("canary"), "it is looked at");

      output.redaction().add(kind.forms().get(0));
      for (var report :
          List.of(
              report("It said: " + said + ", and more.", "dev " + said),
              Report.refused("verify_deployment", "dev " + said, "It said: " + said + "."))) {
        write(report, output);
        CanaryTests.assertHidden(kind, files().metrics());
        CanaryTests.assertHidden(kind, Files.readString(files().junitXml()));
        CanaryTests.assertHidden(kind, texts());
      }
    }
  }

  /** All that a reader of the XML sees, with nothing escaped. */
  private String texts() throws Exception {
    var texts = new StringBuilder(files().document().getDocumentElement().getTextContent());
    for (var element : files().elements("*")) {
      for (var i = 0; i < element.getAttributes().getLength(); i++) {
        texts.append(' ').append(element.getAttributes().item(i).getNodeValue());
      }
    }
    return texts.toString();
  }

  @Test
  void google_that_quotes_our_token_is_not_quoted_in_files() throws Exception {
    try (var api = RawServer.speaking(CanaryTests::quote)) {
      CanaryTests.signedIn(
              folder, "quick_verify.java;dev;--project=p;" + String.join(";", files().options()))
          .with("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", api.url() + "/")
          .exits(2);

      assertTrue(files().cases().get(0).getFailureDetail().contains("is not allowed to look"));
      CanaryTests.assertHidden(CanaryTests.Kind.BEARER, texts());
    }
  }

  /** A finding of each status, which says this wherever something can be said. */
  private static Report report(String said, String subject) {
    var findings = new ArrayList<Finding>();
    for (var status : Status.values()) {
      var verdict =
          new Verdict(status, List.of(said, said), said, List.of(said), List.of(said), Map.of());
      var exchange = new Exchange(said, said, said, said);
      findings.add(
          new Finding(
              said, said, said, verdict, Duration.ofSeconds(1), List.of(said), List.of(exchange)));
    }
    return new Report(
        "verify_deployment",
        subject,
        Map.of("web", said),
        Instant.now(),
        new Summary(findings, Duration.ofSeconds(6)),
        Status.FAILED,
        Summary.BROKEN,
        said,
        List.of(said),
        Optional.empty(),
        List.of(said, "  " + said));
  }

  private void write(Report report, Output output) {
    var options = new ReportOptions();
    OptionsTests.read(options::declare, files().options());
    options.tell(report, new Environment(Map.of(), folder), output);
  }

  private static PrintWriter nobody() {
    return new PrintWriter(Writer.nullWriter());
  }

  private static Terminal terminal() {
    return new Terminal(false, true, false, 80);
  }
}
