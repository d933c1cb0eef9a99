package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.report.Redaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a terminal shows, what a pipe gets, and what nobody gets to see. */
class OutputTests {

  private static final String ESCAPE = "\u001b";

  /** Run in a terminal, as {@code script} makes one. */
  private static Shell inTerminal(String command) {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no /usr/bin/script here");
    return Shell.run("script", "-qec", command, "/dev/null");
  }

  @Test
  void terminal_gets_colour_and_lines_of_80_columns() {
    var out =
        inTerminal("./jbang verify_deployment.java demo --break worker-public").exits(1).out();

    assertTrue(out.contains(ESCAPE + "[32m✓" + ESCAPE + "[0m"), out);
    var plain =
        out.replaceAll(ESCAPE + "\\[[0-9;]*[mK]", "").replace("\r\n", "\n").replace("\r", "\n");
    var tooLong =
        plain
            .lines()
            .filter(line -> line.length() > 80)
            .filter(line -> !line.startsWith("      gcloud ")) // to be pasted whole
            .toList();
    assertEquals(List.of(), tooLong);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NO_COLOR=1 ./jbang verify_deployment.java demo", ""})
  void colour_can_be_forbidden(String command) {
    var forbidden = command.isEmpty() ? "./jbang verify_deployment.java demo --no-color" : command;
    var out = inTerminal(forbidden).exits(0).out();

    assertFalse(out.contains(ESCAPE + "[3"), out);
  }

  @Test
  void pipe_gets_no_escapes_and_whole_lines() {
    var outcome =
        Shell.jbang("verify_deployment.java", "demo", "--break", "worker-public").exits(1);

    outcome.outLacks(ESCAPE).errLacks(ESCAPE);
    outcome.outContains(
        "Anyone can reach this worker: it may have been deployed with --allow-unauthenticated. That"
            + " is a security issue");
  }

  @Test
  void ascii_terminal_gets_ascii() {
    var java =
        "LC_ALL=C JAVA_TOOL_OPTIONS=-Dstdout.encoding=US-ASCII\\ -Dsun.stdout.encoding=US-ASCII";

    inTerminal(java + " ./jbang quick_verify.java demo --no-color")
        .exits(0)
        .outContains("+ web responds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Authorization: Bearer ya29.a0AfB_byC-secretsecret | ya29",
        "token eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl end | eyJ",
        "refresh 1//0gabcdefghijklmnop | 1//0g",
        "at https://user:hunter2@example.com/path | hunter2",
        "Authorization: Worker-Key abc123def | abc123def",
        "-----BEGIN PRIVATE KEY-----MIIEvQ-----END PRIVATE KEY----- | MIIEvQ"
      })
  void what_looks_like_a_secret_is_hidden(String text, String secret) {
    var clean = new Redaction().of(text);

    assertFalse(clean.contains(secret), clean);
    assertTrue(clean.contains("[hidden]"), clean);
  }

  @Test
  void what_is_known_to_be_a_secret_is_hidden_whatever_it_looks_like() {
    var redaction = new Redaction();
    redaction.add("correct horse");
    redaction.add("correct horse battery");

    assertEquals("a [hidden] b [hidden]", redaction.of("a correct horse battery b correct horse"));
    assertEquals("nothing to hide", redaction.of("nothing to hide"));
  }
}
