package lib.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one test asked and heard, and how long it only waited for its turn. */
public final class Trace {

  private final List<String> exchanges = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private Duration waited = Duration.ZERO;

  synchronized void heard(String exchange) {
    exchanges.add(exchange);
  }

  /** Say something although the promise is kept. */
  public synchronized void remark(String remark) {
    if (!remarks.contains(remark)) {
      remarks.add(remark);
    }
  }

  synchronized void waited(Duration time) {
    waited = waited.plus(time);
  }

  public synchronized List<String> exchanges() {
    return List.copyOf(exchanges);
  }

  public synchronized List<String> remarks() {
    return List.copyOf(remarks);
  }

  public synchronized Duration waited() {
    return waited;
  }
}
