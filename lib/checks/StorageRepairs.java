package lib.checks;

import java.io.IOException;
import java.time.Duration;
import lib.checks.Check.Repair;
import lib.engine.Engine;
import lib.engine.Engine.Executed;

/** What can be done about a storage folder, always inside a container of the app. */
final class StorageRepairs {

  private static final Duration LONG = Duration.ofSeconds(180);
  private static final int TRIES = 60;

  /** How a command ends whose container ends. */
  private static final int KILLED = 137;

  private final StorageFolder folder;

  StorageRepairs(StorageFolder folder) {
    this.folder = folder;
  }

  Repair makeFolder() {
    return new Repair(
        "make %s in the container, as %s".formatted(StorageFolder.PRIVATE, App.USER),
        () -> {
          done(patiently(App.USER, "mkdir", "-p", StorageFolder.PRIVATE));
          return "made " + StorageFolder.PRIVATE;
        });
  }

  Repair giveToApp() {
    return new Repair(
        "give %s and all in it to %s, in the container".formatted(StorageFolder.ROOT, App.USER),
        () -> {
          done(patiently("root", "chown", "-R", App.USER + ":" + App.USER, StorageFolder.ROOT));
          return StorageFolder.ROOT + " belongs to " + App.USER;
        });
  }

  /** A container that starts over and over, as without its storage, runs only now and then. */
  private Executed patiently(String user, String... command)
      throws IOException, InterruptedException {
    for (var tries = 1; ; tries++) {
      try {
        var executed = folder.run(folder.container(), user, LONG, command);
        if (executed.exitCode() != KILLED || tries == TRIES) {
          return executed;
        }
      } catch (Engine.Failure e) {
        if (!e.isNotRunning() || tries == TRIES) {
          throw e;
        }
      }
      Thread.sleep(1000);
    }
  }

  private static void done(Executed executed) throws IOException {
    if (executed.timedOut()) {
      throw new IOException("did not end within " + LONG.toSeconds() + " s");
    }
    if (executed.exitCode() != 0) {
      throw new IOException(executed.said());
    }
  }
}
