package lib.report;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Makes later runs fast, whatever the first one was. JBang keeps an archive of the classes that a
 * script's first run loads ({@code //CDS}), and makes it once: had that been {@code --help}, every
 * run after it would be slow (docs/performance.md).
 */
public final class Rehearsal {

  private static final String RECORDING = "-XX:ArchiveClassesAtExit";

  private Rehearsal() {}

  /**
   * Where this process is that first run, do once what later runs do, unseen.
   *
   * @param script a class of the script's own jar
   */
  public static void ifRecorded(Class<?> script, Consumer<Output> work) {
    if (isRecorded(script)) {
      try {
        work.accept(Output.toNobody());
      } catch (RuntimeException e) {
        // then the archive is a poorer one, and that is all
      }
    }
  }

  /** The archive is beside the jar; only without one it is worth the time to look closer. */
  private static boolean isRecorded(Class<?> script) {
    var jar = script.getProtectionDomain().getCodeSource().getLocation().toString();
    if (!jar.endsWith(".jar")
        || Files.exists(Path.of(URI.create(jar.replaceFirst("jar$", "jsa"))))) {
      return false;
    }
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .anyMatch(argument -> argument.startsWith(RECORDING));
  }
}
