package lib.smoke;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lib.report.Finding;
import lib.report.Reporter;
import lib.report.Verdict;
import lib.target.CannotVerify;
import org.junit.platform.engine.CancellationToken;

/** Runs the smoke tests, and knows at any time how far they are. */
public final class SmokeRun {

  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration GRACE = Duration.ofSeconds(1);

  /**
   * How to run.
   *
   * @param maxFailures stop after so many; 0 never stops
   * @param deadline for all tests together
   * @param strict whether a warning is a broken promise
   */
  public record Limits(int maxFailures, Duration deadline, boolean strict) {}

  /**
   * How it ended.
   *
   * @param deselected how many tests {@code -k} left out
   * @param stopped whether that was before all tests had ended
   */
  public record Ending(List<Finding> findings, int deselected, boolean stopped) {}

  private final Fixtures.Stock stock;
  private final Limits limits;
  private final Reporter reporter;
  private final Runnable abort;
  private final CancellationToken stop = CancellationToken.create();
  private final AtomicInteger failures = new AtomicInteger();
  private final RunListener listener;
  private final long began = System.nanoTime();

  /**
   * @param abort cancels every request that is under way
   */
  public SmokeRun(Fixtures.Stock stock, Limits limits, Reporter reporter, Runnable abort) {
    this(stock, limits, reporter, reporter::found, abort);
  }

  /** Only list what would run: every finding is a test. */
  public SmokeRun(Fixtures.Stock stock, Reporter reporter, Consumer<Finding> teller) {
    this(stock, new Limits(0, Duration.ofMinutes(1), false), reporter, teller, () -> {});
  }

  private SmokeRun(
      Fixtures.Stock stock,
      Limits limits,
      Reporter reporter,
      Consumer<Finding> teller,
      Runnable abort) {
    this.stock = stock;
    this.limits = limits;
    this.reporter = reporter;
    this.abort = abort;
    this.listener = new RunListener(stock.traces(), limits.strict(), teller, this::failed);
  }

  /** Run these tests to their end, or until the deadline. */
  public Ending run(Suite tests) {
    var run = new FutureTask<Void>(() -> tests.execute(stock, stop, listener), null);
    var thread = new Thread(run, "smoke-run");
    thread.setDaemon(true);
    thread.start();
    await(run);
    return ending();
  }

  /** What is known when somebody interrupts; what was under way is told as such. */
  public Ending interrupted() {
    listener.close(Verdict.unverified("There was no answer yet."));
    return ending();
  }

  /** What is known so far. */
  public Ending ending() {
    return new Ending(listener.findings(), listener.deselected(), listener.stopped());
  }

  private void await(FutureTask<Void> tests) {
    var left = limits.deadline();
    while (!left.isNegative()) {
      if (over(tests)) {
        return;
      }
      tick();
      left = limits.deadline().minusNanos(System.nanoTime() - began);
    }
    stop.cancel();
    var grace = System.nanoTime() + GRACE.toNanos();
    while (System.nanoTime() < grace && !tests.isDone()) {
      abort.run();
      over(tests);
    }
    listener.close(
        Verdict.failed(
            List.of(
                "came back: nothing by the deadline of " + limits.deadline().toSeconds() + " s"),
            ""));
  }

  private boolean over(FutureTask<Void> tests) {
    try {
      tests.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotVerify("Interrupted.");
    } catch (ExecutionException e) {
      throw new CannotVerify("The test run itself failed: " + e.getCause());
    }
  }

  private void tick() {
    reporter.waiting(
        new Reporter.Progress(
            listener.findings().size(),
            listener.total(),
            listener.running(),
            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)));
  }

  private void failed() {
    if (failures.incrementAndGet() == limits.maxFailures()) {
      listener.stop();
      stop.cancel();
      abort.run();
    }
  }
}
