package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

/** The page of {@code --html}, as readers that know nothing of us see it. */
class HtmlPageTests {

  /** What ends a tag, an attribute, a comment, a style; and what no document may hold. */
  private static final String HOSTILE =
      "</style></title><script>hacked=1</script><img src=//x.example/ onerror=hacked=1>\"'><!--"
          + "]]>&lt;&#0; \u0000\u001b[31m\u0085\ufffe\ud800 \u202egnp.exe \ud83d\ude00";

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("report.html");
  }

  @Test
  void healthy_stage_begins_with_its_verdict_and_folds_what_passed() throws Exception {
    var outcome = Shell.script("verify_deployment.java", "demo", "--html=" + file()).exits(0);

    var page = HtmlReport.read(file());

    assertEquals("demo is good - verify_deployment", page.document().title());
    assertEquals("header", page.document().body().child(0).normalName());
    assertEquals("✓ demo is good", page.one("header.passed h1"));
    outcome.outContains("✓ demo is good: " + page.one(".counts") + "\n");
    assertEquals(List.of("About this run", "All findings"), page.all("h2"));
    assertTrue(page.all("dt").containsAll(List.of("web", "web revision", "identity", "began")));
    assertEquals(0, page.count("li.passed > details[open]"));
    assertEquals(52, page.count("li.passed > details"));
    assertEquals(1, page.count("li.info > details[open] .facts"));
    assertEquals(15, page.count("li.skipped .reason"));
    assertEquals(53, page.count(".bar") * page.count("[style=width:100.0%]"), "one is slowest");
    page.all(".seconds").forEach(it -> assertTrue(it.matches("\\d+\\.\\d\\d s"), it));
  }

  @Test
  void failing_stage_has_its_failures_and_warnings_open_with_all_that_helps() throws Exception {
    var words = "verify_deployment.java;demo;--break=callback-public;--break=certificate-expiring";
    var all = new ArrayList<>(List.of(words.split(";")));
    all.add("--html=" + file());
    var outcome = Shell.script(all.toArray(String[]::new)).exits(1);

    var page = HtmlReport.read(file());

    assertEquals("✗ demo is NOT good", page.one("header.failed h1"));
    outcome.outContains("✗ demo is NOT good: " + page.one(".counts") + "\n");
    assertEquals(
        List.of("About this run", "Failed (3)", "Warnings (1)", "All findings"), page.all("h2"));
    assertEquals(4, page.count("details.finding"));
    assertEquals(4, page.count("details.finding[open]"));
    var first = page.document().selectFirst(".finding");
    assertEquals("✗ failed callback endpoint refuses strangers", first.select("h3").text());
    assertTrue(first.select(".place").text().matches("SM402 Worker, as a stranger \\d.*#sm402"));
    assertEquals(List.of("asked:", "came back:", "expected:"), first.select("b").eachText());
    assertTrue(first.select("pre code").text().contains("gcloud run deploy validibot-worker"));
    assertTrue(first.select(".exchanges li").text().contains("-> 401 by the app"));
    assertEquals("! warning certificate is good and lasts", page.one("section.warning h3"));
    assertEquals(4, page.count(".row a"));
    for (var link : page.document().select(".row a")) {
      var explained = page.document().selectFirst(link.attr("href"));
      assertTrue(explained.select("h3").text().endsWith(link.text()), link::toString);
    }
  }

  @Test
  void what_many_failures_have_in_common_is_told_once() throws Exception {
    Shell.script("verify_deployment.java", "demo", "--break=web-down", "--html=" + file()).exits(1);

    var page = HtmlReport.read(file());

    assertEquals(23, page.count("section.failed .finding"));
    var shared = page.document().select("section.failed .finding:contains(as told of SM101)");
    assertTrue(shared.size() > 10, () -> "only " + shared.size());
    assertEquals(0, shared.select("pre").size());
    assertEquals(1, page.count("section.unverified .finding[open]"));
  }

  @Test
  void quick_look_is_told_without_groups() throws Exception {
    Shell.script("quick_verify.java", "demo", "--break=web-down", "--html=" + file()).exits(1);

    var page = HtmlReport.read(file());

    assertEquals("1 failed, 1 passed", page.one(".counts").replaceFirst(" in .*", ""));
    assertTrue(page.one("header > p:last-child").startsWith("Only two questions"));
    assertEquals(2, page.count(".all > ol > li"));
    assertEquals(0, page.count(".all h3"));
  }

  @Test
  void nothing_verified_is_said_with_its_reason() throws Exception {
    Shell.script("quick_verify.java", "demo", "--break=admin-denied", "--html=" + file())
        .exits(2)
        .errContains("is not allowed to look");

    var page = HtmlReport.read(file());

    assertEquals("? demo could not be verified", page.one("header.unverified h1"));
    assertTrue(page.one("header").contains("is not allowed to look"));
    assertTrue(page.one("header pre").startsWith("gcloud run services describe validibot-web"));
    assertEquals(0, page.count(".counts, .strip, .all"));
  }

  @Test
  void doctor_is_told_with_its_ids_and_its_numbers() throws Exception {
    var settings = new HashMap<>(DoctorRun.goodSettings());
    settings.put("DJANGO_ADMIN_URL", "admin/");
    var run = DoctorRun.with(settings, folder, "--html=" + file());

    var page = HtmlReport.read(file());

    var summary = run.document().getAsJsonObject("summary");
    assertEquals("check_validibot", page.one("dd:last-of-type:contains(check_validibot)"));
    assertTrue(summary.get("error").getAsInt() > 0, summary::toString);
    var words = Map.of("passed", "ok", "info", "info", "warning", "warn", "failed", "error");
    words.forEach(
        (word, json) ->
            assertEquals(summary.get(json).getAsInt(), page.count(".all > ol > li." + word), word));
    assertEquals(summary.get("error").getAsInt(), page.count("section.failed .finding[open]"));
    page.all(".place code").forEach(it -> assertTrue(it.matches("(VB|PDV)\\d{3}"), it));
    assertFalse(page.document().html().contains("canary"));
  }

  @Test
  void text_of_a_server_is_text() throws Exception {
    var body = "{\"detail\": \"" + HOSTILE.replace("\"", "\\\"").replace("\u0000", "") + "\"}";
    var answer = "HTTP/1.1 500 Odd\r\nContent-Type: application/json\r\n\r\n" + body;
    try (var web = RawServer.saying(answer);
        var worker = RawServer.saying(answer)) {
      var addresses = List.of("--web-url=" + web.url(), "--worker-url=" + worker.url());
      var words = new ArrayList<>(List.of("quick_verify.java", "dev", "--html=" + file()));
      words.addAll(addresses);
      Shell.script(words.toArray(String[]::new)).exits(1);
    }

    assertTrue(HtmlReport.read(file()).one("section.failed").contains("<script>hacked=1</script>"));
  }

  @Test
  void every_text_may_be_anything() throws Exception {
    write(report(HOSTILE), "");

    var page = HtmlReport.read(file());

    assertEquals(Status.values().length, page.count(".all > ol > li"));
    var odd = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202e\\ufffe]");
    assertFalse(odd.matcher(Files.readString(file())).find());
    assertTrue(page.one("h1").contains("<script>hacked=1</script>"));
    assertTrue(page.one("h1").contains("\ud83d\ude00"));
  }

  @ParameterizedTest
  @EnumSource
  void secret_is_in_no_page(CanaryTests.Kind kind) throws Exception {
    for (var form : kind.forms()) {
      write(report("It said: " + form + ", and more of such words."), kind.secret);

      var page = Files.readString(file());
      CanaryTests.assertHidden(kind, page);
      CanaryTests.assertHidden(kind, Jsoup.parse(page).wholeText());
    }
  }

  /** By the formula of WCAG 2.2, for the colours of both schemes. */
  @ParameterizedTest
  @CsvSource({"0, '.*?prefers'", "1, 'prefers.*?[.]passed'"})
  void contrast_is_enough_in_both_schemes(int scheme, String part) throws Exception {
    write(report("x"), "");
    var style = HtmlReport.read(file()).document().select("style").first().data();
    var block = Pattern.compile(part, Pattern.DOTALL).matcher(style);
    assertTrue(block.find());
    var colours = new HashMap<String, String>();
    var definition = Pattern.compile("--([a-z-]+): #([0-9a-f]{6})").matcher(block.group());
    while (definition.find()) {
      colours.put(definition.group(1), definition.group(2));
    }
    var pairs = new ArrayList<>(List.of("ink paper", "ink card", "ink code", "dim paper"));
    pairs.addAll(List.of("dim card", "link paper", "link card"));
    for (var tone : List.of("passed", "failed", "warning", "unverified")) {
      for (var ground : List.of("paper", "card", tone + "-wash")) {
        pairs.add(tone + " " + ground);
      }
      pairs.add("ink " + tone + "-wash");
    }
    for (var pair : pairs) {
      var two =
          Stream.of(pair.split(" ")).map(colours::get).map(HtmlPageTests::light).sorted().toList();
      var contrast = (two.get(1) + 0.05) / (two.get(0) + 0.05);
      assertTrue(contrast >= 4.5, () -> "scheme " + scheme + ", " + pair + ": " + contrast);
    }
  }

  private static double light(String colour) {
    var light = 0.0;
    var share = List.of(0.2126, 0.7152, 0.0722);
    for (var i = 0; i < 3; i++) {
      var part = Integer.parseInt(colour.substring(2 * i, 2 * i + 2), 16) / 255.0;
      light +=
          share.get(i) * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
    }
    return light;
  }

  /** Another page in the same browser asks; the page itself runs nothing. */
  @Test
  void browser_shows_it_on_a_phone_without_scrolling_sideways_and_prints_it() throws Exception {
    assumeTrue(isInstalled("chromium"), "there is no chromium here");
    write(report("x".repeat(400) + " " + HOSTILE), "");
    var quoted = Files.readString(file()).replace("&", "&amp;").replace("\"", "&quot;");
    var wide = "<!DOCTYPE html><p style='width: 900px'>x";
    var asking =
        """
        <iframe srcdoc="%s" width="390"></iframe>
        <iframe srcdoc="%s" width="390"></iframe>
        <script>
          onload = () => {
            document.title = Array.from(frames).map(it =>
                it.document.documentElement.scrollWidth + " " + it.hacked).join(", ");
          };
        </script>
        """
            .formatted(quoted, wide);
    var asks = Files.writeString(folder.resolve("asks.html"), asking);

    var seen = chromium("--dump-dom", asks.toUri().toString());

    assertEquals("390 undefined, 908 undefined", Jsoup.parse(seen.out()).title());
    var printed = folder.resolve("report.pdf");
    chromium("--print-to-pdf=" + printed, file().toUri().toString());
    assertTrue(Files.size(printed) > 10_000);
  }

  private Shell.Outcome chromium(String... arguments) {
    var words =
        List.of("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
    var all = new ArrayList<>(words);
    all.add("--user-data-dir=" + folder.resolve("profile"));
    all.addAll(Arrays.asList(arguments));
    return Shell.run(all.toArray(String[]::new)).exits(0);
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(it -> Files.isExecutable(Path.of(it, program)));
  }

  /** Write it as the scripts do. */
  private void write(Report report, String secret) {
    var nobody = new PrintWriter(Writer.nullWriter());
    var output = new Output(nobody, nobody, new Terminal(false, true, false, 80), false);
    if (!secret.isEmpty()) {
      output.redaction().add(secret);
    }
    var options = new ReportOptions();
    OptionsTests.read(options::declare, "--html=" + file());
    assertEquals(1, options.tell(report, new Environment(Map.of(), folder), output));
  }

  /** One that says this wherever something can be said. */
  private static Report report(String said) {
    var findings =
        Stream.of(Status.values())
            .map(
                status -> {
                  var lines = List.of(said, "  " + said, "  - " + said, "asked: " + said);
                  var verdict = new Verdict(status, lines, said, lines, lines, Map.of());
                  var exchange = new Exchange(said, said, said, said);
                  return new Finding(
                      said,
                      said,
                      said,
                      verdict,
                      Duration.ZERO,
                      List.of(said),
                      List.of(exchange, exchange));
                })
            .toList();
    var about = new LinkedHashMap<String, String>();
    about.put("web", said);
    about.put("identity", said);
    return new Report(
        "verify_deployment",
        said,
        about,
        Instant.EPOCH,
        new Summary(findings, Duration.ZERO),
        Status.FAILED,
        1,
        said,
        List.of(said),
        Optional.of(said),
        List.of(said, "  " + said));
  }
}
