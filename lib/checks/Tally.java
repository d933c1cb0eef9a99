package lib.checks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lib.report.Report;
import lib.report.Status;
import lib.report.Summary;

/** All answers of a run, and the exit code that follows from them, whatever the form. */
public record Tally(List<Diagnosis> diagnoses, Duration duration) {

  public Tally {
    diagnoses = List.copyOf(diagnoses);
  }

  long count(Status status) {
    return diagnoses.stream().filter(it -> it.status() == status).count();
  }

  /** Errors fail; warnings do when that was asked for; and nothing checked is never good. */
  public int exitCode(boolean strict) {
    if (count(Status.FAILED) + count(Status.UNVERIFIED) > 0
        || strict && count(Status.WARNING) > 0) {
      return Summary.BROKEN;
    }
    return count(Status.SKIPPED) == diagnoses.size() ? Summary.NOT_VERIFIED : Summary.GOOD;
  }

  /**
   * The same as every form of report tells it.
   *
   * @param about what a reader should know of the deployment
   * @param whole whether everything was asked
   */
  public Report report(Map<String, String> about, Instant began, boolean strict, boolean whole) {
    var findings = diagnoses.stream().map(it -> it.finding(strict)).toList();
    var exit = exitCode(strict);
    var status =
        exit == Summary.GOOD
            ? Status.PASSED
            : exit == Summary.BROKEN ? Status.FAILED : Status.UNVERIFIED;
    return new Report(
        "check_validibot",
        about.getOrDefault("target", ""),
        about,
        began,
        new Summary(findings, duration),
        status,
        exit,
        verdict(strict, whole),
        List.of());
  }

  /**
   * Whether less was answered than skipped: then no error is not much of a praise. What somebody
   * waived is not counted.
   */
  boolean sawLittle() {
    return answered() * 2 < asked();
  }

  private long answered() {
    return diagnoses.size() - count(Status.SKIPPED);
  }

  private long asked() {
    return diagnoses.stream().filter(it -> !it.waived()).count();
  }

  /**
   * The last word.
   *
   * @param whole whether everything was asked; a verdict on a part must not sound like one on all
   */
  String verdict(boolean strict, boolean whole) {
    return switch (exitCode(strict)) {
      case Summary.GOOD ->
          (sawLittle()
                  ? "No error was found, but only %d of %d checks could be asked"
                      .formatted(answered(), asked())
                  : count(Status.WARNING) > 0
                      ? "This deployment works, with warnings"
                      : "This deployment is good")
              + (whole ? "" : ", as far as asked");
      case Summary.BROKEN -> "This deployment is NOT good";
      default -> "Nothing could be checked";
    };
  }

  String counts() {
    var parts = new ArrayList<String>();
    count(parts, Status.UNVERIFIED, "broken check");
    count(parts, Status.FAILED, "error");
    count(parts, Status.WARNING, "warning");
    count(parts, Status.PASSED, "ok");
    count(parts, Status.INFO, "info");
    count(parts, Status.SKIPPED, "skipped");
    return String.join(", ", parts)
        + String.format(Locale.ROOT, " in %.2f s", duration.toMillis() / 1000.0);
  }

  private void count(List<String> parts, Status status, String word) {
    var number = count(status);
    if (number > 0) {
      var many = number > 1 && List.of(Status.FAILED, Status.WARNING).contains(status) ? "s" : "";
      parts.add(number + " " + word + many);
    }
  }
}
