package lib.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All findings of a run, and the exit code that follows from them: one rule for every script. */
public record Summary(List<Finding> findings, Duration duration) {

  /** All that was asked was verified and is good. */
  public static final int GOOD = 0;

  /** At least one promise is broken. */
  public static final int BROKEN = 1;

  /** None is known to be broken, but what was asked could not be verified. */
  public static final int NOT_VERIFIED = 2;

  /** Somebody interrupted: what the shell says of a process that SIGINT ended. */
  public static final int INTERRUPTED = 130;

  /** The words of {@code --help}. */
  public static final String EXIT_CODES =
      """
      %nExit codes:
        0    all that was asked was verified and is good
        1    at least one promise is broken
        2    could not be verified: usage, target, credentials, nothing ran
        130  interrupted
      """;

  public Summary {
    findings = List.copyOf(findings);
  }

  public long count(Status status) {
    return findings.stream().filter(finding -> finding.status() == status).count();
  }

  /** How many there are of each status, in words, such as "1 failed, 50 passed in 0.90 s". */
  public String counts() {
    var parts = new ArrayList<String>();
    count(parts, count(Status.FAILED), "failed");
    count(parts, count(Status.UNVERIFIED), "not verified");
    var warnings = count(Status.WARNING);
    count(parts, warnings, warnings == 1 ? "warning" : "warnings");
    count(parts, count(Status.PASSED) + count(Status.INFO), "passed");
    count(parts, count(Status.SKIPPED), "skipped");
    var all = parts.isEmpty() ? "nothing ran" : String.join(", ", parts);
    return all + " in " + Terminal.seconds(duration).strip();
  }

  private static void count(List<String> parts, long number, String word) {
    if (number > 0) {
      parts.add(number + " " + word);
    }
  }

  /** What the run as a whole came to. */
  public Status status() {
    return switch (exitCode()) {
      case GOOD -> Status.PASSED;
      case BROKEN -> Status.FAILED;
      default -> Status.UNVERIFIED;
    };
  }

  /** A broken promise outranks an open question; and nothing verified is never good. */
  public int exitCode() {
    if (count(Status.FAILED) > 0) {
      return BROKEN;
    }
    var verified = count(Status.PASSED) + count(Status.INFO) + count(Status.WARNING);
    return count(Status.UNVERIFIED) > 0 || verified == 0 ? NOT_VERIFIED : GOOD;
  }
}
