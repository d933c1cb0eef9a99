package lib.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/** The report for people: 80 columns, a line per test, details of what is wrong at the end. */
public final class TextReporter implements Reporter {

  private static final int COLUMNS = 80;
  private static final int DURATION_WIDTH = 9;

  private static final String HEADER = " ".repeat(10);

  /** How much is told. */
  public enum Level {
    NOTHING,
    VERDICT,
    LINES,
    REMARKS,
    EXCHANGES
  }

  private final Output output;
  private final Terminal terminal;
  private final Level level;
  private final int slowest;
  private final WaitingLine line;
  private String group = "";
  private String said = "";
  private boolean over;

  /**
   * @param slowest how many of the slowest tests to list at the end
   */
  public TextReporter(Output output, Terminal terminal, Level level, int slowest) {
    this.output = output;
    this.terminal = terminal;
    this.level = level;
    this.slowest = slowest;
    this.line = new WaitingLine(output, terminal);
  }

  private boolean isTalkative() {
    return level.compareTo(Level.VERDICT) > 0;
  }

  /** Tell what is no result. */
  public synchronized void note(List<String> notes) {
    notes.forEach(note -> wrapped("", "note: " + note).forEach(output::note));
  }

  @Override
  public synchronized void began(List<String> header) {
    if (isTalkative()) {
      header.forEach(line -> terminal.hanging(HEADER, output.clean(line)).forEach(output::result));
    }
  }

  @Override
  public synchronized void found(Finding finding) {
    if (!isTalkative() || over) {
      return;
    }
    if (!finding.group().equals(group)) {
      group = finding.group();
      said = "";
      output.result("");
      output.result(terminal.paint(group, Terminal.Colour.BOLD));
    }
    line(finding);
    if (level == Level.EXCHANGES) {
      finding.exchanges().forEach(it -> wrapped("      ", it.line()).forEach(this::dim));
    }
  }

  /** Tell one finding on a line of its own, and what is wrong below it. */
  public synchronized void alone(Finding finding) {
    if (!isTalkative()) {
      return;
    }
    var aside = new ArrayList<>(finding.remarks());
    if (finding.status() != Status.SKIPPED) {
      aside.add(Terminal.seconds(finding.duration()).strip());
    }
    var shown = aside.isEmpty() ? "" : "(" + String.join("; ", aside) + ")";
    var fits = 2 + finding.title().length() + 1 + shown.length() <= terminal.columns();
    output.result(
        terminal.glyph(finding.status())
            + " "
            + finding.title()
            + (fits ? terminal.paint(" " + shown, Terminal.Colour.DIM) : ""));
    if (!fits) {
      wrapped("      ", shown).forEach(this::dim);
    }
    explain(finding.verdict());
  }

  private void explain(Verdict verdict) {
    verdict.facts().forEach(fact -> wrapped("      ", fact).forEach(output::result));
    if (!verdict.why().isEmpty()) {
      wrapped("    ", verdict.why()).forEach(output::result);
    }
    verdict.fix().forEach(fix -> wrapped("    ", fix).forEach(output::result));
  }

  private void line(Finding finding) {
    if (finding.status() == Status.SKIPPED) {
      output.result("  " + terminal.glyph(Status.SKIPPED) + " " + finding.title());
      below("skipped: " + String.join(" ", finding.verdict().facts()));
      return;
    }
    var room = COLUMNS - 4 - DURATION_WIDTH;
    var aside =
        finding.remarks().isEmpty() ? "" : " (" + String.join("; ", finding.remarks()) + ")";
    var fits = finding.title().length() + aside.length() <= room;
    var text = fits ? finding.title() + aside : finding.title();
    var padding = " ".repeat(Math.max(0, room - text.length()));
    var shown =
        fits ? finding.title() + terminal.paint(aside, Terminal.Colour.DIM) : finding.title();
    output.result(
        "  "
            + terminal.glyph(finding.status())
            + " "
            + shown
            + padding
            + Terminal.seconds(finding.duration()));
    var said = finding.status() == Status.INFO ? finding.verdict().facts() : finding.remarks();
    below(fits && finding.status() != Status.INFO ? "" : String.join("; ", said));
  }

  /** Remarks and reasons of skips; the same one over and over only when all is wanted. */
  private void below(String aside) {
    if (!aside.isEmpty() && (!aside.equals(said) || level != Level.LINES)) {
      wrapped("      ", aside).forEach(this::dim);
    }
    said = aside;
  }

  /** Say for how long the stage has been looked up. */
  public void looking(long seconds) {
    waiting(new Progress(0, 0, List.of("the look-up of the stage"), seconds));
  }

  @Override
  public synchronized void waiting(Progress progress) {
    if (over || !isTalkative()) {
      return;
    }
    line.show(progress);
  }

  @Override
  public synchronized void ended(Report report) {
    var summary = report.summary();
    over = true;
    if (isTalkative()) {
      details("Failed", summary, Status.FAILED);
      details("Not verified", summary, Status.UNVERIFIED);
      details("Warnings", summary, Status.WARNING);
      slowest(summary);
      changes(report);
      output.result("");
      report.caveats().forEach(output::result);
    }
    if (level != Level.NOTHING) {
      output.result(
          terminal.glyph(report.status()) + " " + report.verdict() + ": " + summary.counts());
    }
  }

  /** Say what changed since an earlier run, if that was asked. */
  public synchronized void changes(Report report) {
    var changes = report.changes();
    if (isTalkative() && !changes.isEmpty()) {
      output.result("");
      output.result(terminal.paint(output.clean(changes.get(0)), Terminal.Colour.BOLD));
      changes.stream().skip(1).forEach(line -> wrapped("", line).forEach(output::result));
    }
  }

  /** The findings of one status; those that have the same cause share its explanation. */
  private void details(String heading, Summary summary, Status status) {
    var byCause = new LinkedHashMap<String, List<Finding>>();
    for (var finding : summary.findings()) {
      if (finding.status() == status) {
        var verdict = finding.verdict();
        var cause = verdict.why().isEmpty() ? verdict.facts() : List.of(verdict.why());
        byCause.computeIfAbsent(cause + "" + verdict.fix(), key -> new ArrayList<>()).add(finding);
      }
    }
    if (!byCause.isEmpty()) {
      output.result("");
      output.result(terminal.paint(heading, Terminal.Colour.BOLD));
    }
    byCause.values().forEach(this::cause);
  }

  private void cause(List<Finding> findings) {
    output.result("");
    var last = findings.get(findings.size() - 1).verdict();
    for (var finding : findings) {
      var title = wrapped("    ", finding.group() + ": " + finding.title());
      output.result("  " + terminal.glyph(finding.status()) + " " + title.get(0).strip());
      title.stream().skip(1).forEach(output::result);
      if (!last.why().isEmpty() || finding == findings.get(findings.size() - 1)) {
        finding.verdict().facts().forEach(fact -> wrapped("      ", fact).forEach(output::result));
      }
    }
    explain(new Verdict(last.status(), List.of(), last.why(), last.fix()));
  }

  private void slowest(Summary summary) {
    if (slowest > 0) {
      output.result("");
      output.result(terminal.paint("Slowest " + slowest, Terminal.Colour.BOLD));
      summary.findings().stream()
          .filter(finding -> finding.status() != Status.SKIPPED)
          .sorted(Comparator.comparing(Finding::duration).reversed())
          .limit(slowest)
          .forEach(it -> output.result("  " + Terminal.seconds(it.duration()) + "  " + it.title()));
    }
  }

  /** A secret that is broken into lines is none that any line shows. */
  private List<String> wrapped(String indent, String text) {
    return terminal.wrapped(indent, output.clean(text));
  }

  private void dim(String line) {
    output.result(terminal.paint(line, Terminal.Colour.DIM));
  }
}
