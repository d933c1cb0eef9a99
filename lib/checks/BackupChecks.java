package lib.checks;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.settings.Django.Storage;
import lib.target.CannotVerify;

/** Whether backups have proved to be of use. */
final class BackupChecks {

  /** Written by a restore that went well (validibot.md section 6, VB411). */
  private static final String MARKER = StorageFolder.PRIVATE + "/.last-restore-test";

  private static final Duration DRILL = Duration.ofDays(90);

  private final Examined examined;

  BackupChecks(Examined examined) {
    this.examined = examined;
  }

  Category category() {
    return new Category(
        "backups",
        "Backups",
        "backups",
        List.of(Check.of("VB411", "A restore was tried lately", this::restored)));
  }

  private Verdict restored() throws IOException {
    if (examined.django().target() != DeploymentTarget.SELF_HOSTED) {
      return Verdict.skipped("Only self-hosted deployments keep a record of restores.");
    }
    if (examined.django().storage() != Storage.FOLDER) {
      return Verdict.skipped("Files are kept in a bucket, where no record of restores is kept.");
    }
    var stack = examined.stackNow();
    var container =
        stack
            .service("web")
            .or(() -> stack.service("worker"))
            .orElseThrow(() -> new CannotVerify("there is no container of web or worker"));
    var marker = stack.engine().stat(container, MARKER);
    if (marker.isEmpty()) {
      return bad("no restore was tried so far: there is no " + MARKER);
    }
    var days = Duration.between(time(marker.get().modified()), Instant.now()).toDays();
    return days <= DRILL.toDays()
        ? Verdict.passed("%d days ago".formatted(days))
        : bad("the last restore was tried %d days ago".formatted(days));
  }

  private static Verdict bad(String fact) {
    return Verdict.warning(
        fact,
        "A backup that was never restored may be of no use.",
        "Restore the newest backup at least every %d days, best on a machine for that."
            .formatted(DRILL.toDays()));
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new CannotVerify("the engine does not tell when " + MARKER + " was written");
    }
  }
}
