package lib.report;

import java.time.Duration;
import java.util.List;

/**
 * One test and what became of it.
 *
 * @param group what the test is about, shared with its neighbours
 * @param title the promise, as a sentence
 * @param remarks what a reader should know although the promise is kept
 * @param exchanges every request and its answer, one line each
 */
public record Finding(
    String group,
    String title,
    Verdict verdict,
    Duration duration,
    List<String> remarks,
    List<String> exchanges) {

  public Finding {
    remarks = List.copyOf(remarks);
    exchanges = List.copyOf(exchanges);
  }

  public Status status() {
    return verdict.status();
  }
}
