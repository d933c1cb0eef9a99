package lib.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import lib.report.Exchange;
import lib.report.Verdict;

/** What one test asked and heard, and how long it only waited for its turn. */
public final class Trace {

  private final List<Exchange> exchanges = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final Map<String, Long> measures = new HashMap<>();
  private Duration waited = Duration.ZERO;

  synchronized void heard(Exchange exchange) {
    exchanges.add(exchange);
  }

  /** What another test asked, told once. */
  synchronized void heardBefore(Exchange exchange) {
    var told = exchange.asBefore();
    if (!exchanges.contains(told)) {
      exchanges.add(told);
    }
  }

  /** Say something although the promise is kept. */
  public synchronized void remark(String remark) {
    if (!remarks.contains(remark)) {
      remarks.add(remark);
    }
  }

  /** Numbers that somebody may want to follow. */
  synchronized void measured(Map<String, Long> more) {
    measures.putAll(more);
  }

  public synchronized Map<String, Long> measures() {
    return Map.copyOf(measures);
  }

  /** Wait for a turn; that is no time of the test's own. */
  void await(ReentrantLock turn) {
    var began = System.nanoTime();
    try {
      turn.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Verdict.unverified("not asked: interrupted").asException();
    } finally {
      waited(Duration.ofNanos(System.nanoTime() - began));
    }
  }

  synchronized void waited(Duration time) {
    waited = waited.plus(time);
  }

  public synchronized List<Exchange> exchanges() {
    return List.copyOf(exchanges);
  }

  public synchronized List<String> remarks() {
    return List.copyOf(remarks);
  }

  public synchronized Duration waited() {
    return waited;
  }
}
