package lib.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The answer to one question about a deployment.
 *
 * @param facts what was asked and what came back, or the reason of a skip
 * @param why why it matters; empty when that is plain
 * @param fix what to do, a line each; lines that begin with two blanks can be pasted
 * @param details what only they want to read who want to read everything
 * @param measures numbers that somebody may want to follow, by name
 */
public record Verdict(
    Status status,
    List<String> facts,
    String why,
    List<String> fix,
    List<String> details,
    Map<String, Long> measures) {

  /** What a fact begins with that tells what was asked, and by whom. */
  public static final String ASKED = "asked: ";

  /** What a fact begins with that tells what came back. */
  public static final String CAME_BACK = "came back: ";

  /** What a fact begins with that tells what should have come back. */
  public static final String EXPECTED = "expected: ";

  /** A measure: for how many days a certificate is still good. */
  public static final String CERTIFICATE_DAYS_LEFT = "certificate_days_left";

  public Verdict {
    facts = List.copyOf(facts);
    fix = List.copyOf(fix);
    details = List.copyOf(details);
    measures = Map.copyOf(measures);
  }

  public Verdict(Status status, List<String> facts, String why, List<String> fix) {
    this(status, facts, why, fix, List.of(), Map.of());
  }

  /** The promise is kept. */
  public static Verdict passed() {
    return new Verdict(Status.PASSED, List.of(), "", List.of());
  }

  /** The promise is kept; the fact tells how. */
  public static Verdict passed(String fact) {
    return passed(List.of(fact));
  }

  /** The promise is kept; the facts tell how. */
  public static Verdict passed(List<String> facts) {
    return new Verdict(Status.PASSED, facts, "", List.of());
  }

  /** Nothing is wrong, but somebody should know. */
  public static Verdict info(String fact, String... fix) {
    return new Verdict(Status.INFO, List.of(fact), "", List.of(fix));
  }

  /** Not broken, but it will be, or it is weaker than it should be. */
  public static Verdict warning(String fact, String why, String... fix) {
    return warning(List.of(fact), why, fix);
  }

  /** Not broken, but it will be, or it is weaker than it should be. */
  public static Verdict warning(List<String> facts, String why, String... fix) {
    return new Verdict(Status.WARNING, facts, why, List.of(fix));
  }

  /** The promise is broken; one fact tells how. */
  public static Verdict failed(String fact, String why, String... fix) {
    return failed(List.of(fact), why, fix);
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

  /** The same verdict, with more to read for those who want to. */
  public Verdict with(List<String> more) {
    return new Verdict(status, facts, why, fix, more, measures);
  }

  /** The same verdict, with other facts. */
  public Verdict telling(List<String> others) {
    return new Verdict(status, others, why, fix, details, measures);
  }

  /** The same verdict, with numbers. */
  public Verdict measuring(Map<String, Long> more) {
    var all = new HashMap<>(measures);
    all.putAll(more);
    return new Verdict(status, facts, why, fix, details, all);
  }

  Verdict cleaned(UnaryOperator<String> clean) {
    return new Verdict(
        status,
        facts.stream().map(clean).toList(),
        clean.apply(why),
        fix.stream().map(clean).toList(),
        details.stream().map(clean).toList(),
        measures);
  }

  /** The same verdict, told after another fact. */
  public Verdict after(String fact) {
    var all = new ArrayList<>(List.of(fact));
    all.addAll(facts);
    return telling(all);
  }

  /** The same verdict, where whoever asks puts up with no weakness. */
  public Verdict strictly() {
    return status == Status.WARNING
        ? new Verdict(Status.FAILED, facts, why, fix, details, measures)
        : this;
  }

  /** End a test with this verdict. */
  public NotKept asException() {
    return new NotKept(this);
  }
}
