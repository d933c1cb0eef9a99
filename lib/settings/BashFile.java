package lib.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads an env file as the entrypoint on Google Cloud does: bash sources it, with errexit and
 * nounset (validibot.md section 1.4). Nothing is run. A line that bash would refuse, or take for a
 * command, is a problem with a line number, and never quotes a value.
 */
final class BashFile {

  private static final Pattern ASSIGNMENT =
      Pattern.compile("\\s*(?:export\\s+)?(?<name>[A-Za-z_]\\w*)=(?<rest>.*)", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");
  private static final String OPERATORS = "<>&|;()";

  /** What was read, and what bash would not take. */
  record Contents(Map<String, String> values, List<String> problems) {}

  private final Function<String, Optional<String>> outside;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private BashFile(Function<String, Optional<String>> outside) {
    this.outside = outside;
  }

  static Contents read(String text, Function<String, Optional<String>> outside) {
    var file = new BashFile(outside);
    var lines = text.replaceFirst("^\uFEFF", "").split("\n", -1);
    for (var number = 0; number < lines.length; number++) {
      var first = number + 1;
      var line = new StringBuilder(lines[number]);
      while (isOpen(line) && number + 1 < lines.length) {
        line.append('\n').append(lines[++number]);
      }
      file.line(first, line.toString());
    }
    return new Contents(file.values, file.problems);
  }

  private void line(int number, String line) {
    if (line.isBlank() || line.stripLeading().startsWith("#")) {
      return;
    }
    var assignment = ASSIGNMENT.matcher(line);
    if (!assignment.matches()) {
      problems.add("line " + number + ": bash would run this line as a command");
      return;
    }
    var name = assignment.group("name");
    try {
      values.put(name, word(assignment.group("rest")));
    } catch (Unreadable e) {
      problems.add("line " + number + ", " + name + ": " + e.getMessage());
    }
  }

  /** The one word that bash would assign. */
  private String word(String rest) throws Unreadable {
    var word = new StringBuilder();
    var at = 0;
    while (at < rest.length()) {
      var c = rest.charAt(at);
      if (c == '\'') {
        var close = rest.indexOf('\'', at + 1);
        if (close < 0) {
          throw new Unreadable("a quote is not closed");
        }
        word.append(rest, at + 1, close);
        at = close + 1;
      } else if (c == '"') {
        at = doubleQuoted(rest, at + 1, word);
      } else if (c == '\\') {
        if (at + 1 < rest.length()) {
          word.append(rest.charAt(at + 1));
        }
        at += 2;
      } else if (c == '$' || c == '`') {
        at = expanded(rest, at, word);
      } else if (Character.isWhitespace(c)) {
        var more = rest.substring(at).strip();
        if (!more.isEmpty() && !more.startsWith("#")) {
          throw new Unreadable(
              "bash would run what follows the first blank as a command; put the value in single"
                  + " quotes");
        }
        return word.toString();
      } else if (OPERATORS.indexOf(c) >= 0) {
        throw new Unreadable(
            "bash takes the '" + c + "' in it for an operator; put the value in single quotes");
      } else {
        word.append(c);
        at++;
      }
    }
    return word.toString();
  }

  private int doubleQuoted(String rest, int from, StringBuilder word) throws Unreadable {
    var at = from;
    while (at < rest.length()) {
      var c = rest.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\' && at + 1 < rest.length() && "$`\"\\".indexOf(rest.charAt(at + 1)) >= 0) {
        word.append(rest.charAt(at + 1));
        at += 2;
      } else if (c == '$' || c == '`') {
        at = expanded(rest, at, word);
      } else {
        word.append(c);
        at++;
      }
    }
    throw new Unreadable("a quote is not closed");
  }

  private int expanded(String rest, int dollar, StringBuilder word) throws Unreadable {
    if (rest.charAt(dollar) == '`' || rest.startsWith("$(", dollar)) {
      throw new Unreadable("bash would run a command to compute it; put it in single quotes");
    }
    var braced = rest.startsWith("${", dollar);
    var name = NAME.matcher(rest).region(dollar + (braced ? 2 : 1), rest.length());
    if (!name.lookingAt()) {
      if (braced) {
        throw new Unreadable("bash cannot substitute the ${...} in it");
      }
      // bash has variables of its own here ($1, $$, $!): what it makes of them is not the text
      if (dollar + 1 < rest.length()
          && "0123456789$!?#@*-_".indexOf(rest.charAt(dollar + 1)) >= 0) {
        throw new Unreadable(
            "bash replaces the '$" + rest.charAt(dollar + 1) + "' in it; use single quotes");
      }
      word.append('$');
      return dollar + 1;
    }
    var end = name.end();
    if (braced && !rest.startsWith("}", end)) {
      var close = rest.indexOf('}', end);
      if (close < 0) {
        throw new Unreadable("a ${ is not closed");
      }
      word.append(new Interpolation(this::known).of(rest.substring(dollar, close + 1)));
      return close + 1;
    }
    word.append(
        known(name.group())
            .orElseThrow(
                () -> new Unreadable("bash stops: $" + name.group() + " in it is not set")));
    return braced ? end + 1 : end;
  }

  private Optional<String> known(String name) {
    return Optional.ofNullable(values.get(name)).or(() -> outside.apply(name));
  }

  /** Whether a quote is still open at the end of the text. */
  private static boolean isOpen(CharSequence text) {
    if (text.toString().stripLeading().startsWith("#")) {
      return false;
    }
    var quote = ' ';
    for (var at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c == '\\' && quote != '\'') {
        at++;
      } else if (quote == ' ' && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = ' ';
      } else if (quote == ' ' && c == '#' && at > 0 && text.charAt(at - 1) == ' ') {
        return false;
      }
    }
    return quote != ' ';
  }
}
