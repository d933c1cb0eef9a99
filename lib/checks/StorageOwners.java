package lib.checks;

import java.io.IOException;
import java.time.Duration;
import lib.report.Verdict;
import lib.target.CannotVerify;

/**
 * Whether something deep inside the storage is root's, as a restore or a command in the container
 * leaves it. What validators wrote as their own user is not meant.
 */
final class StorageOwners {

  /** The mark of a restore drill, which is root's and does no harm (VB411). */
  private static final String MARKER = ".last-restore-test";

  private static final String ROOTS =
      "/usr/bin/find "
          + StorageFolder.PRIVATE
          + " -ignore_readdir_race -user 0 -not -writable -not -type l -not -name "
          + MARKER
          + " -print";

  private final Examined examined;
  private final StorageFolder folder;

  StorageOwners(Examined examined, StorageFolder folder) {
    this.examined = examined;
    this.folder = folder;
  }

  /** The first one is enough, and a volume may be too big to be looked through. */
  Verdict notRoots() throws IOException {
    var limit = Duration.ofSeconds(Math.max(1, examined.timeout().toSeconds() / 2));
    var container = folder.container();
    var found = folder.run(container, App.USER, limit, (ROOTS + " -quit").split(" "));
    // An engine that cannot run it, because the container ended, says so on the same stream.
    var first = found.out().lines().filter(it -> it.startsWith(StorageFolder.PRIVATE)).findFirst();
    if (first.isPresent()) {
      return Verdict.warning(
          "%s cannot write %s, which is root's".formatted(App.USER, examined.excerpt(first.get())),
          "The app can neither change nor remove it, and there may be more of its kind.",
          "  ./jbang check_validibot.java --fix --only PDV202",
          "or see it all first:",
          "  docker exec -u %s %s %s".formatted(App.USER, container.name(), ROOTS));
    }
    if (found.timedOut()) {
      return Verdict.info(
          "Nothing of root's was found within %d s, which were too few to look at all."
              .formatted(limit.toSeconds()));
    }
    var unread = found.exitCode() != 0 && !found.err().contains("Permission denied");
    if (unread || !found.out().isBlank()) {
      throw new CannotVerify(
          "the storage could not be looked through: " + examined.excerpt(found.said()));
    }
    return Verdict.passed();
  }
}
