package lib.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lib.target.Environment;

/**
 * Tells a run where GitHub shows it: an annotation for whatever is not good, and a table in the
 * summary of the step. In any other place nothing is told.
 */
final class GithubActions {

  /** GitHub shows at most ten annotations of a kind for a step, and does not say so. */
  private static final int SHOWN = 10;

  private static final Set<Status> NOTABLE =
      Set.of(Status.FAILED, Status.UNVERIFIED, Status.WARNING);

  private final Optional<Path> summary;

  private GithubActions(Optional<Path> summary) {
    this.summary = summary;
  }

  static Optional<GithubActions> of(Environment environment) {
    return isThere(environment)
        ? Optional.of(new GithubActions(environment.variable("GITHUB_STEP_SUMMARY").map(Path::of)))
        : Optional.empty();
  }

  /** Whether this is a step of a GitHub workflow. */
  static boolean isThere(Environment environment) {
    return environment.variable("GITHUB_ACTIONS").filter("true"::equals).isPresent();
  }

  void tell(Report report, Output output) {
    report.problem().ifPresent(it -> output.command(command("error", report.verdict(), it)));
    annotate(report, "error", output, Status.FAILED, Status.UNVERIFIED);
    annotate(report, "warning", output, Status.WARNING);
    if (summary.isEmpty()) {
      return;
    }
    try {
      Files.writeString(
          summary.get(),
          table(report),
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      output.note("note: the summary of this step could not be written: " + e);
    }
  }

  private static void annotate(Report report, String kind, Output output, Status... statuses) {
    var all =
        report.findings().stream().filter(it -> List.of(statuses).contains(it.status())).toList();
    all.stream()
        .limit(all.size() > SHOWN ? SHOWN - 1 : SHOWN)
        .forEach(it -> output.command(command(kind, it.id() + " " + it.title(), told(it))));
    if (all.size() > SHOWN) {
      var more = all.size() - SHOWN + 1;
      output.command(command(kind, report.verdict(), more + " more: see the log of this step."));
    }
  }

  private static String told(Finding finding) {
    var verdict = finding.verdict();
    return String.join(
        "\n",
        Stream.of(List.of(finding.group()), verdict.facts(), List.of(verdict.why()), verdict.fix())
            .flatMap(List::stream)
            .filter(line -> !line.isEmpty())
            .toList());
  }

  /** A workflow command: what would end it is escaped. */
  private static String command(String kind, String title, String message) {
    return "::%s title=%s::%s"
        .formatted(kind, escaped(title).replace(":", "%3A").replace(",", "%2C"), escaped(message));
  }

  private static String escaped(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String table(Report report) {
    var lines = new ArrayList<String>();
    var mark = mark(report.status());
    lines.add("### %s %s".formatted(mark, plain(report.verdict())));
    lines.add("");
    lines.add(plain(report.problem().orElse(report.summary().counts())));
    report.caveats().forEach(it -> lines.add("\n" + plain(it)));
    lines.add("");
    report.changes().stream().limit(1).forEach(it -> lines.add(plain(it) + "\n"));
    report.changes().stream().skip(1).forEach(it -> lines.add("- " + plain(it.strip())));
    report.about().forEach((name, value) -> lines.add("- " + plain(name + ": " + value)));
    var notable = report.findings().stream().filter(it -> NOTABLE.contains(it.status())).toList();
    if (!notable.isEmpty()) {
      lines.add("\n| | id | | what came back |\n|---|---|---|---|");
      notable.forEach(
          it ->
              lines.add(
                  "| %s | %s | %s: %s | %s |"
                      .formatted(
                          mark(it.status()),
                          plain(it.id()),
                          plain(it.group()),
                          plain(it.title()),
                          plain(String.join(". ", it.verdict().facts())))));
    }
    return String.join("\n", lines) + "\n\n";
  }

  /** In words as well: colours and shapes alone are not seen by everybody. */
  private static String mark(Status status) {
    return switch (status) {
      case PASSED -> "✅ good";
      case INFO -> "ℹ️ info";
      case WARNING -> "⚠️ warning";
      case FAILED -> "❌ failed";
      case SKIPPED -> "➖ skipped";
      case UNVERIFIED -> "❓ not verified";
    };
  }

  /** Text that Markdown takes for nothing else: what a server said may be anything. */
  private static String plain(String text) {
    return text.replaceAll("\\s+", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replaceAll("([\\\\`*_{}\\[\\]()#|~@:])", "\\\\$1");
  }
}
