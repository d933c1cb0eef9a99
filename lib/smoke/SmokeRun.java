package lib.smoke;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.store.Namespace;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the smoke tests on the JUnit Platform, and is the only one that knows it. */
public final class SmokeRun {

  private static final String PARALLEL = "junit.jupiter.execution.parallel.";
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration GRACE = Duration.ofSeconds(1);

  /**
   * How to run.
   *
   * @param atOnce how many tests may run at the same time
   * @param maxFailures stop after so many; 0 never stops
   * @param deadline for all tests together
   * @param strict whether a warning is a broken promise
   */
  public record Limits(int atOnce, int maxFailures, Duration deadline, boolean strict) {}

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
    this(stock, new Limits(1, 0, Duration.ofMinutes(1), false), reporter, teller, () -> {});
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

  /** Run all tests that the script's own jar, or the classes beside it, hold. */
  public Ending run(Set<Path> classes) {
    var tests = new FutureTask<Void>(() -> execute(request(classes)), null);
    var thread = new Thread(tests, "smoke-run");
    thread.setDaemon(true);
    thread.start();
    await(tests);
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

  private void execute(LauncherDiscoveryRequest request) {
    // No listeners or engines but ours: looking for others costs time.
    var config =
        LauncherConfig.builder()
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .build();
    try (var session = LauncherFactory.openSession(config)) {
      session.getStore().put(Namespace.create(Fixtures.class), Fixtures.Stock.class, stock);
      session
          .getLauncher()
          .execute(
              LauncherExecutionRequestBuilder.request(request)
                  .cancellationToken(stop)
                  .listeners(listener)
                  .build());
    }
  }

  private LauncherDiscoveryRequest request(Set<Path> classes) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(DiscoverySelectors.selectClasspathRoots(classes))
        .filters(ClassNameFilter.includeClassNamePatterns(".*Tests?"))
        .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
        .configurationParameter(
            "junit.jupiter.displayname.generator.default", SentenceNames.class.getName())
        .configurationParameter(
            "junit.jupiter.testclass.order.default",
            "org.junit.jupiter.api.ClassOrderer$OrderAnnotation")
        .configurationParameter(
            "junit.jupiter.testmethod.order.default", ToldInOrder.class.getName())
        .configurationParameter(PARALLEL + "enabled", String.valueOf(limits.atOnce() > 1))
        .configurationParameter(PARALLEL + "mode.default", "concurrent")
        .configurationParameter(PARALLEL + "mode.classes.default", "concurrent")
        .configurationParameter(PARALLEL + "config.strategy", "fixed")
        .configurationParameter(
            PARALLEL + "config.fixed.parallelism", String.valueOf(limits.atOnce()))
        .configurationParameter(PARALLEL + "config.executor-service", "WORKER_THREAD_POOL")
        .build();
  }
}
