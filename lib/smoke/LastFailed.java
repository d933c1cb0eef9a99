package lib.smoke;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import lib.report.Finding;
import lib.report.Status;
import lib.target.Environment;
import lib.target.Stage;

/** Remembers which tests of a stage were not good, for {@code --last-failed}. May be lost. */
public final class LastFailed {

  private static final Set<Status> NOT_GOOD = Set.of(Status.FAILED, Status.UNVERIFIED);

  private final Path file;

  private LastFailed(Path file) {
    this.file = file;
  }

  public static LastFailed of(Stage stage, Environment environment) {
    return new LastFailed(environment.cache().resolve("last-failed").resolve(stage.toString()));
  }

  /** The ids of those tests; empty when all were good, or when nothing is known. */
  public Set<String> ids() {
    try {
      return Set.copyOf(Files.readAllLines(file));
    } catch (IOException e) {
      return Set.of();
    }
  }

  /**
   * Remember a run. What did not run keeps what was known of it.
   *
   * @param whole whether all tests ran to their end
   */
  public void remember(List<Finding> findings, boolean whole) {
    var ids = new LinkedHashSet<>(whole ? Set.of() : ids());
    for (var finding : findings) {
      if (NOT_GOOD.contains(finding.status())) {
        ids.add(finding.id());
      } else {
        ids.remove(finding.id());
      }
    }
    try {
      if (ids.isEmpty()) {
        Files.deleteIfExists(file);
        return;
      }
      Files.createDirectories(file.getParent());
      Files.write(file, new TreeSet<>(ids));
    } catch (IOException e) {
      // then the next run does not know, and says so
    }
  }
}
