package lib.envfile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an env file as Docker Compose does, oddities included: what the containers get is what
 * Compose reads, not what was meant (compose.md section 1). No dotenv library on Central does.
 */
public final class ComposeFile {

  private static final Pattern KEY = Pattern.compile("[\\w.\\-\\[\\]]+");
  private static final Pattern EXPORT = Pattern.compile("export\\s+(?=\\S)");
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?<what>[abfnrtv\\\\$\"]|0[0-3][0-7]{2})");

  private final String text;
  private final Function<String, Optional<String>> outside;
  private final Map<String, String> values = new LinkedHashMap<>();
  private int at;

  private ComposeFile(String text, Function<String, Optional<String>> outside) {
    this.text = text.replaceFirst("^\uFEFF", "").replace("\r\n", "\n");
    this.outside = outside;
  }

  /**
   * Read a whole file.
   *
   * @param outside what the shell and earlier files say a variable is
   * @throws Unreadable with the line, when Compose would refuse the file
   */
  public static Map<String, String> read(String text, Function<String, Optional<String>> outside)
      throws Unreadable {
    var file = new ComposeFile(text, outside);
    var line = 1;
    try {
      while (file.skipToStatement()) {
        line = 1 + (int) file.text.substring(0, file.at).chars().filter(c -> c == '\n').count();
        file.statement();
      }
    } catch (Unreadable e) {
      throw new Unreadable("line " + line + ": " + e.getMessage());
    }
    return file.values;
  }

  private boolean skipToStatement() {
    while (at < text.length()) {
      if (text.charAt(at) == '#') {
        at = endOfLine();
      } else if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else {
        return true;
      }
    }
    return false;
  }

  private void statement() throws Unreadable {
    var export = EXPORT.matcher(text).region(at, text.length());
    if (export.lookingAt()) {
      at = export.end();
    }
    var end = endOfLine();
    var sign = at;
    while (sign < end && text.charAt(sign) != '=' && text.charAt(sign) != ':') {
      sign++;
    }
    var key = text.substring(at, sign).strip();
    if (!KEY.matcher(key).matches()) {
      throw new Unreadable("this is no NAME=value");
    }
    if (sign == end) {
      // A name alone takes the shell's value.
      at = end;
      outside.apply(key).ifPresent(value -> values.put(key, value));
      return;
    }
    at = sign + 1;
    while (at < end && isBlank(text.charAt(at))) {
      at++;
    }
    values.put(key, at < end ? value(end) : "");
  }

  private String value(int end) throws Unreadable {
    var quote = text.charAt(at);
    if (quote == '\'' || quote == '"') {
      var inside = quoted(quote);
      return quote == '\'' ? inside.replace("\\'", "'") : filledIn(unescaped(inside));
    }
    var comment = text.indexOf(" #", at);
    var last = comment >= 0 && comment < end ? comment : end;
    var bare = text.substring(at, last).stripTrailing();
    at = end;
    return filledIn(bare);
  }

  /** What stands between quotes, over several lines when need be. */
  private String quoted(char quote) throws Unreadable {
    for (var close = at + 1; close < text.length(); close++) {
      var c = text.charAt(close);
      if (c == '\\') {
        close++;
      } else if (c == quote) {
        var inside = text.substring(at + 1, close);
        at = close + 1;
        return inside;
      }
    }
    throw new Unreadable("a quote is not closed");
  }

  private static String unescaped(String inside) {
    return ESCAPE
        .matcher(inside)
        .replaceAll(
            match -> {
              var what = match.group(1);
              return Matcher.quoteReplacement(
                  switch (what.charAt(0)) {
                    case 'a' -> "\u0007";
                    case 'b' -> "\b";
                    case 'f' -> "\f";
                    case 'n' -> "\n";
                    case 'r' -> "\r";
                    case 't' -> "\t";
                    case 'v' -> "\u000B";
                    case '$' -> "$$"; // not to be filled in
                    case '0' -> String.valueOf((char) Integer.parseInt(what, 8));
                    default -> what;
                  });
            });
  }

  private String filledIn(String value) throws Unreadable {
    return new Interpolation(
            name -> outside.apply(name).or(() -> Optional.ofNullable(values.get(name))))
        .of(value);
  }

  private int endOfLine() {
    var end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
