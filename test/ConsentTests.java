package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;

/** What --fix asks on a terminal, and what each answer does; Python makes the terminal. */
class ConsentTests {

  /**
   * Runs a command on a terminal of its own and, once it asks, types the first argument. Prints all
   * that the terminal shows, and ends as the command does.
   */
  private static final String TERMINAL =
      """
      import os, pty, sys
      keys = sys.argv[1].encode().decode("unicode_escape").encode()
      pid, terminal = pty.fork()
      if pid == 0:
          os.execvp(sys.argv[2], sys.argv[2:])
      shown, typed = b"", False
      while True:
          try:
              piece = os.read(terminal, 4096)
          except OSError:
              break
          if not piece:
              break
          shown += piece
          if b"[y/N]" in shown and not typed:
              typed = True
              os.write(terminal, keys)
      sys.stdout.buffer.write(shown.replace(b"\\r\\n", b"\\n"))
      sys.stdout.flush()
      sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) % 256)
      """;

  @TempDir private Path folder;

  private Shell.Outcome fix(Postgres.Database database, String keys) {
    if (Shell.run("python3", "-c", "import pty, os; os.waitstatus_to_exitcode")
            .within(Duration.ofMinutes(1))
            .exit()
        != 0) {
      throw new TestAbortedException("no Python 3.9 on this machine to make a terminal");
    }
    var words = new ArrayList<>(List.of("python3", "-c", TERMINAL, keys));
    words.addAll(Shell.jbang("check_validibot.java", "--fix", "--only", "VB810").command());
    var shell =
        Shell.run(words.toArray(String[]::new))
            .in(folder)
            .with("DOCKER_HOST", "unix:///nonexistent.sock")
            .with("DEPLOYMENT_TARGET", "self_hosted")
            .with("DATABASE_URL", database.url());
    return shell.within(Duration.ofMinutes(2));
  }

  private static Postgres.Database lacking() {
    return Postgres.seeded().run("delete from users_role where code = 'AUTHOR'");
  }

  private static String roles(Postgres.Database database) {
    return database.value("select count(*) from users_role");
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({"y\\n", "Yes\\n"})
  void who_agrees_has_it_mended(String keys) {
    var database = lacking();

    var outcome = fix(database, keys).exits(0);

    assertTrue(outcome.out().contains("database  127.0.0.1:"), outcome.out());
    assertEquals("7", roles(database));
  }

  /** No, nothing, something else, the end of input and, last, Ctrl-C, which ends it at once. */
  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({"n\\n, 1", "\\n, 1", "x\\n, 1", "\\x04, 1", "\\x03, 130"})
  void who_does_not_agree_has_nothing_changed(String keys, int exit) {
    var database = lacking();

    var outcome = fix(database, keys).exits(exit);

    assertEquals("6", roles(database));
    var last = exit == 1 ? "Nothing was changed." : "Interrupted";
    assertTrue(outcome.out().contains(last), outcome.out());
  }

  @Test
  void nothing_is_asked_where_nothing_can_be_mended() {
    var outcome = fix(Postgres.seeded(), "y\n").exits(0);

    outcome.outLacks("[y/N]").outContains("nothing that can be mended");
  }
}
