package lib.report;

import java.io.PrintWriter;

/** The one way out of the process: results, notes, and never a secret. */
public final class Output {

  private final PrintWriter out;
  private final PrintWriter err;
  private final Redaction redaction;

  public Output(PrintWriter out, PrintWriter err, Redaction redaction) {
    this.out = out;
    this.err = err;
    this.redaction = redaction;
  }

  /** A line of results. */
  public void result(String line) {
    out.println(redaction.of(line));
    out.flush();
  }

  /** A line that is no result: a note, or an error. */
  public void note(String line) {
    err.println(redaction.of(line));
    err.flush();
  }

  /** Something that the next line overwrites. Only for a terminal. */
  void transitory(String text) {
    err.print("\r" + redaction.of(text) + "\u001b[K");
    err.flush();
  }

  /** Take back what was transitory. */
  void clear() {
    err.print("\r\u001b[K");
    err.flush();
  }
}
