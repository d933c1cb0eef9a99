package lib.target;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
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

  private Background() {}

  /** Begin at once. */
  public static <T> CompletableFuture<T> begin(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, THREADS);
  }

  /** Begin at once something that has no outcome. */
  public static CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(work, THREADS);
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
