package lib.report;

import java.io.IOException;
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
   * @param work loads all that later runs will
   */
  public static void ifRecorded(Class<?> script, Consumer<Output> work) {
    ifRecorded(script, true, work);
  }

  /**
   * The same for work that cannot load everything, for want of somebody to talk to. The first whole
   * run throws the archive of such a rehearsal away, and so the next one makes the lasting one.
   *
   * @param whole whether this very run loaded what later ones will
   */
  public static void ifRecorded(Class<?> script, boolean whole, Consumer<Output> work) {
    var jar = script.getProtectionDomain().getCodeSource().getLocation().toString();
    if (!jar.endsWith(".jar")) {
      return;
    }
    var archive = Path.of(URI.create(jar.replaceFirst("jar$", "jsa")));
    var poor = Path.of(URI.create(jar.replaceFirst("jar$", "rehearsed")));
    try {
      // the archive is beside the jar; only without one it is worth the time to look closer
      if (Files.exists(archive)) {
        if (whole && Files.deleteIfExists(poor)) {
          Files.delete(archive);
        }
      } else if (isRecording()) {
        if (!whole) {
          Files.writeString(poor, "");
        }
        work.accept(Output.toNobody());
      }
    } catch (IOException | RuntimeException e) {
      // then the archive is a poorer one, and that is all
    }
  }

  private static boolean isRecording() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .anyMatch(argument -> argument.startsWith(RECORDING));
  }
}
