package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import lib.envfile.BashFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Env files as bash reads them, compared with what bash itself makes of them. */
class BashFileTests {

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(
      strings = {
        "A=x",
        "export A=x",
        "  A=x  ",
        "A=",
        "A='Admin User'",
        "A=\"Admin User\"",
        "A=Admin\\ User",
        "A='X <a@b>'",
        "A='a$b`c\"d'",
        "A=\"a\\$b\\`c\\\"d\\\\e\\f\"",
        "A=x'y'\"z\"w",
        "A=x#c",
        "A=#x",
        "A=x # c",
        "A=x\t# c",
        "A= # c",
        "A='x'#c",
        "# c\n\nA=x\n  # d",
        "A=1\nA=2",
        "B=user\nA=postgres://${B}:p@/db?host=/cloudsql/a:b:c",
        "B=user\nA=\"<$B>\"",
        "B=user\nA='$B'",
        "A=${B:-d}",
        "A=${B-d}x",
        "B=\nA=${B:-d}",
        "B=1\nA=${B:+alt}",
        "A=${B:-${C:-deep}}",
        "A=a$",
        "A=\"a$\"",
        "A=a$/b",
        "A=\"l1\nl2\"",
        "A='l1\nl2'",
        "A=x\\\ny",
        "A=\"x\\\ny\"",
        "B=1 A=2",
        "export B=1 A=2",
        "B=1; A=2",
        "A=x;",
        "B=1\nA=x\nA+=y",
        "set -a\nA=x\nexport A\nset +a",
        "A=*.acme.org,[::1]",
        "A=a=b=c",
        "A=it\\'s",
        "A='~/x'",
        "A=\"~\"",
        "A=\\~",
        "A=x~/y",
        "A=~no-such-user",
        "A=x && B=1",
        "A=x;B=1 ;",
        "A=a,b:c@d/e?f%g+h~i^j!k]l{m}n"
      })
  void file_that_bash_takes_has_the_values_that_bash_gives_it(String text) throws IOException {
    var contents = BashFile.read(text, name -> Optional.empty());

    assertEquals(java.util.List.of(), contents.problems());
    assertEquals(sourced(text).exits(0).out(), contents.values().get("A") + "|");
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(
      strings = {
        "SUPERUSER_NAME=Admin User",
        "DJANGO_DEFAULT_FROM_EMAIL=X <a@b>",
        "A=<your-project-id>",
        "A=x&y",
        "A=x(y",
        "A=x|y",
        "A=x;y",
        "A=\"x",
        "A='x",
        "A=it's",
        "A=x$UNSET_HERE",
        "A=\"x${UNSET_HERE}\"",
        "A=${UNSET_HERE:?}",
        "A=x$1",
        "A=${",
        "A=a`nonsense-command`",
        "A=$(nonsense-command)",
        "garbage line",
        "A =x",
        "A: x",
        ";",
        "A=x;;",
        "A=x\n ; B=1",
        "&& A=x",
        "\uFEFFA=x"
      })
  void file_that_bash_refuses_has_a_problem(String text) throws IOException {
    var contents = BashFile.read("OK=1\n" + text, name -> Optional.empty());
    var first = BashFile.read(text, name -> Optional.empty());

    sourced(text).fails();
    assertTrue(contents.problems().size() == 1 || text.startsWith("\uFEFF"));
    assertEquals(1, first.problems().size());
    assertEquals("1", contents.values().get("OK"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(strings = {"A=~", "A=~/x", "A=~:x", "A=x:~/y", "A=~+", "B=1\nA+=~; B=2"})
  void home_folder_that_bash_fills_in_is_a_problem(String text) throws IOException {
    var contents = BashFile.read(text, name -> Optional.empty());

    assertFalse(sourced(text).exits(0).out().contains("~"));
    assertEquals(1, contents.problems().size());
    assertTrue(contents.refused().get("A").contains("A: bash replaces the '~'"));
  }

  @Test
  void carriage_returns_are_a_problem_that_is_told_once() {
    var contents = BashFile.read("A=x\r\nB=y\r\n", name -> Optional.empty());

    assertEquals(1, contents.problems().size());
    assertTrue(contents.problems().get(0).startsWith("line 1: the line ends in CR LF"));
    assertEquals(Map.of("A", "x", "B", "y"), contents.values());
  }

  @Test
  void problem_names_line_and_variable_but_no_value() {
    var contents = BashFile.read("A=1\n\n# c\nB=canary value\nC=2", name -> Optional.empty());

    assertTrue(contents.problems().get(0).startsWith("line 4, B: bash would run what follows"));
    assertFalse(contents.problems().toString().contains("canary"));
    assertEquals(Map.of("A", "1", "C", "2"), contents.values());
  }

  /** What bash makes of a file, as Validibot's entrypoint sources it. */
  private Shell.Outcome sourced(String text) throws IOException {
    var file = Files.writeString(folder.resolve(".django"), text);
    return Shell.run(
            "bash",
            "-c",
            "set -o errexit -o nounset -a; source \"$0\"; printf '%s|' \"$A\"",
            file.toString())
        .without("A")
        .without("B")
        .without("C")
        .within(java.time.Duration.ofSeconds(20));
  }
}
