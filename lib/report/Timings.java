package lib.report;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;

/** Where the time of a process went, for {@code --timings}: for whoever makes scripts faster. */
public final class Timings {

  private final Instant script = Instant.now();

  /** Say it, in milliseconds. What a launcher took before the JVM is not known here. */
  public String told() {
    var machine = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    return "timings: JVM and options %d ms, script %d ms"
        .formatted(
            Duration.between(machine, script).toMillis(),
            Duration.between(script, Instant.now()).toMillis());
  }

  /**
   * Say it, and what of it was waiting.
   *
   * @param requests how many requests were made
   * @param waited for how long at least one of them was under way
   */
  public String told(int requests, Duration waited) {
    return told() + ", of which %d ms for %d answers".formatted(waited.toMillis(), requests);
  }
}
