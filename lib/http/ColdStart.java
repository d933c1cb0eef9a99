package lib.http;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import lib.report.Verdict;

/**
 * Lets one request go ahead to a service that may still have to start, with all the time that
 * takes; the others follow when it was answered. When it hangs, that may be the one address that it
 * asked, so a second one goes ahead before the service is given up.
 */
final class ColdStart {

  /** Who asks again after this long does so because it may have changed. */
  private static final Duration FORGOTTEN = Duration.ofMillis(500);

  private final Duration patience;
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile boolean started;
  private int hangs;
  private String hang = "";
  private long lastHang;

  ColdStart(Duration patience) {
    this.patience = patience;
  }

  /**
   * Ask, first or after the first.
   *
   * @param timeout what a request is given once the service has started
   */
  Reply through(Duration timeout, Trace trace, Function<Duration, Reply> ask) {
    if (!started) {
      trace.await(turn);
      try {
        if (!started) {
          return first(timeout, ask);
        }
      } finally {
        turn.unlock();
      }
    }
    return ask.apply(timeout);
  }

  private Reply first(Duration timeout, Function<Duration, Reply> ask) {
    if (hangs > 1 && System.nanoTime() - lastHang < FORGOTTEN.toNanos()) {
      throw Verdict.unverified("not asked, because nothing came back before: " + hang)
          .asException()
          .changing(true);
    }
    try {
      var reply = ask.apply(hangs == 0 ? patience : timeout);
      started = true;
      return reply;
    } catch (NoAnswer e) {
      if (e.hung()) {
        hangs++;
        lastHang = System.nanoTime();
        hang = e.getMessage();
      } else {
        started = true;
      }
      throw e;
    }
  }
}
