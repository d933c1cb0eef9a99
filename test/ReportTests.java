package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run tells programs: {@code --json}, what changed, and what GitHub shows. */
class ReportTests {

  private static final Pattern ANNOTATION =
      Pattern.compile("::(error|warning) title=([^:]*)::(.*)");

  @TempDir private Path folder;

  private Shell verify(String... arguments) {
    return script("verify_deployment.java", arguments);
  }

  private Shell script(String name, String... arguments) {
    return Shell.script(Stream.concat(Stream.of(name), Stream.of(arguments)).toArray(String[]::new))
        .in(folder)
        .with("XDG_CACHE_HOME", folder.toString());
  }

  private static JsonObject document(Shell.Outcome outcome) throws IOException {
    var document = Schema.kept(outcome.out());
    assertEquals(outcome.exit(), document.get("exit_code").getAsInt());
    return document;
  }

  private static Map<String, JsonObject> tests(JsonObject document) {
    var tests = new LinkedHashMap<String, JsonObject>();
    for (var test : document.getAsJsonArray("tests")) {
      var before = tests.put(text(test, "id"), test.getAsJsonObject());
      assertEquals(null, before, "twice");
    }
    return tests;
  }

  private static String text(JsonElement object, String name) {
    return object.getAsJsonObject().get(name).getAsString();
  }

  @Test
  void a_document_tells_the_whole_run() throws IOException {
    var document = document(verify("demo", "--json", "--break=web-down").exits(1));

    assertEquals("demo", text(document, "stage"));
    assertEquals("verify_deployment", text(document, "script"));
    assertEquals("failed", text(document, "status"));
    assertEquals("demo is NOT good", text(document, "verdict"));
    assertTrue(text(document.get("addresses"), "worker").startsWith("http://127.0.0.1:"));
    assertEquals("gcloud_account", text(document.get("identity"), "kind"));
    assertEquals("operator@example.com", text(document.get("identity"), "account"));
    assertEquals("validibot-web-00007", text(document.get("revisions"), "web"));
    var tests = tests(document);
    assertEquals(68, tests.size());
    var homepage = tests.get("SM101");
    assertEquals("homepage is served", text(homepage, "title"));
    assertEquals("Web, as a stranger", text(homepage, "group"));
    assertEquals("failed", text(homepage, "status"));
    assertTrue(text(homepage, "request").matches("GET http://127\\.0\\.0\\.1:\\d+/ as a stranger"));
    assertEquals("an answer of the app", text(homepage, "expected"));
    assertTrue(text(homepage, "actual").startsWith("503 from Google's front end"));
    assertEquals("Google's front end", text(homepage, "answered_by"));
    assertTrue(text(homepage, "why").contains("nobody can use this service"));
    assertTrue(homepage.get("fix").toString().contains("gcloud run services logs read"));
    assertEquals("docs/checks.md#sm101", text(homepage, "hint_url"));
  }

  @Test
  void a_promise_that_is_kept_is_told_with_its_answer() throws IOException {
    var run = verify("demo", "--json").exits(0).errIs("");

    var tests = tests(document(run));
    var root = tests.get("SM401");
    assertTrue(text(root, "request").startsWith("GET http://127.0.0.1:"));
    assertTrue(text(root, "actual").startsWith("403, text/html"), () -> "" + root);
    assertEquals("Google's front end", text(root, "answered_by"));
    assertTrue(root.get("expected").isJsonNull());
    assertTrue(tests.containsKey("SM403[scheduled/clear-sessions]"), tests.keySet()::toString);
    assertTrue(tests.containsKey("SM001[worker]"));
  }

  @Test
  void summary_counts_the_tests() throws IOException {
    var document = document(verify("demo", "--json", "--break=cache-down").exits(1));

    var counted = new LinkedHashMap<String, Integer>();
    tests(document).values().forEach(it -> counted.merge(text(it, "status"), 1, Integer::sum));
    var told = document.getAsJsonObject("summary");
    for (var status : told.keySet()) {
      assertEquals(counted.getOrDefault(status, 0), told.get(status).getAsInt(), status);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verify_deployment.java | nowhere             | is no stage",
        "verify_deployment.java | dev --bogus         | Unknown option: '--bogus'",
        "verify_deployment.java |                     | SMOKE_TEST_STAGE must be set",
        "verify_deployment.java | dev                 | no Google Cloud project is set",
        "verify_deployment.java | demo -k nothing_has | No test matches",
        "verify_deployment.java | --list              | --list has no JSON form",
        "quick_verify.java      | nowhere             | is no stage",
        "quick_verify.java      | prod                | no Google Cloud project is set"
      })
  void whatever_keeps_it_from_its_work_is_told(String script, String words, String reason)
      throws IOException {
    var all = (words == null ? "--json" : words + " --json").split(" ");

    var run = script(script, all).exits(2).errContains(reason);

    var document = document(run);
    assertTrue(text(document, "problem").contains(reason), run::out);
    assertEquals(0, document.getAsJsonArray("tests").size());
    assertEquals("unverified", text(document, "status"));
  }

  @Test
  void quick_verify_tells_the_same_of_its_two_questions() throws IOException {
    var good = document(script("quick_verify.java", "demo", "--json").exits(0).errIs(""));
    assertEquals(List.of("SM101", "SM401"), List.copyOf(tests(good).keySet()));
    assertEquals("passed", text(good, "status"));

    var open = script("quick_verify.java", "demo", "--json", "--break=worker-public").exits(1);
    assertEquals("failed", text(tests(document(open)).get("SM401"), "status"));
  }

  @Test
  void certificates_are_measured() throws IOException {
    var run = verify("demo", "--json", "-k", "certificate", "--break=certificate-expiring");

    var measures = tests(document(run.exits(0))).get("SM701").getAsJsonObject("measures");
    var days = measures.get("certificate_days_left").getAsInt();
    assertTrue(days > 0 && days < 21, "" + days);
  }

  @Test
  void every_test_is_explained_under_an_id_that_stays() throws IOException {
    var checks = Files.readString(Shell.REPO.resolve("docs/checks.md"));
    var headings =
        Pattern.compile("^### (SM\\d{3})$", Pattern.MULTILINE)
            .matcher(checks)
            .results()
            .map(it -> it.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    var tests = tests(document(verify("demo", "--json").exits(0)));

    var ids = new TreeSet<String>();
    for (var test : tests.entrySet()) {
      assertTrue(test.getKey().matches("SM\\d{3}(\\[.+\\])?"), test.getKey());
      ids.add(test.getKey().substring(0, 5));
    }
    headings.removeIf(heading -> heading.endsWith("00")); // these are of whole groups
    assertEquals(headings, ids);
    // Ids that were published; whoever renumbers them breaks what others keep.
    assertEquals("callback endpoint refuses strangers", text(tests.get("SM402"), "title"));
    assertEquals("every part of the app is healthy", text(tests.get("SM905"), "title"));
  }

  @Test
  void what_changed_is_told() throws IOException {
    var earlier = Files.writeString(folder.resolve("earlier.json"), earlier());

    var run =
        verify("demo", "--break=cache-down", "--compare", earlier.toString(), "--html=page.html")
            .with("GITHUB_ACTIONS", "true")
            .with("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString())
            .exits(1);
    run.outContains("Compared with " + earlier + " (demo, 2026-01-01T00:00:00Z)\n")
        .outContains("  broke     SM104 cache works\n")
        .outContains("  mended    SM101 homepage is served\n")
        .outContains("  new       SM102 static files are served\n")
        .outContains("  gone      SM999 time travel\n")
        .outLacks("broke     SM103");
    for (var file : List.of("page.html", "summary.md")) {
      var text = Files.readString(folder.resolve(file));
      var words = text.replace("\\", "").replaceAll(" +", " ");
      assertTrue(words.contains("Compared with " + earlier + " (demo, "), text);
      assertTrue(words.contains("broke SM104 cache works\n"), text);
    }

    var json = verify("demo", "--break=cache-down", "--json", "--compare", "earlier.json").exits(1);
    var compared = document(json).getAsJsonObject("compared");
    assertEquals(Set.of("SM104"), ids(compared, "broke"));
    assertEquals(Set.of("SM101"), ids(compared, "mended"));
    assertEquals(Set.of("SM999"), ids(compared, "gone"));
    assertTrue(ids(compared, "added").contains("SM102"));
  }

  /** A run that told of four tests. */
  private static String earlier() {
    return """
    {"schema_version": "validibot.verify.v1", "stage": "demo",
     "started_at": "2026-01-01T00:00:00Z", "tests": [
      {"id": "SM101", "title": "homepage is served", "status": "failed", "duration_ms": 1},
      {"id": "SM104", "title": "cache works", "status": "passed", "duration_ms": 1},
      {"id": "SM103", "title": "app calls itself healthy", "status": "passed"},
      {"id": "SM999", "title": "time travel", "status": "passed", "duration_ms": 1}]}
    """;
  }

  private static Set<String> ids(JsonObject object, String name) {
    return StreamSupport.stream(object.getAsJsonArray(name).spliterator(), false)
        .map(JsonElement::getAsString)
        .collect(Collectors.toSet());
  }

  @Test
  void what_takes_much_longer_is_told() throws IOException {
    Files.writeString(folder.resolve("earlier.json"), earlier());

    var late = Scenario.healthy().stage("dev").delayed(Duration.ofMillis(700));
    try (var stage = DemoStage.start(late)) {
      var shell = verify("dev", "-k", "calls_itself_healthy", "--compare", "earlier.json");
      stage.environment().forEach(shell::with);

      shell
          .exits(0)
          .outContains("  slower    SM103 app calls itself healthy: ")
          .outLacks("  gone ");
    }
  }

  @Test
  void two_runs_alike_have_changed_nothing() throws IOException {
    Files.writeString(folder.resolve("one.json"), verify("demo", "--json").exits(0).out());

    verify("demo", "--compare", "one.json").exits(0).outContains("\n  nothing changed\n");
  }

  @Test
  void the_doctor_compares_too() throws IOException {
    var one = script("check_validibot.java", "--json", "--only", "settings");
    var good = DoctorRun.goodSettings();
    good.put("DOCKER_HOST", "unix:///nonexistent.sock");
    good.forEach(one::with);
    Files.writeString(folder.resolve("one.json"), one.within(Duration.ofMinutes(1)).out());

    var two = script("check_validibot.java", "--only", "settings", "--compare", "one.json");
    good.forEach(two::with);
    two.with("DEPLOYMENT_TARGET", "nowhere")
        .exits(1)
        .outContains("Compared with one.json (self_hosted, 2")
        .outContains("  broke     PDV003 Validibot starts with these settings");
  }

  @ParameterizedTest
  @CsvSource({
    "'', there is no such file",
    "'no json', that is no --json of these scripts",
    "'[]', that is no --json of these scripts",
    "'{}', schema_version is ''",
    "'{\"schema_version\":\"validibot.verify.v1\",\"tests\":3}', that is no --json of these",
    "'{\"schema_version\":\"validibot.verify.v1\",\"tests\":[3]}', that is no --json of these"
  })
  void what_is_no_earlier_run_is_refused(String text, String reason) throws IOException {
    if (!text.isEmpty()) {
      Files.writeString(folder.resolve("x.json"), text);
    }

    verify("demo", "--compare", "x.json")
        .exits(2)
        .errContains("--compare x.json: ")
        .errContains(reason);
  }

  @Test
  void only_what_was_not_good_runs_again() {
    verify("demo", "--last-failed")
        .exits(0)
        .errContains("nothing is known to have failed, so all tests run")
        .outContains("53 passed");
    verify("demo", "--break=cache-down").exits(1);

    verify("demo", "--last-failed", "--break=cache-down")
        .exits(1)
        .outContains("✗ cache works")
        .outContains("67 tests were left out by --last-failed.\n")
        .outContains("demo is NOT good: 1 failed in");
    verify("demo", "--last-failed")
        .exits(0)
        .outContains("demo is good as far as asked: 1 passed in");
    verify("demo", "--last-failed").exits(0).errContains("so all tests run");
  }

  @Test
  void what_did_not_run_keeps_what_was_known() {
    verify("demo", "--break=cache-down", "--break=homepage-missing").exits(1);

    verify("demo", "-k", "cache_works").exits(0);

    verify("demo", "--last-failed")
        .exits(0)
        .outContains("homepage is served")
        .outLacks("cache works");
  }

  @Test
  void one_of_many_invocations_runs_again() {
    verify("demo", "--break=scheduled-public").exits(1);

    var run = verify("demo", "--last-failed").exits(0);

    run.outContains("✓ scheduled/clear-sessions refuses strangers").outLacks("homepage");
  }

  @Test
  void a_cache_that_cannot_be_written_keeps_nobody_from_anything() throws IOException {
    var file = Files.createFile(folder.resolve("file"));

    verify("demo", "--break=cache-down").with("XDG_CACHE_HOME", file.toString()).exits(1);
    verify("demo", "--last-failed", "-q").with("XDG_CACHE_HOME", file.toString()).exits(0);
  }

  private Shell onGithub(String... arguments) {
    return verify(arguments)
        .with("GITHUB_ACTIONS", "true")
        .with("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
  }

  private static List<String> annotations(Shell.Outcome outcome) {
    return outcome.err().lines().filter(line -> line.stripLeading().startsWith("::")).toList();
  }

  @Test
  void github_shows_what_is_not_good() throws IOException {
    Files.writeString(folder.resolve("summary.md"), "before\n");

    var run = onGithub("demo", "--break=cache-down", "--break=certificate-expiring").exits(1);

    var told = annotations(run);
    assertEquals(2, told.size(), run::err);
    var error = ANNOTATION.matcher(told.get(0));
    assertTrue(error.matches(), told.get(0));
    assertEquals("error", error.group(1));
    assertEquals("SM104 cache works", error.group(2));
    assertTrue(
        error.group(3).contains("%0Acame back%3A") || error.group(3).contains("%0Acame back: "));
    assertTrue(told.get(1).startsWith("::warning title=SM701 certificate is good and lasts::"));
    var summary = Files.readString(folder.resolve("summary.md"));
    assertTrue(summary.startsWith("before\n### ❌ failed demo is NOT good\n"), summary);
    assertTrue(summary.contains("| ❌ failed | SM104 |"), summary);
    assertTrue(summary.contains("| ⚠️ warning | SM701 |"), summary);
  }

  @Test
  void github_is_told_of_a_good_run_in_the_summary_alone() throws IOException {
    var run = onGithub("demo").exits(0);

    assertEquals(List.of(), annotations(run));
    var summary = Files.readString(folder.resolve("summary.md"));
    assertTrue(summary.startsWith("### ✅ good demo is good\n\n53 passed, 15 skipped in "), summary);
    assertFalse(summary.contains("|---"), summary);
  }

  @Test
  void github_is_told_why_nothing_was_verified() throws IOException {
    var run = onGithub("dev").exits(2);

    assertEquals(1, annotations(run).size(), run::err);
    assertTrue(annotations(run).get(0).startsWith("::error title=dev could not be verified::"));
    assertTrue(Files.readString(folder.resolve("summary.md")).contains("no Google Cloud project"));
  }

  @Test
  void more_annotations_than_github_shows_are_counted() {
    var told = annotations(onGithub("demo", "--break=web-down").exits(1));

    assertEquals(10, told.size());
    assertTrue(told.get(9).matches("::error title=demo is NOT good::\\d+ more.*"), told.get(9));
  }

  @Test
  void a_server_gives_github_no_orders() throws IOException {
    var order = "::error title=forged::message\n##[error]forged\n  ::add-mask::x";
    try (var web = RawServer.saying("HTTP/1.1 500 No\r\nContent-Type: text/plain\r\n\r\n" + order);
        var worker = RawServer.saying("HTTP/1.1 500 No\r\n\r\n" + order)) {
      var run =
          onGithub("dev", "--web-url=" + web.url(), "--worker-url=" + worker.url(), "-vv").exits(1);

      for (var line :
          (Iterable<String>) Stream.of(run.out(), run.err()).flatMap(String::lines)::iterator) {
        var begin = line.stripLeading();
        var ours = ANNOTATION.matcher(begin);
        assertFalse(begin.startsWith("##["), line);
        assertTrue(
            !begin.startsWith("::") || ours.matches() && !ours.group(2).equals("forged"), line);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CI", "GITLAB_CI", "JENKINS_URL"})
  void elsewhere_nothing_changes(String name) {
    var usual = verify("demo", "--break=cache-down").exits(1);
    var there = verify("demo", "--break=cache-down").with(name, "true").exits(1);

    assertEquals(neutral(usual.out()), neutral(there.out()));
    assertEquals(usual.err(), there.err());
  }

  private static Set<String> neutral(String text) {
    return new HashSet<>(text.replaceAll("\\d+", "N").lines().toList());
  }
}
