package lib.report;

/** Says how far it is while nothing else is said: on one line of a terminal, else now and then. */
public final class WaitingLine {

  private static final int COLUMNS = 80;

  /** Where a line cannot be taken back, one comes after each so many seconds of waiting. */
  private static final int SOMETIMES = 10;

  private final Output output;
  private final Terminal terminal;
  private long told;

  public WaitingLine(Output output, Terminal terminal) {
    this.output = output;
    this.terminal = terminal;
  }

  /** Say it. */
  public void show(Reporter.Progress progress) {
    var due = progress.seconds() / SOMETIMES > told;
    if (!terminal.live() && !due) {
      return;
    }
    var done =
        progress.total() == 0 ? "" : "%d of %d, ".formatted(progress.done(), progress.total());
    var running = progress.running().isEmpty() ? "" : ": " + progress.running().get(0);
    var clean = output.clean("%s%d s, waiting%s".formatted(done, progress.seconds(), running));
    if (terminal.live()) {
      var line = "  " + clean;
      output.transitory(line.substring(0, Math.min(line.length(), COLUMNS - 1)));
    } else {
      told = progress.seconds() / SOMETIMES;
      output.note(clean);
    }
  }
}
