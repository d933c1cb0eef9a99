package lib.report;

import java.util.List;

/**
 * The answer to one question about a deployment.
 *
 * @param facts what was asked and what came back, or the reason of a skip
 * @param why why it matters; empty when that is plain
 * @param fix what to do, a line each; lines that begin with two blanks can be pasted
 */
public record Verdict(Status status, List<String> facts, String why, List<String> fix) {

  public Verdict {
    facts = List.copyOf(facts);
    fix = List.copyOf(fix);
  }

  /** The promise is kept. */
  public static Verdict passed() {
    return new Verdict(Status.PASSED, List.of(), "", List.of());
  }

  /** The promise is broken. */
  public static Verdict failed(List<String> facts, String why, String... fix) {
    return new Verdict(Status.FAILED, facts, why, List.of(fix));
  }

  /** The question does not apply here; the reason is a sentence. */
  public static Verdict skipped(String reason) {
    return new Verdict(Status.SKIPPED, List.of(reason), "", List.of());
  }

  /** The question applies, but could not be answered; the reason is a sentence. */
  public static Verdict unverified(String reason, String... fix) {
    return new Verdict(Status.UNVERIFIED, List.of(reason), "", List.of(fix));
  }

  /** End a test with this verdict. */
  public NotKept asException() {
    return new NotKept(this);
  }
}
