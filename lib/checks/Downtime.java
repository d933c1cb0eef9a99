package lib.checks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.engine.Container;
import lib.engine.Container.State;
import lib.engine.Engine;
import lib.http.Http;
import lib.report.Redaction;

/** Why a container does not run, or not for long, as the engine and its log tell. */
record Downtime(Engine engine, Redaction redaction) {

  private static final String STOPPED = ": it was stopped";
  private static final Duration LOOP = Duration.ofSeconds(60);
  private static final Duration LATELY = Duration.ofMinutes(15);
  private static final int LINES = 200;

  /** An exception of Python's (compose.md section 3), or what ends PostgreSQL. */
  private static final Pattern REASON =
      Pattern.compile("(?:[A-Za-z_]\\w*\\.)*[A-Z]\\w*[a-z]\\w*: \\S.*|.*\\b(?:FATAL|PANIC): .*");

  /** Crashing over and over looks like running, and only just started. */
  static boolean loops(Container container) {
    var state = container.state();
    return state.status().equals("restarting")
        || state.running()
            && container.restarts() > 0
            && !state.health().equals("healthy")
            && isYoungerThan(LOOP, state);
  }

  /**
   * Say that it was started again lately, as one is that ends every few minutes. Once may be
   * chance, such as when all of a machine starts.
   */
  static Optional<String> lately(Container container) {
    return container.restarts() > 1 && isYoungerThan(LATELY, container.state())
        ? Optional.of(
            "%s restarted %s, last at %s"
                .formatted(
                    container.name(),
                    times(container),
                    container.state().startedAt().get().truncatedTo(ChronoUnit.SECONDS)))
        : Optional.empty();
  }

  private static boolean isYoungerThan(Duration age, State state) {
    return state.startedAt().filter(it -> it.isAfter(Instant.now().minus(age))).isPresent();
  }

  private static String times(Container container) {
    return container.restarts() == 1 ? "once" : container.restarts() + " times";
  }

  /** Whether that was told of a container that somebody stopped. */
  static boolean isStopped(String told) {
    return told.contains(STOPPED);
  }

  /** What is to be said of a container that starts over and over, or of one that has ended. */
  String of(Container container) throws IOException {
    return loops(container) ? looping(container) : ended(container);
  }

  private String looping(Container container) throws IOException {
    return "%s starts over and over, %s so far%s"
        .formatted(container.name(), times(container), because(reason(container)));
  }

  private String ended(Container container) throws IOException {
    var state = container.state();
    var said =
        "%s is %s, exit code %d".formatted(container.name(), state.status(), state.exitCode());
    if (state.outOfMemory()) {
      return said + ": it ran out of memory";
    }
    if (!state.error().isEmpty()) {
      return said + because(excerpt(state.error()));
    }
    // 137 and 143 are signals from outside, 0 is a will of its own: the log does not explain these
    return List.of(0, 137, 143).contains(state.exitCode())
        ? said + STOPPED
        : said + because(reason(container));
  }

  /** The last line of its log that names a reason, else the last one. */
  String reason(Container container) throws IOException {
    List<String> lines;
    try {
      lines = engine.log(container, LINES).lines().toList();
    } catch (Engine.Failure e) {
      return "its log cannot be read, " + e.getMessage();
    }
    var reasons = lines.stream().filter(it -> REASON.matcher(it).matches()).toList();
    return excerpt(last(reasons.isEmpty() ? lines : reasons));
  }

  static String last(List<String> lines) {
    return lines.stream().filter(it -> !it.isBlank()).reduce((one, next) -> next).orElse("");
  }

  static String because(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }

  /** Secrets are hidden first: shortened, half of one would be left. */
  private String excerpt(String text) {
    return Http.excerpt(redaction.of(text));
  }
}
