package lib.smoke;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import lib.target.Background;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.store.Namespace;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The tests that the JUnit Platform finds. That takes as long as the look-up of a stage, so both
 * are done at once.
 */
public final class Suite {

  private static final String PARALLEL = "junit.jupiter.execution.parallel.";
  private static final String NATIVE_IMAGE = "org.graalvm.nativeimage.imagecode";

  private final CompletableFuture<Found> found;
  private final int atOnce;

  private record Found(LauncherSession session, TestPlan plan) {}

  private Suite(CompletableFuture<Found> found, int atOnce) {
    this.found = found;
    this.atOnce = atOnce;
  }

  /**
   * Begin to look for them.
   *
   * @param jar where: what JBang made of the script, its sources, and whatever was added with -s
   * @param atOnce how many of them may run at the same time
   */
  public static Suite begin(Path jar, int atOnce) {
    return new Suite(Background.begin(() -> find(request(jar, atOnce))), atOnce);
  }

  /** Run them all, once. */
  void execute(Fixtures.Stock stock, CancellationToken stop, TestExecutionListener listener) {
    if (atOnce > 1 && stock.everything()) {
      stock.begin();
    }
    var tests = Background.joined(found);
    try (var session = tests.session()) {
      session.getStore().put(Namespace.create(Fixtures.class), Fixtures.Stock.class, stock);
      session
          .getLauncher()
          .execute(
              LauncherExecutionRequestBuilder.request(tests.plan())
                  .cancellationToken(stop)
                  .listeners(listener)
                  .build());
    }
  }

  private static Found find(LauncherDiscoveryRequest request) {
    var session = session();
    return new Found(session, session.getLauncher().discover(request));
  }

  private static LauncherSession session() {
    // No listeners or engines but ours: looking for others costs time.
    var config =
        LauncherConfig.builder()
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .build();
    // JUnit also reports to Java's flight recorder, which is started for that even where nobody
    // records (docs/performance.md). It does not where it takes itself for a native image.
    System.setProperty(NATIVE_IMAGE, "");
    try {
      return LauncherFactory.openSession(config);
    } finally {
      System.clearProperty(NATIVE_IMAGE);
    }
  }

  private static LauncherDiscoveryRequest request(Path jar, int atOnce) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(jar)))
        .filters(ClassNameFilter.includeClassNamePatterns(".*Tests?"))
        .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
        .configurationParameter(
            "junit.jupiter.displayname.generator.default", SentenceNames.class.getName())
        .configurationParameter(
            "junit.jupiter.testclass.order.default",
            "org.junit.jupiter.api.ClassOrderer$OrderAnnotation")
        .configurationParameter(
            "junit.jupiter.testmethod.order.default", ToldInOrder.class.getName())
        .configurationParameter(PARALLEL + "enabled", String.valueOf(atOnce > 1))
        .configurationParameter(PARALLEL + "mode.default", "concurrent")
        .configurationParameter(PARALLEL + "mode.classes.default", "concurrent")
        .configurationParameter(PARALLEL + "config.strategy", "fixed")
        .configurationParameter(PARALLEL + "config.fixed.parallelism", String.valueOf(atOnce))
        .configurationParameter(PARALLEL + "config.executor-service", "WORKER_THREAD_POOL")
        .build();
  }
}
