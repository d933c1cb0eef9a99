package lib.report;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The report as one page: it loads nothing, runs nothing, and can be read without its style, too.
 * What is wrong comes first, and open.
 */
final class HtmlPage {

  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Html html = new Html();
  private final Report report;

  private HtmlPage(Report report) {
    this.report = report;
  }

  static String of(Report report) {
    var page = new HtmlPage(report);
    page.write();
    return page.html + "\n";
  }

  private void write() {
    html.doctype();
    html.in(
        "html",
        () -> {
          html.attribute("lang", "en");
          html.in("head", this::head);
          html.in(
              "body",
              () -> {
                html.in("header." + report.status().word(), this::verdict);
                html.in("main", this::findings);
              });
        });
  }

  /** A browser that obeys the policy would load nothing, even if something were here to load. */
  private void head() {
    html.empty("meta", "charset", "UTF-8");
    html.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'");
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "color-scheme", "content", "light dark");
    html.in("title", report.verdict() + " - " + report.script());
    html.in("style", HtmlStyle.CSS);
  }

  private void verdict() {
    html.in(
        "h1",
        () -> {
          html.in("span.mark", mark(report.status()));
          html.text(" " + report.verdict());
        });
    if (!report.findings().isEmpty()) {
      html.in("p.counts", report.summary().counts());
      html.in("div.strip", this::strip);
    }
    html.lines(report.caveats());
    html.lines(report.problem().stream().toList());
  }

  /** How much of all is what, for the eye; the counts say it in words. */
  private void strip() {
    html.attribute("aria-hidden", "true");
    var counts = new EnumMap<Status, Integer>(Status.class);
    report.findings().forEach(it -> counts.merge(it.status(), 1, Integer::sum));
    for (var status :
        List.of(
            Status.FAILED,
            Status.UNVERIFIED,
            Status.WARNING,
            Status.INFO,
            Status.PASSED,
            Status.SKIPPED)) {
      if (counts.containsKey(status)) {
        html.in(
            "span." + status.word(),
            () -> html.attribute("style", "flex-grow:" + counts.get(status)));
      }
    }
  }

  private void findings() {
    html.in("section.about", this::about);
    if (!report.changes().isEmpty()) {
      html.in("section.changes", this::changes);
    }
    var findings = new HtmlFindings(html, report.findings());
    findings.explain("Failed", Status.FAILED);
    findings.explain("Not verified", Status.UNVERIFIED);
    findings.explain("Warnings", Status.WARNING);
    if (!report.findings().isEmpty()) {
      findings.all();
    }
  }

  private void about() {
    html.in("h2", "About this run");
    html.in(
        "dl",
        () -> {
          if (!report.about().isEmpty() && !report.about().containsKey("target")) {
            entry("stage", report.subject());
          }
          told().forEach(this::entry);
          html.in("div", this::when);
          if (!report.findings().isEmpty()) {
            entry("took", Terminal.seconds(report.summary().duration()).strip());
          }
          entry("by", report.script());
        });
  }

  private void changes() {
    html.in("h2", report.changes().get(0));
    html.lines(report.changes().subList(1, report.changes().size()));
  }

  /** Whose identity it is and of which kind are one thing to people. */
  private Map<String, String> told() {
    var told = new LinkedHashMap<>(report.about());
    var kind = Optional.ofNullable(told.remove("identity kind")).map(it -> it.replace('_', ' '));
    kind.ifPresent(it -> told.merge("identity", it, (who, what) -> who + " (" + what + ")"));
    return told;
  }

  private void when() {
    html.in("dt", "began");
    html.in(
        "dd",
        () ->
            html.in(
                "time",
                () -> {
                  html.attribute(
                      "datetime", report.began().truncatedTo(ChronoUnit.MILLIS).toString());
                  html.text(WHEN.format(report.began()));
                }));
  }

  private void entry(String name, String value) {
    html.in(
        "div",
        () -> {
          html.in("dt", name);
          html.in("dd", value);
        });
  }

  /** The mark of the terminal, without its colour. */
  static String mark(Status status) {
    return new Terminal(false, true, false, 0).glyph(status);
  }
}
