package lib.report;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ends a test early, with a verdict: broken, not applicable, or not to be verified. */
public final class NotKept extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Verdict verdict;
  private final boolean mayChange;
  private final transient Optional<String> exposure;

  NotKept(Verdict verdict) {
    this(verdict, false, Optional.empty());
  }

  private NotKept(Verdict verdict, boolean mayChange, Optional<String> exposure) {
    super(
        Stream.of(verdict.facts().stream(), Stream.of(verdict.why()), verdict.fix().stream())
            .flatMap(lines -> lines)
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n")),
        null,
        false,
        false);
    this.verdict = verdict;
    this.mayChange = mayChange;
    this.exposure = exposure;
  }

  /** The same, of something that may be good when it is asked again. */
  public NotKept changing(boolean may) {
    return new NotKept(verdict, may, exposure);
  }

  /**
   * The same, of a door that must not be open even for a moment.
   *
   * @param logs the line, to be pasted, that shows who came in
   */
  public NotKept exposing(String logs) {
    return new NotKept(verdict, mayChange, Optional.of(logs));
  }

  /** Whether asking again may give a better answer. */
  public boolean mayChange() {
    return mayChange;
  }

  /** For an open door, the line that shows who came in. */
  public Optional<String> exposure() {
    return exposure;
  }

  public Verdict verdict() {
    return verdict;
  }
}
