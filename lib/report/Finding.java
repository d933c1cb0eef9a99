package lib.report;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * One test or check, and what became of it.
 *
 * @param id stays the same for ever, such as {@code SM402}, {@code SM403[scheduled/clear-sessions]}
 *     or {@code VB101}; a test of a user's own has its class and method
 * @param group what it is about, shared with its neighbours
 * @param title the promise, as a sentence
 * @param remarks what a reader should know although the promise is kept
 * @param exchanges every request and its answer
 */
public record Finding(
    String id,
    String group,
    String title,
    Verdict verdict,
    Duration duration,
    List<String> remarks,
    List<Exchange> exchanges) {

  private static final Pattern DOCUMENTED = Pattern.compile("((?:SM|VB|PDV)\\d{3})(?:\\[.*)?");
  private static final String HINTS = "docs/checks.md#";

  public Finding {
    remarks = List.copyOf(remarks);
    exchanges = List.copyOf(exchanges);
  }

  public Status status() {
    return verdict.status();
  }

  /** Where it is explained; nowhere when it is a user's own. */
  public Optional<String> hint() {
    var known = DOCUMENTED.matcher(id);
    return known.matches()
        ? Optional.of(HINTS + known.group(1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /** What was asked, and by whom: in the end, where that was more than once; empty if nothing. */
  public String request() {
    return told(Verdict.ASKED).orElseGet(() -> last().map(Exchange::request).orElse(""));
  }

  /** What should have come back, where something else did; empty otherwise. */
  public String expected() {
    return told(Verdict.EXPECTED).orElse("");
  }

  /** What came back; empty if nothing was asked. */
  public String actual() {
    return told(Verdict.CAME_BACK).orElseGet(() -> last().map(Exchange::answer).orElse(""));
  }

  /** Who answered that request; empty if nobody did. */
  public String answeredBy() {
    return exchanges.stream()
        .filter(exchange -> exchange.request().equals(request()))
        .reduce((one, later) -> later)
        .map(Exchange::answeredBy)
        .orElse("");
  }

  Finding cleaned(UnaryOperator<String> clean) {
    return new Finding(
        clean.apply(id),
        clean.apply(group),
        clean.apply(title),
        verdict.cleaned(clean),
        duration,
        remarks.stream().map(clean).toList(),
        exchanges.stream().map(exchange -> exchange.cleaned(clean)).toList());
  }

  private Optional<Exchange> last() {
    return exchanges.stream().reduce((one, later) -> later);
  }

  private Optional<String> told(String what) {
    return verdict.facts().stream()
        .filter(fact -> fact.startsWith(what))
        .map(fact -> fact.substring(what.length()))
        .reduce((one, other) -> one + "\n" + other);
  }
}
