package lib.envfile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads an env file as the entrypoint on Google Cloud does: bash sources it, with errexit and
 * nounset (validibot.md section 1.4). Nothing is run. What bash would refuse, or take for a
 * command, is a problem with a line number, and never quotes a value.
 */
public final class BashFile {

  private static final Pattern EXPORT = Pattern.compile("export[ \t]+(?=[A-Za-z_])");
  private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_]\\w*)(\\+?=)");

  /** Commands that an env file may well have, and that do no harm. */
  private static final Pattern HARMLESS =
      Pattern.compile("(?:export(?:[ \t]+[A-Za-z_]\\w*)+|set [-+][a-z]+|:)[ \t]*(?=[\n;#]|$)");

  private static final Pattern SEPARATOR = Pattern.compile("[ \t]*(?:;|&&)");

  /** What a statement that bash would not take was to set. */
  private static final Pattern MEANT =
      Pattern.compile(
          "(?:(?:export|declare|readonly|typeset|local)[ \t]+(?:-\\w+[ \t]+)*)?"
              + "([A-Za-z_]\\w*)[ \t]*\\+?=|unset[ \t]+([A-Za-z_]\\w*)");

  /**
   * What was read, and what bash would not take.
   *
   * @param refused the problem of each name that is set in a way that is not read
   * @param cut where the file could not be read on; nothing is known of names that may follow
   */
  public record Contents(
      Map<String, String> values,
      List<String> problems,
      Map<String, String> refused,
      Optional<String> cut) {}

  private final String text;
  private final Function<String, Optional<String>> outside;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> refused = new HashMap<>();
  private Optional<String> cut = Optional.empty();

  private BashFile(String text, Function<String, Optional<String>> outside) {
    this.text = text;
    this.outside = outside;
  }

  /**
   * Read a whole file; what bash stops at is left out, and the rest is read all the same.
   *
   * @param outside what the shell and earlier files say a variable is
   */
  public static Contents read(String text, Function<String, Optional<String>> outside) {
    var plain = text.replaceFirst("^\uFEFF", "").replace("\r\n", "\n");
    var file = new BashFile(plain, outside);
    if (text.startsWith("\uFEFF")) {
      file.problems.add(
          "line 1: bash takes the byte order mark for a part of the first word; save the file"
              + " without it");
    }
    if (text.contains("\r\n")) {
      file.problems.add(
          "line %d: the line ends in CR LF, and bash keeps the CR in the value; save the file with LF"
              .formatted(line(text, text.indexOf('\r'))));
    }
    file.statements();
    return new Contents(file.values, file.problems, file.refused, file.cut);
  }

  private void statements() {
    var at = 0;
    while ((at = next(at)) < text.length()) {
      var words = new BashWords(text, at, this::known);
      try {
        statement(words);
        words.take(SEPARATOR);
        at = words.position();
      } catch (Unreadable e) {
        refuse(at, "line " + line(text, at) + ", " + e.getMessage());
        at = endOfLine(words.position());
      }
    }
  }

  private void refuse(int at, String problem) {
    problems.add(problem);
    if (problem.endsWith(Unreadable.NOT_CLOSED)) {
      cut = Optional.of(problem);
    }
    var meant = MEANT.matcher(text).region(at, endOfLine(at));
    if (meant.lookingAt()) {
      var name = Optional.ofNullable(meant.group(1)).orElse(meant.group(2));
      values.remove(name);
      refused.put(name, problem);
    }
  }

  /** Where the next line with a statement begins: blanks, empty lines and comments are none. */
  private int next(int from) {
    var at = from;
    while (at < text.length()) {
      var c = text.charAt(at);
      if (c == '#') {
        at = endOfLine(at);
      } else if (c == ' ' || c == '\t' || c == '\n') {
        at++;
      } else {
        return at;
      }
    }
    return at;
  }

  /** Assign what one statement assigns. */
  private void statement(BashWords words) throws Unreadable {
    if (words.take(SEPARATOR).isPresent()) {
      throw new Unreadable("bash stops: nothing stands before the ';' or '&&'");
    }
    if (words.take(HARMLESS).isPresent()) {
      return;
    }
    words.take(EXPORT);
    var assigned = new LinkedHashMap<String, String>();
    do {
      var assignment = words.take(ASSIGNMENT).orElseThrow(() -> command(assigned));
      var name = assignment.group(1);
      try {
        var before = assignment.group(2).equals("=") ? "" : known(name).orElse("");
        assigned.put(name, before + words.word());
      } catch (Unreadable e) {
        throw new Unreadable(name + ": " + e.getMessage());
      }
    } while (!words.atEndOfStatement());
    values.putAll(assigned);
    assigned.keySet().forEach(refused::remove);
  }

  private static Unreadable command(Map<String, String> assigned) {
    return new Unreadable(
        assigned.keySet().stream()
            .reduce((first, last) -> last)
            .map(
                name ->
                    name
                        + ": bash would run what follows the first blank as a command; put the"
                        + " value in single quotes")
            .orElse("bash would run this as a command, it is no NAME=value"));
  }

  private Optional<String> known(String name) {
    return Optional.ofNullable(values.get(name)).or(() -> outside.apply(name));
  }

  private int endOfLine(int from) {
    var end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  private static int line(String text, int at) {
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }
}
