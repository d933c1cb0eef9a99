package lib.checks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.engine.Container;
import lib.engine.Engine;
import lib.engine.Stack;
import lib.report.Verdict;

/**
 * Whether the containers of the app run, and why not (compose.md section 3). Those of the database
 * and the cache are judged by the checks that use them.
 */
final class ServiceStates {

  /** What the health check prints where the image has no pgrep; the service itself works. */
  static final String NO_PGREP = "pgrep: not found";

  private static final String ABSENT = "there is no container of service ";
  private static final String PAUSED = " is paused";
  private static final String STOPPED = ": it was stopped";

  private static final Duration LOOP = Duration.ofSeconds(60);
  private static final int LINES = 200;
  private static final Pattern EXCEPTION =
      Pattern.compile("(?:[A-Za-z_]\\w*\\.)*[A-Z]\\w*[a-z]\\w*: \\S.*");

  private final Examined examined;

  ServiceStates(Examined examined) {
    this.examined = examined;
  }

  /**
   * Whether a bad answer can follow from another cause: what somebody stopped or removed cannot.
   */
  static boolean canFollow(Verdict verdict) {
    return verdict.facts().stream()
        .noneMatch(it -> it.contains(STOPPED) || it.contains(PAUSED) || it.startsWith(ABSENT));
  }

  /** What was found, a list for each kind. */
  private record Seen(
      Stack stack,
      List<String> wrong,
      List<String> fixes,
      List<String> waiting,
      List<String> starting) {

    Seen(Stack stack) {
      this(stack, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  Verdict allRun() throws IOException {
    if (examined.stack().isEmpty() && examined.gathered().stranger().isEmpty()) {
      return Verdict.failed(
          "the engine at %s has no containers of the Compose project"
              .formatted(examined.theEngine().address()),
          "Nothing of Validibot runs here.",
          "In the folder of the Compose files:",
          examined.compose("up -d"),
          "If the project has another name than validibot, give --compose-project NAME; if these"
              + " settings are of another machine, ask there.");
    }
    var seen = new Seen(examined.stackNow());
    for (var service : App.SERVICES) {
      var containers = seen.stack().all(service);
      if (containers.isEmpty()) {
        seen.wrong().add(ABSENT + service);
        seen.fixes().add(seen.stack().compose("up -d " + service));
      }
      for (var container : containers) {
        look(container, seen);
      }
    }
    return verdict(seen);
  }

  private Verdict verdict(Seen seen) {
    var facts = new ArrayList<>(seen.wrong());
    if (!seen.waiting().isEmpty()) {
      facts.add("never started, because web is not healthy: " + String.join(", ", seen.waiting()));
    }
    if (!seen.wrong().isEmpty()) {
      return Verdict.failed(
          facts.stream().map(it -> it + ".").toList(),
          "What they do is not done.",
          seen.fixes().stream().distinct().toArray(String[]::new));
    }
    if (!seen.starting().isEmpty()) {
      return Verdict.info(
          "starting: "
              + String.join(
                  "; ", Stream.concat(seen.starting().stream(), facts.stream()).toList()));
    }
    return Verdict.passed(String.join(", ", App.SERVICES));
  }

  private void look(Container container, Seen seen) throws IOException {
    var state = container.state();
    var name = container.name();
    if (state.paused()) {
      seen.wrong().add(name + PAUSED);
      seen.fixes().add("  docker unpause " + name);
    } else if (loops(container)) {
      seen.wrong()
          .add(
              "%s starts over and over, %d times so far%s"
                  .formatted(name, container.restarts(), because(reason(container))));
      seen.fixes().add("  docker logs --tail 50 " + name);
    } else if (state.status().equals("created")) {
      created(container, seen);
    } else if (!state.running()) {
      seen.wrong().add(ended(container));
      seen.fixes().add("  docker logs --tail 50 " + name);
      seen.fixes().add("  docker start " + name);
    } else if (state.health().equals("unhealthy") && !state.probe().contains(NO_PGREP)) {
      seen.wrong().add(name + " is unhealthy" + because(unhealthy(container)));
      seen.fixes().add("  docker logs --tail 50 " + name);
    } else if (state.health().equals("starting") && container.service().equals("web")) {
      seen.starting().add(name);
    }
  }

  /** Crashing over and over looks like running, and only just started. */
  private static boolean loops(Container container) {
    var state = container.state();
    return state.status().equals("restarting")
        || state.running()
            && container.restarts() > 0
            && !state.health().equals("healthy")
            && state.startedAt().filter(it -> it.isAfter(Instant.now().minus(LOOP))).isPresent();
  }

  /** Compose creates worker and scheduler at once, and starts them when web is healthy. */
  private void created(Container container, Seen seen) {
    var name = container.name();
    var error = examined.excerpt(container.state().error());
    var isWeb = container.service().equals("web");
    if (error.isEmpty()
        && !isWeb
        && seen.stack().service("web").filter(ServiceStates::isGood).isEmpty()) {
      seen.waiting().add(name);
      return;
    }
    seen.wrong().add(name + " was created, and never started" + because(error));
    seen.fixes().add(seen.stack().compose("up -d " + container.service()));
  }

  private static boolean isGood(Container web) {
    return web.state().running() && web.state().health().matches("healthy|") && !loops(web);
  }

  private String ended(Container container) throws IOException {
    var state = container.state();
    var said =
        "%s is %s, exit code %d".formatted(container.name(), state.status(), state.exitCode());
    if (state.outOfMemory()) {
      return said + ": it ran out of memory";
    }
    if (!state.error().isEmpty()) {
      return said + because(examined.excerpt(state.error()));
    }
    // 137 and 143 are signals from outside, 0 is a will of its own: the log does not explain these
    return List.of(0, 137, 143).contains(state.exitCode())
        ? said + STOPPED
        : said + because(reason(container));
  }

  private String unhealthy(Container container) throws IOException {
    var probe = last(container.state().probe().lines().toList());
    return probe.isEmpty() ? reason(container) : examined.excerpt(probe);
  }

  /** The last exception in the log, else its last line. */
  private String reason(Container container) throws IOException {
    List<String> lines;
    try {
      lines = examined.stack().orElseThrow().engine().log(container, LINES).lines().toList();
    } catch (Engine.Failure e) {
      return "its log cannot be read, " + e.getMessage();
    }
    var exceptions = lines.stream().filter(it -> EXCEPTION.matcher(it).matches()).toList();
    return examined.excerpt(last(exceptions.isEmpty() ? lines : exceptions));
  }

  private static String last(List<String> lines) {
    return lines.stream().filter(it -> !it.isBlank()).reduce((one, next) -> next).orElse("");
  }

  private static String because(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }
}
