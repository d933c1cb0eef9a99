package lib.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * An answer that several tests want: the first of them asks, and the others hear the same. What may
 * pass, such as an error, is forgotten soon: who asks later does so because it may have passed.
 */
final class Once {

  private static final Duration FORGOTTEN = Duration.ofMillis(500);

  private final ReentrantLock turn = new ReentrantLock();
  private Optional<Reply> reply = Optional.empty();
  private Optional<RuntimeException> failure = Optional.empty();
  private long heard;

  /** Ask, or tell what came back when somebody asked before. */
  Reply ask(Trace trace, Supplier<Reply> question) {
    trace.await(turn);
    try {
      if (isKnown()) {
        return told(trace);
      }
      reply = Optional.empty();
      failure = Optional.empty();
      return asked(question);
    } finally {
      turn.unlock();
    }
  }

  private Reply asked(Supplier<Reply> question) {
    try {
      reply = Optional.of(question.get());
      return reply.get();
    } catch (RuntimeException e) {
      failure = Optional.of(e);
      throw e;
    } finally {
      heard = System.nanoTime();
    }
  }

  private boolean isKnown() {
    var lasting = reply.filter(Reply::succeeded).isPresent();
    var any = reply.isPresent() || failure.isPresent();
    return lasting || any && System.nanoTime() - heard < FORGOTTEN.toNanos();
  }

  private Reply told(Trace trace) {
    return reply.orElseThrow(failure::get).retold(trace);
  }
}
