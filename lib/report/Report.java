package lib.report;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A run that is over, as every form of report tells it. They count, judge and leave out nothing.
 *
 * @param script which one ran, such as {@code verify_deployment}
 * @param subject what was looked at, such as {@code dev}
 * @param about what a reader should know of that, by name, in order
 * @param began when
 * @param status of the run as a whole
 * @param verdict the last word, such as "dev is good"
 * @param caveats what the verdict does not speak of
 * @param problem why nothing could be looked at at all; then there are no findings
 * @param changes since an earlier run, in lines of which the first one is a heading; none when
 *     there is nothing to compare with
 */
public record Report(
    String script,
    String subject,
    Map<String, String> about,
    Instant began,
    Summary summary,
    Status status,
    int exitCode,
    String verdict,
    List<String> caveats,
    Optional<String> problem,
    List<String> changes) {

  public Report {
    about = new LinkedHashMap<>(about);
    caveats = List.copyOf(caveats);
    changes = List.copyOf(changes);
  }

  /** Something was looked at. */
  public Report(
      String script,
      String subject,
      Map<String, String> about,
      Instant began,
      Summary summary,
      Status status,
      int exitCode,
      String verdict,
      List<String> caveats) {
    this(
        script,
        subject,
        about,
        began,
        summary,
        status,
        exitCode,
        verdict,
        caveats,
        Optional.empty(),
        List.of());
  }

  /** Nothing could be looked at. */
  public static Report refused(String script, String subject, String reason) {
    return new Report(
        script,
        subject,
        Map.of(),
        Instant.now(),
        new Summary(List.of(), Duration.ZERO),
        Status.UNVERIFIED,
        Summary.NOT_VERIFIED,
        (subject.isEmpty() ? "The stage" : subject) + " could not be verified",
        List.of(),
        Optional.of(reason),
        List.of());
  }

  /**
   * The same of a run that was cut off: what is broken is, and the rest is not known.
   *
   * @param words the last word instead
   */
  public Report interrupted(String words) {
    return new Report(
        script,
        subject,
        about,
        began,
        summary,
        summary.count(Status.FAILED) > 0 ? Status.FAILED : Status.UNVERIFIED,
        Summary.INTERRUPTED,
        words,
        caveats,
        problem,
        changes);
  }

  /** The same, and what changed since an earlier run. */
  public Report compared(Optional<Comparison> comparison) {
    return new Report(
        script,
        subject,
        about,
        began,
        summary,
        status,
        exitCode,
        verdict,
        caveats,
        problem,
        comparison.map(Comparison::lines).orElse(List.of()));
  }

  /** The same, without whatever must not be shown: done before any form escapes or breaks texts. */
  Report cleaned(UnaryOperator<String> clean) {
    var told = new LinkedHashMap<String, String>();
    about.forEach((name, value) -> told.put(name, clean.apply(value)));
    return new Report(
        script,
        clean.apply(subject),
        told,
        began,
        new Summary(
            findings().stream().map(finding -> finding.cleaned(clean)).toList(),
            summary.duration()),
        status,
        exitCode,
        clean.apply(verdict),
        caveats.stream().map(clean).toList(),
        problem.map(clean),
        changes.stream().map(clean).toList());
  }

  public List<Finding> findings() {
    return summary.findings();
  }
}
