package lib.checks;

import java.util.List;
import java.util.Locale;
import lib.report.Output;
import lib.report.Report;
import lib.report.Reporter;
import lib.report.Status;
import lib.report.Terminal;
import lib.report.WaitingLine;

/** The doctor's report for people: a line a check, and below it what is not as it should be. */
public final class TextReport {

  private static final String HINTS = "docs/checks.md#";

  private final Output output;
  private final Terminal terminal;
  private final boolean verbose;
  private final WaitingLine line;
  private String category = "";

  public TextReport(Output output, Terminal terminal, boolean verbose) {
    this.output = output;
    this.terminal = terminal;
    this.verbose = verbose;
    this.line = new WaitingLine(output, terminal);
  }

  public void began(List<String> header) {
    header.forEach(line -> terminal.wrapped("", line).forEach(output::result));
  }

  public void found(Diagnosis diagnosis) {
    if (!diagnosis.category().title().equals(category)) {
      category = diagnosis.category().title();
      output.result("");
      output.result(terminal.bold(category));
    }
    tell(diagnosis);
  }

  private void tell(Diagnosis diagnosis) {
    var check = diagnosis.check();
    var fixed = diagnosis.fixed() ? " (second answer, after --fix)" : "";
    output.result(
        "  "
            + terminal.glyph(diagnosis.status())
            + " "
            + check.title()
            + fixed
            + " "
            + terminal.dimmed("[" + check.id() + "]"));
    var verdict = diagnosis.verdict();
    var quiet = diagnosis.status() == Status.PASSED && !verbose;
    if (!quiet) {
      verdict.facts().forEach(it -> below(it));
    }
    if (verbose) {
      verdict.details().forEach(it -> below(it));
      output.result(
          "      "
              + terminal.dimmed(
                  String.format(Locale.ROOT, "%.3f s", diagnosis.duration().toNanos() / 1e9)));
    }
    if (!verdict.why().isEmpty()) {
      terminal.wrapped("      ", verdict.why()).forEach(output::result);
    }
    verdict.fix().forEach(it -> terminal.wrapped("      ", it).forEach(output::result));
    if (diagnosis.status() == Status.FAILED || diagnosis.status() == Status.WARNING) {
      output.result(
          "      " + terminal.dimmed("see " + HINTS + check.id().toLowerCase(Locale.ROOT)));
    }
  }

  private void below(String text) {
    terminal.wrapped("      ", text).forEach(output::result);
  }

  /** Say how far it is, while nothing else is said. */
  public void waiting(Reporter.Progress progress) {
    line.show(progress);
  }

  /** Say what was learnt before somebody interrupted. */
  public void interrupted(String words, Tally tally) {
    output.result("");
    output.result(terminal.glyph(Status.UNVERIFIED) + " " + words + ": " + tally.counts());
  }

  /** Say what changed since an earlier run, if that was asked. */
  public void changes(Report report) {
    var lines = report.changes();
    if (!lines.isEmpty()) {
      output.result("");
      output.result(terminal.bold(lines.get(0)));
      lines.stream().skip(1).forEach(line -> terminal.wrapped("", line).forEach(output::result));
    }
  }

  /**
   * Say how it ended, and what to do next.
   *
   * @param whole whether everything was asked
   */
  public void ended(Tally tally, boolean strict, boolean whole) {
    output.result("");
    var status =
        switch (tally.exitCode(strict)) {
          case 0 -> tally.sawLittle() ? Status.INFO : Status.PASSED;
          case 1 -> Status.FAILED;
          default -> Status.UNVERIFIED;
        };
    var verdict = tally.verdict(strict, whole) + ": " + tally.counts();
    output.result(terminal.glyph(status) + " " + verdict);
    var next = next(tally);
    if (!next.isEmpty()) {
      terminal.wrapped("  ", next).forEach(output::result);
    }
  }

  private static String next(Tally tally) {
    return tally.diagnoses().stream()
        .filter(it -> it.status() == Status.FAILED)
        .findFirst()
        .map(it -> "Begin with " + it.check().id() + ": " + it.check().title() + ".")
        .orElse("");
  }
}
