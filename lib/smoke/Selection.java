package lib.smoke;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which tests to run: an expression as pytest's {@code -k} takes, of names, {@code and}, {@code
 * or}, {@code not} and parentheses. A name selects a test when it is part of one of the test's
 * names, in any case.
 */
public final class Selection {

  private static final Pattern TOKEN = Pattern.compile("\\s*([()]|[\\w:+\\-.\\[\\]/\\\\,]+|\\S)");
  private static final Pattern NAME = Pattern.compile("[\\w:+\\-.\\[\\]/\\\\,]+");

  /** The expression cannot be understood; the message points at the place. */
  public static final class Malformed extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    Malformed(String problem, String expression, int at) {
      super(problem + "\n  " + expression + "\n  " + " ".repeat(at) + "^");
    }
  }

  private final String expression;
  private int at;
  private int next;
  private String token = "";
  private final Predicate<List<String>> chosen;

  private Selection(String expression) {
    this.expression = expression;
    advance();
    this.chosen = either();
    if (!token.isEmpty()) {
      throw expected("'and', 'or' or the end");
    }
  }

  /**
   * Understand an expression.
   *
   * @throws Malformed when it cannot be understood
   */
  public static Selection of(String expression) {
    return new Selection(expression);
  }

  /** Whether a test of these names is selected. */
  public boolean selects(List<String> names) {
    return chosen.test(names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
  }

  private Predicate<List<String>> either() {
    var left = both();
    while (token.equalsIgnoreCase("or")) {
      advance();
      left = left.or(both());
    }
    return left;
  }

  private Predicate<List<String>> both() {
    var left = one();
    while (token.equalsIgnoreCase("and")) {
      advance();
      left = left.and(one());
    }
    return left;
  }

  private Predicate<List<String>> one() {
    if (token.equalsIgnoreCase("not")) {
      advance();
      return one().negate();
    }
    if (token.equals("(")) {
      advance();
      var inner = either();
      if (!token.equals(")")) {
        throw expected("a closing parenthesis");
      }
      advance();
      return inner;
    }
    if (!NAME.matcher(token).matches()
        || token.equalsIgnoreCase("and")
        || token.equalsIgnoreCase("or")) {
      throw expected("a name, 'not' or an opening parenthesis");
    }
    var name = token.toLowerCase(Locale.ROOT);
    advance();
    return names -> names.stream().anyMatch(it -> it.contains(name));
  }

  private void advance() {
    var matcher = TOKEN.matcher(expression);
    if (matcher.find(next) && matcher.start() == next) {
      at = matcher.start(1);
      token = matcher.group(1);
      next = matcher.end();
    } else {
      at = expression.length();
      token = "";
    }
  }

  private Malformed expected(String what) {
    var found = token.isEmpty() ? "the end" : "'" + token + "'";
    return new Malformed("expected " + what + ", but found " + found, expression, at);
  }
}
