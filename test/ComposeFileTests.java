package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import lib.envfile.ComposeFile;
import lib.envfile.Unreadable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Env files as Docker Compose was seen to read them: every row of compose.md section 1. */
class ComposeFileTests {

  private static final Function<String, Optional<String>> NOTHING = name -> Optional.empty();
  private static final Function<String, Optional<String>> SHELL =
      name -> Optional.ofNullable(Map.of("B", "shell", "EMPTY", "").get(name));

  /** What stands in the file, and what A is then. */
  static Stream<Arguments> lines() {
    return Stream.of(
        arguments("A = x", "x"),
        arguments("A= x ", "x"),
        arguments("export A=x", "x"),
        arguments("   A=x", "x"),
        arguments("\tA=x", "x"),
        arguments("A=Admin User", "Admin User"),
        arguments("A=\"x\"", "x"),
        arguments("A='x'", "x"),
        arguments("A=x # c", "x"),
        arguments("A=x #c", "x"),
        arguments("A=x#c", "x#c"),
        arguments("A=x\t# c", "x\t# c"),
        arguments("A= # c", "# c"),
        arguments("A=#x", "#x"),
        arguments("A=\"x # y\" # z", "x # y"),
        arguments("A=\"x\"y", "x"),
        arguments("A=\"x\" y", "x"),
        arguments("A=x\"y\"", "x\"y\""),
        arguments("A=it's", "it's"),
        arguments("A=\"say \\\"hi\\\"\"", "say \"hi\""),
        arguments("A='it\\'s'", "it's"),
        arguments("A=", ""),
        arguments("A=\"\"", ""),
        arguments("A=1\nA=2", "2"),
        arguments("\uFEFFA=x\r\nB=y\r\n", "x"),
        arguments("A=a$word", "a"),
        arguments("A=\"a$word\"", "a"),
        arguments("A=a\\$word", "a\\"),
        arguments("A=a$$word", "a$word"),
        arguments("A=\"a$$word\"", "a$word"),
        arguments("A=\"a\\$word\"", "a$word"),
        arguments("A='a$word'", "a$word"),
        arguments("A='a$$word'", "a$$word"),
        arguments("A=$1 $( $^ $*$", "$1 $( $^ $*$"),
        arguments("A=\"x$\"", "x$"),
        arguments("A=x${B}y", "xshelly"),
        arguments("A=x${C}y", "xy"),
        arguments("C=line\nA=x${C}y", "xliney"),
        arguments("B=line\nA=${B}", "shell"),
        arguments("A=${C:-d}", "d"),
        arguments("A=${C-d}", "d"),
        arguments("A=${EMPTY:-d}", "d"),
        arguments("A=${EMPTY-d}", ""),
        arguments("A=${B:-d}", "shell"),
        arguments("A=${B:+alt}", "alt"),
        arguments("A=${C:+alt}", ""),
        arguments("A=${C:-${B}}", "shell"),
        arguments("A=\"l1\\nl2\"", "l1\nl2"),
        arguments("A='l1\\nl2'", "l1\\nl2"),
        arguments("A=l1\\nl2", "l1\\nl2"),
        arguments("A=\"C:\\\\d\"", "C:\\d"),
        arguments("A=\"\\a\\b\\f\\r\\t\\v\"", "\u0007\b\f\r\t\u000B"),
        arguments("A=\"\\0101\"", "A"),
        arguments("A=\"l1\nl2\"", "l1\nl2"),
        arguments("A='l1\nl2'", "l1\nl2"),
        arguments("A: x", "x"),
        arguments("A:x", "x"),
        arguments("# A=0\n\nA=x\n#A=1", "x"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @MethodSource("lines")
  void line_has_the_value_that_compose_gives_it(String text, String value) throws Unreadable {
    assertEquals(value, ComposeFile.read(text, SHELL).get("A"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(
      strings = {
        "A='x''y'",
        "A=\"abc",
        "A='abc",
        "A=${",
        "A=${}",
        "A=a${B",
        "A=${N:?m}",
        "A=${N?m}",
        "A B=1",
        "garbage line"
      })
  void one_bad_line_spoils_the_whole_file(String line) {
    var problem =
        assertThrows(Unreadable.class, () -> ComposeFile.read("OK=1\n\n" + line, NOTHING));

    assertEquals("line 3: ", problem.getMessage().substring(0, 8));
  }

  @Test
  void problem_quotes_no_value() {
    var problem =
        assertThrows(Unreadable.class, () -> ComposeFile.read("A=\"canary-value", NOTHING));

    assertEquals("line 1: a quote is not closed", problem.getMessage());
  }

  @Test
  void name_alone_takes_the_value_of_the_shell() throws Unreadable {
    assertEquals(Map.of("B", "shell"), ComposeFile.read("B\nC\n", SHELL));
  }

  @Test
  void what_follows_a_closing_quote_is_a_statement_of_its_own() throws Unreadable {
    assertEquals(Map.of("A", "x", "B", "shell"), ComposeFile.read("A=\"x\"B", SHELL));
  }
}
