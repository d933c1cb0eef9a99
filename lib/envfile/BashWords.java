package lib.envfile;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads words as bash does under nounset: quotes, backslashes, and what it would expand. */
final class BashWords {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");
  private static final String OPERATORS = "<>&|()";

  /** Parameters of bash itself: what it makes of them is not the text. */
  private static final String SPECIAL = "0123456789$!?#@*-";

  /** What bash replaces by a folder, at the beginning of a value and after a colon. */
  private static final Pattern HOME = Pattern.compile("~[-+]?(?=[/:;\\s]|$)");

  private final String text;
  private final Function<String, Optional<String>> known;
  private int at;

  /**
   * @param from where the first word begins
   * @param known the value of a variable, nothing when it is not set
   */
  BashWords(String text, int from, Function<String, Optional<String>> known) {
    this.text = text;
    this.at = from;
    this.known = known;
  }

  int position() {
    return at;
  }

  /** Read what matches here; nothing is read when it does not. */
  Optional<MatchResult> take(Pattern pattern) {
    var matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return Optional.empty();
    }
    at = matcher.end();
    return Optional.of(matcher.toMatchResult());
  }

  /** Skip blanks, and tell whether nothing more belongs to this statement. */
  boolean atEndOfStatement() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    return at == text.length() || "\n;#".indexOf(text.charAt(at)) >= 0 || text.startsWith("&&", at);
  }

  /** Read to the end of a value. */
  String word() throws Unreadable {
    var word = new StringBuilder();
    refuseHome();
    while (at < text.length()) {
      var c = text.charAt(at);
      if (isBlank(c) || c == '\n' || c == ';') {
        break;
      }
      if (OPERATORS.indexOf(c) >= 0) {
        throw new Unreadable(
            "bash takes the '" + c + "' in it for an operator; put the value in single quotes");
      }
      at++;
      switch (c) {
        case '\'' -> word.append(singleQuoted());
        case '"' -> doubleQuoted(word);
        case '\\' -> escaped(word);
        case '$', '`' -> expanded(c, word, false);
        case ':' -> {
          word.append(c);
          refuseHome();
        }
        default -> word.append(c);
      }
    }
    return word.toString();
  }

  /** A folder of the container's user is not known here. */
  private void refuseHome() throws Unreadable {
    if (take(HOME).isPresent()) {
      throw new Unreadable("bash replaces the '~' in it by a folder; put it in single quotes");
    }
  }

  private String singleQuoted() throws Unreadable {
    var close = text.indexOf('\'', at);
    if (close < 0) {
      throw notClosed();
    }
    var inside = text.substring(at, close);
    at = close + 1;
    return inside;
  }

  private void doubleQuoted(StringBuilder word) throws Unreadable {
    while (at < text.length()) {
      var c = text.charAt(at++);
      switch (c) {
        case '"' -> {
          return;
        }
        case '\\' -> {
          if (at < text.length() && "$`\"\\\n".indexOf(text.charAt(at)) < 0) {
            word.append(c);
          } else {
            escaped(word);
          }
        }
        case '$', '`' -> expanded(c, word, true);
        default -> word.append(c);
      }
    }
    throw notClosed();
  }

  /** What stands after a backslash; a line break is swallowed. */
  private void escaped(StringBuilder word) {
    if (at < text.length()) {
      var c = text.charAt(at++);
      if (c != '\n') {
        word.append(c);
      }
    }
  }

  private void expanded(char sign, StringBuilder word, boolean quoted) throws Unreadable {
    var next = at < text.length() ? text.charAt(at) : ' ';
    if (sign == '`' || next == '(') {
      throw new Unreadable("bash would run a command to compute it; put it in single quotes");
    }
    var name = take(NAME);
    if (name.isPresent()) {
      word.append(value(name.get().group()));
    } else if (next == '{') {
      var close = Interpolation.closing(text, at + 1);
      var inside = text.substring(at + 1, close);
      word.append(NAME.matcher(inside).matches() ? value(inside) : substituted(inside));
      at = close + 1;
    } else if (SPECIAL.indexOf(next) >= 0) {
      throw new Unreadable("bash replaces the '$" + next + "' in it; use single quotes");
    } else if (next == '\'' && !quoted) {
      throw new Unreadable("$'...' is not read by this tool; use plain quotes");
    } else if (next != '"' || quoted) {
      word.append(sign);
    }
  }

  /** What bash makes of a default in braces, as long as that is plain text. */
  private String substituted(String inside) throws Unreadable {
    if (inside.matches("(?s).*[`'\"\\\\].*") || inside.contains("$(")) {
      throw new Unreadable("bash would have to compute the ${...} in it; write the value out");
    }
    return new Interpolation(known).of("${" + inside + "}");
  }

  private String value(String name) throws Unreadable {
    return known
        .apply(name)
        .orElseThrow(() -> new Unreadable("bash stops: $" + name + " in it is not set"));
  }

  /** The rest of the file would belong to the value. */
  private Unreadable notClosed() {
    at = text.length();
    return new Unreadable("a quote" + Unreadable.NOT_CLOSED);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
