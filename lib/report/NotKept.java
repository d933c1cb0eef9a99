package lib.report;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ends a test early, with a verdict: broken, not applicable, or not to be verified. */
public final class NotKept extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Verdict verdict;

  NotKept(Verdict verdict) {
    super(
        Stream.of(verdict.facts().stream(), Stream.of(verdict.why()), verdict.fix().stream())
            .flatMap(lines -> lines)
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n")),
        null,
        false,
        false);
    this.verdict = verdict;
  }

  public Verdict verdict() {
    return verdict;
  }
}
