package test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.opentest4j.TestAbortedException;

/** What others wrote in Python, from PyPI; a test that cannot have it is skipped. */
final class PythonEnvironment {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Path ALL =
      Path.of(System.getProperty("java.io.tmpdir"), "pdv-python-" + ProcessHandle.current().pid());

  private PythonEnvironment() {}

  /** The folder of an environment with this package, one for all tests of this run. */
  static synchronized Path with(String requirement) {
    var folder = ALL.resolve(requirement.replaceAll("\\W+", "-"));
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> Shell.run("rm", "-rf", "" + ALL).exits(0)));
    var script = "python3 -m venv \"$1\" && \"$1/bin/pip\" install --quiet \"$2\"";
    var made = Shell.run("sh", "-c", script, "sh", "" + folder, requirement).within(PATIENCE);
    if (made.exit() != 0) {
      throw new TestAbortedException("%s cannot be had here from PyPI".formatted(requirement));
    }
    return folder;
  }
}
