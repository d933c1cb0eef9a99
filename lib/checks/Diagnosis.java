package lib.checks;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import lib.report.Finding;
import lib.report.Status;
import lib.report.Verdict;

/**
 * What became of one check.
 *
 * @param waived whether it was left out on purpose
 * @param fixed whether this is the second answer, after a repair
 */
public record Diagnosis(
    Category category,
    Check check,
    Verdict verdict,
    Duration duration,
    boolean waived,
    boolean fixed) {

  public Status status() {
    return verdict.status();
  }

  /** The answer in one line. */
  public String message() {
    var facts =
        verdict.facts().stream()
            .map(it -> it.replaceFirst("\\.$", ""))
            .collect(Collectors.joining(". "));
    return facts.isEmpty() ? check.title() : facts;
  }

  /**
   * The same as every form of report tells it.
   *
   * @param strict whether a warning is a broken promise
   */
  Finding finding(boolean strict) {
    return new Finding(
        check.id(),
        category.title(),
        check.title(),
        strict ? verdict.strictly() : verdict,
        duration,
        fixed ? List.of("second answer, after --fix") : List.of(),
        List.of());
  }

  /** The same check, asked again after a repair. */
  public Diagnosis repaired(Verdict second, Duration took) {
    return new Diagnosis(category, check, second, took, waived, true);
  }
}
