package lib.report;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the place can show that we write to. */
public record Terminal(boolean colour, boolean unicode, boolean live, int columns) {

  private static final int PEOPLE = 80;
  private static final String ITEM = "  - ";

  private static final Path STDOUT = Path.of("/proc/self/fd/1");
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  /** Colours by name; only where there are any. */
  enum Colour {
    GREEN("32"),
    RED("31"),
    YELLOW("33"),
    DIM("2"),
    BOLD("1");

    private final String code;

    Colour(String code) {
      this.code = code;
    }
  }

  /** Look at standard output. */
  static Terminal ofProcess() {
    var out = isTerminal(STDOUT);
    return new Terminal(
        out,
        charset().newEncoder().canEncode('✓'),
        out && isTerminal(STDERR),
        out ? PEOPLE : Integer.MAX_VALUE);
  }

  /** The same, without colour. */
  Terminal plain() {
    return new Terminal(false, unicode, live, columns);
  }

  /** The charset of standard output. JDK 17 tells it under another name. */
  public static Charset charset() {
    var name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    try {
      return name == null ? Charset.defaultCharset() : Charset.forName(name);
    } catch (IllegalArgumentException e) {
      return StandardCharsets.UTF_8;
    }
  }

  /** A heading. */
  public String bold(String text) {
    return paint(text, Colour.BOLD);
  }

  /** What is there for those who look for it. */
  public String dimmed(String text) {
    return paint(text, Colour.DIM);
  }

  /** A time as people read it, in a column with others. */
  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%7.2f s", duration.toMillis() / 1000.0);
  }

  public String glyph(Status status) {
    return switch (status) {
      case PASSED -> paint(unicode ? "✓" : "+", Colour.GREEN);
      case INFO -> paint("i", Colour.DIM);
      case WARNING -> paint("!", Colour.YELLOW);
      case FAILED -> paint(unicode ? "✗" : "x", Colour.RED);
      case SKIPPED -> paint("-", Colour.DIM);
      case UNVERIFIED -> paint("?", Colour.YELLOW);
    };
  }

  String paint(String text, Colour paint) {
    return colour && !text.isEmpty() ? "\u001b[" + paint.code + "m" + text + "\u001b[0m" : text;
  }

  /**
   * Break at blanks, where people read; where programs do, lines stay whole. A line that begins
   * with two blanks is to be pasted and stays whole, too, unless it is an item of a list.
   */
  public List<String> wrapped(String indent, String text) {
    var lines = new ArrayList<String>();
    for (var paragraph : text.lines().toList()) {
      if (paragraph.startsWith(ITEM)) {
        lines.addAll(hanging(indent + " ".repeat(ITEM.length()), indent + paragraph));
      } else if (paragraph.startsWith("  ")) {
        lines.add(indent + paragraph);
      } else {
        lines.addAll(hanging(indent, indent + paragraph));
      }
    }
    return lines;
  }

  /** Break one line at blanks, and begin what follows with an indent; its own beginning stays. */
  public List<String> hanging(String indent, String text) {
    var lines = new ArrayList<String>();
    var begin = Math.min(indent.length(), text.length());
    var line = new StringBuilder(text.substring(0, begin));
    var empty = true;
    for (var word : text.substring(begin).split(" ")) {
      if (!empty && line.length() + 1 + word.length() > columns) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
    return lines;
  }

  private static boolean isTerminal(Path descriptor) {
    try {
      var file = Files.readSymbolicLink(descriptor).toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null; // no /proc: the next best thing
    }
  }
}
