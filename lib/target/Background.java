package lib.target;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Runs what waits for somebody, each on a thread of its own. The common pool of the JDK has as many
 * threads as there are processors: where one waits for another, that can be too few for ever.
 */
public final class Background {

  private static final Executor THREADS =
      work -> {
        var thread = new Thread(work, "background");
        thread.setDaemon(true);
        thread.start();
      };

  private static final long TICK = 200;

  private Background() {}

  /** Begin at once. */
  public static <T> CompletableFuture<T> begin(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, THREADS);
  }

  /** Begin at once something that has no outcome. */
  public static CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(work, THREADS);
  }

  /**
   * Wait for it, and say so all the time.
   *
   * @param waiting is told how many seconds it has been so far
   * @throws TimeoutException after so long
   */
  public static <T> T awaited(CompletableFuture<T> begun, Duration limit, LongConsumer waiting)
      throws ExecutionException, InterruptedException, TimeoutException {
    var began = System.nanoTime();
    while (true) {
      var passed = Duration.ofNanos(System.nanoTime() - began);
      var left = limit.minus(passed).toMillis();
      try {
        return begun.get(Math.max(1, Math.min(TICK, left)), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (left <= TICK) {
          throw e;
        }
        waiting.accept(passed.toSeconds());
      }
    }
  }

  /** Wait for it, and throw what it threw. */
  public static <T> T joined(CompletableFuture<T> begun) {
    try {
      return begun.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
