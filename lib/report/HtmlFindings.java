package lib.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** The findings on a page: those that need somebody explained one by one, and then all of them. */
final class HtmlFindings {

  private static final List<Status> EXPLAINED =
      List.of(Status.FAILED, Status.UNVERIFIED, Status.WARNING);

  private final Html html;
  private final List<Finding> findings;
  private final HtmlFinding finding;
  private final Duration slowest;

  HtmlFindings(Html html, List<Finding> findings) {
    this.html = html;
    this.findings = findings;
    finding = new HtmlFinding(html);
    slowest =
        findings.stream()
            .filter(it -> it.status() != Status.SKIPPED)
            .map(Finding::duration)
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
  }

  /** All of one status, open; what several have in common is explained once. */
  void explain(String heading, Status status) {
    var chosen = findings.stream().filter(it -> it.status() == status).toList();
    if (chosen.isEmpty()) {
      return;
    }
    var causes = new HashMap<List<String>, Finding>();
    html.in(
        "section." + status.word(),
        () -> {
          html.in("h2", heading + " (" + chosen.size() + ")");
          for (var it : chosen) {
            var first = causes.putIfAbsent(cause(it), it);
            html.in("details.finding", () -> explain(it, first));
          }
        });
  }

  private static List<String> cause(Finding finding) {
    var cause = new ArrayList<>(finding.verdict().fix());
    cause.add(finding.verdict().why());
    return cause;
  }

  private void explain(Finding it, Finding first) {
    html.attribute("open", "");
    html.attribute("id", anchor(it));
    html.in("summary", () -> html.in("h3", () -> finding.named(it)));
    finding.place(it);
    finding.facts(it);
    if (first == null || cause(it).equals(List.of(""))) {
      finding.advice(it);
    } else {
      html.in(
          "p",
          () -> {
            html.text("Why, and what to do: as told of ");
            link(first, first.id().isEmpty() ? first.title() : first.id());
            html.text(".");
          });
    }
    finding.rest(it);
  }

  /** Everything, by what it is about. */
  void all() {
    html.in(
        "section.all",
        () -> {
          html.in("h2", "All findings");
          var groups = new LinkedHashMap<String, List<Finding>>();
          findings.forEach(
              it -> groups.computeIfAbsent(it.group(), key -> new ArrayList<>()).add(it));
          groups.forEach(
              (group, members) -> {
                if (!group.isEmpty()) {
                  html.in("h3", group);
                }
                html.in(
                    "ol",
                    () ->
                        members.forEach(it -> html.in("li." + it.status().word(), () -> row(it))));
              });
        });
  }

  private void row(Finding it) {
    if (EXPLAINED.contains(it.status())) {
      html.in("div.row", () -> line(it));
    } else if (it.status() == Status.SKIPPED) {
      html.in("div.row", () -> line(it));
      html.in("p.reason", String.join(" ", it.verdict().facts()));
    } else {
      html.in(
          "details",
          () -> {
            if (it.status() == Status.INFO) {
              html.attribute("open", "");
            }
            html.in("summary.row", () -> line(it));
            html.in(
                "div.more",
                () -> {
                  finding.facts(it);
                  finding.advice(it);
                  finding.rest(it);
                  finding.place(it);
                });
          });
    }
  }

  private void line(Finding it) {
    html.in(
        "span.name",
        () -> {
          if (EXPLAINED.contains(it.status())) {
            finding.mark(it);
            link(it, it.title());
          } else {
            finding.named(it);
          }
          if (!it.remarks().isEmpty()) {
            html.in("span.remark", " (" + String.join("; ", it.remarks()) + ")");
          }
        });
    if (it.status() != Status.SKIPPED) {
      html.text(" ");
      html.in("span.bar", () -> html.in("span", () -> html.attribute("style", width(it))));
      html.in("span.seconds", Terminal.seconds(it.duration()).strip());
    }
  }

  private String width(Finding it) {
    var part = slowest.isZero() ? 0 : 100.0 * it.duration().toNanos() / slowest.toNanos();
    return String.format(Locale.ROOT, "width:%.1f%%", part);
  }

  private void link(Finding to, String text) {
    html.in(
        "a",
        () -> {
          html.attribute("href", "#" + anchor(to));
          html.text(text);
        });
  }

  /** Ids may hold anything, and may come twice. */
  private String anchor(Finding it) {
    for (var i = 0; i < findings.size(); i++) {
      if (findings.get(i) == it) {
        return "finding-" + (i + 1);
      }
    }
    throw new IllegalArgumentException(it.title());
  }
}
