package lib.checks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lib.engine.Container;
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

  private final Examined examined;

  ServiceStates(Examined examined) {
    this.examined = examined;
  }

  /**
   * Whether a bad answer can follow from another cause: what somebody stopped or removed cannot.
   */
  static boolean canFollow(Verdict verdict) {
    return verdict.facts().stream()
        .noneMatch(it -> Downtime.isStopped(it) || it.contains(PAUSED) || it.startsWith(ABSENT));
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
    } else if (Downtime.loops(container)) {
      seen.wrong().add(downtime(seen.stack()).of(container));
      seen.fixes().add("  docker logs --tail 50 " + name);
    } else if (state.status().equals("created")) {
      created(container, seen);
    } else if (!state.running()) {
      seen.wrong().add(downtime(seen.stack()).of(container));
      seen.fixes().add("  docker logs --tail 50 " + name);
      seen.fixes().add("  docker start " + name);
    } else if (state.health().equals("unhealthy") && !state.probe().contains(NO_PGREP)) {
      seen.wrong()
          .add(name + " is unhealthy" + Downtime.because(unhealthy(container, seen.stack())));
      seen.fixes().add("  docker logs --tail 50 " + name);
    } else if (state.health().equals("starting") && container.service().equals("web")) {
      seen.starting().add(name);
    }
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
    seen.wrong().add(name + " was created, and never started" + Downtime.because(error));
    seen.fixes().add(seen.stack().compose("up -d " + container.service()));
  }

  private static boolean isGood(Container web) {
    return web.state().running()
        && web.state().health().matches("healthy|")
        && !Downtime.loops(web);
  }

  private String unhealthy(Container container, Stack stack) throws IOException {
    var probe = Downtime.last(container.state().probe().lines().toList());
    return probe.isEmpty() ? downtime(stack).reason(container) : examined.excerpt(probe);
  }

  private Downtime downtime(Stack stack) {
    return new Downtime(stack.engine(), examined.redaction());
  }
}
