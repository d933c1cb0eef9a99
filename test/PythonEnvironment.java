package test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** What others wrote in Python, from PyPI; a test that cannot have it is skipped. */
final class PythonEnvironment {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Path FOLDER =
      Path.of(System.getProperty("java.io.tmpdir"), "pdv-python-" + ProcessHandle.current().pid());
  private static final Set<List<String>> there = new HashSet<>();
  private static boolean begun;

  private PythonEnvironment() {}

  /** The folder of the one environment of this run, with these packages, among others. */
  static synchronized Path with(String... requirements) {
    if (!begun) {
      begun = true;
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> Shell.run("rm", "-rf", "" + FOLDER).exits(0)));
      make("python3", "-m", "venv", "" + FOLDER);
    }
    if (!there.contains(List.of(requirements))) {
      // compiled when it is imported: most of it never is
      var install =
          Stream.of(
              "" + FOLDER.resolve("bin/pip"),
              "install",
              "--no-compile",
              "-q",
              "--disable-pip-version-check");
      make(Stream.concat(install, Stream.of(requirements)).toArray(String[]::new));
      there.add(List.of(requirements));
    }
    return FOLDER;
  }

  private static void make(String... command) {
    if (Shell.run(command).within(PATIENCE).exit() != 0) {
      throw new TestAbortedException(String.join(" ", command) + ": cannot be done here");
    }
  }
}
