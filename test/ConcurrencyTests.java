package test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Twenty runs at once on one machine, which do not disturb each other. */
@EnabledIfEnvironmentVariable(
    named = "PDV_MATRIX",
    matches = ".+",
    disabledReason = "Twenty at once take minutes, and all of the machine: just matrix")
class ConcurrencyTests {

  private static final int RUNS = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @TempDir private Path folder;

  @Test
  void twenty_at_once_are_good_on_a_cold_cache_and_on_a_warm_one() throws Exception {
    PinnedJbang.supplied(PinnedJbang.jar(), folder.resolve("cache"));

    assertEquals(1, built(atOnce()), "the first one builds, the others wait for it");
    assertEquals(0, built(atOnce()), "all is built");
  }

  private static long built(Iterable<Shell.Outcome> outcomes) {
    var built = 0;
    for (var outcome : outcomes) {
      outcome.exits(0).outContains("✓ demo is good: 53 passed, 15 skipped in ");
      built += outcome.err().contains("Building jar") ? 1 : 0;
    }
    return built;
  }

  private Iterable<Shell.Outcome> atOnce() throws InterruptedException, IOException {
    var runs = new ArrayList<Shell.Running>();
    var outcomes = new ArrayList<Shell.Outcome>();
    try {
      for (var i = 0; i < RUNS; i++) {
        runs.add(
            Shell.launcher("verify_deployment.java", "demo", "-q")
                .with("PATH", PinnedJbang.pathWithoutAnother())
                .with("XDG_CACHE_HOME", folder.resolve("cache").toString())
                .with("JBANG_CACHE_DIR", folder.resolve("jbang").toString())
                .start());
      }
      for (var run : runs) {
        outcomes.add(run.within(PATIENCE));
      }
    } finally {
      runs.forEach(Shell.Running::close);
    }
    return outcomes;
  }
}
