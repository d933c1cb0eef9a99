package lib.envfile;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills in {@code $NAME} and {@code ${NAME:-default}} as Compose does (compose.md section 1). */
final class Interpolation {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");
  private static final Pattern BRACED =
      Pattern.compile("(?<name>[A-Za-z_]\\w*)(?:(?<operator>:?[-?+])(?<word>.*))?", Pattern.DOTALL);

  private final Function<String, Optional<String>> known;

  /**
   * @param known the value of a variable, nothing when it is not set
   */
  Interpolation(Function<String, Optional<String>> known) {
    this.known = known;
  }

  /** Fill in what a text refers to. */
  String of(String text) throws Unreadable {
    var filled = new StringBuilder();
    var at = 0;
    while (at < text.length()) {
      var dollar = text.indexOf('$', at);
      if (dollar < 0 || dollar == text.length() - 1) {
        return filled.append(text, at, text.length()).toString();
      }
      filled.append(text, at, dollar);
      at = dollar + 1;
      var next = text.charAt(at);
      var name = NAME.matcher(text).region(at, text.length());
      if (next == '$') {
        filled.append('$');
        at++;
      } else if (next == '{') {
        var end = closing(text, at + 1);
        filled.append(braced(text.substring(at + 1, end)));
        at = end + 1;
      } else if (name.lookingAt()) {
        filled.append(known.apply(name.group()).orElse(""));
        at = name.end();
      } else {
        filled.append('$');
      }
    }
    return filled.toString();
  }

  /** Where the brace of a {@code ${} that was opened before {@code from} is closed. */
  static int closing(String text, int from) throws Unreadable {
    var depth = 1;
    for (var at = from; at < text.length(); at++) {
      if (text.startsWith("${", at)) {
        depth++;
      } else if (text.charAt(at) == '}' && --depth == 0) {
        return at;
      }
    }
    throw new Unreadable("a ${" + Unreadable.NOT_CLOSED);
  }

  private String braced(String inside) throws Unreadable {
    var reference = BRACED.matcher(inside);
    if (!reference.matches()) {
      throw new Unreadable("what stands in ${...} is no name");
    }
    return value(reference);
  }

  private String value(Matcher reference) throws Unreadable {
    var name = reference.group("name");
    var value = known.apply(name);
    var operator = reference.group("operator");
    if (operator == null) {
      return value.orElse("");
    }
    var usable = operator.startsWith(":") ? value.filter(it -> !it.isEmpty()) : value;
    var word = reference.group("word");
    return switch (operator.charAt(operator.length() - 1)) {
      case '-' -> usable.isPresent() ? usable.get() : of(word);
      case '+' -> usable.isPresent() ? of(word) : "";
      default ->
          usable.orElseThrow(() -> new Unreadable("${" + name + operator + "...} is not set"));
    };
  }
}
