package lib.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import lib.report.Verdict;

/**
 * Lets one request go ahead to a service that may still have to start, with all the time that
 * takes; the others follow when it was answered.
 */
final class ColdStart {

  private final Duration patience;
  private final AtomicBoolean taken = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile Optional<String> hang = Optional.empty();

  ColdStart(Duration patience) {
    this.patience = patience;
  }

  /**
   * Ask, first or after the first.
   *
   * @param timeout what a request is given once the service has started
   */
  Reply through(Duration timeout, Trace trace, Function<Duration, Reply> ask) {
    if (taken.compareAndSet(false, true)) {
      try {
        return ask.apply(patience);
      } catch (NoAnswer e) {
        hang = e.hung() ? Optional.of(e.getMessage()) : hang;
        throw e;
      } finally {
        over.countDown();
      }
    }
    awaitFirst(trace);
    if (hang.isPresent()) {
      throw Verdict.unverified("not asked, because nothing came back before: " + hang.get())
          .asException();
    }
    return ask.apply(timeout);
  }

  private void awaitFirst(Trace trace) {
    var began = System.nanoTime();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Verdict.unverified("not asked: interrupted").asException();
    } finally {
      trace.waited(Duration.ofNanos(System.nanoTime() - began));
    }
  }
}
