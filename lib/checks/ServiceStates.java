package lib.checks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.engine.Container;
import lib.engine.Stack;
import lib.report.Verdict;

/**
 * Whether the containers of the app, and the others that the stack has, run, and why not
 * (compose.md section 3). Those of the database and the cache are judged by the checks that use
 * them.
 */
final class ServiceStates {

  /** What the health check prints where the image has no pgrep; the service itself works. */
  static final String NO_PGREP = "pgrep: not found";

  private static final String ABSENT = "there is no container of service ";
  private static final String PAUSED = " is paused";
  private static final String NEVER = " was created, and never started";
  private static final String NO_SITE = " has no SITE_URL, so it serves no site";

  /** Validibot's own services that a stack may lack (validibot.md section 1.2). */
  private static final List<String> OPTIONAL = List.of("caddy", "mcp");

  private static final String CADDYFILE = "/etc/caddy/Caddyfile";
  private static final Pattern SITE = Pattern.compile("(?m)^[^#\n]*\\{\\$SITE_URL}");
  private static final String BUILD = ".envs/.production/.self-hosted/.build";

  private final Examined examined;

  ServiceStates(Examined examined) {
    this.examined = examined;
  }

  /**
   * Whether a bad answer can follow from another cause: what somebody stopped, removed or left out
   * cannot.
   */
  static boolean canFollow(Verdict verdict) {
    return verdict.facts().stream()
        .noneMatch(
            it ->
                Downtime.isStopped(it)
                    || it.contains(PAUSED)
                    || it.contains(NO_SITE)
                    || it.startsWith(ABSENT));
  }

  /** What was found, a list for each kind. */
  private record Seen(
      Stack stack,
      List<String> wrong,
      List<String> doubtful,
      List<String> fixes,
      List<String> waiting,
      List<String> starting) {

    Seen(Stack stack) {
      this(
          stack,
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }

    /** The app cannot do without its own containers; of the others some may have been stopped. */
    void add(Container container, String fact, String... lines) {
      var own = App.SERVICES.contains(container.service());
      var meant = Downtime.isStopped(fact) || fact.endsWith(PAUSED) || fact.endsWith(NEVER);
      var isWrong = own || OPTIONAL.contains(container.service()) && !meant;
      (isWrong ? wrong : doubtful).add(fact);
      fixes.addAll(List.of(lines));
      if (!own && meant) {
        fixes.add("Or, if nobody needs it:");
        fixes.add("  docker rm -f " + container.name());
      }
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
    var others = others(seen.stack());
    for (var container : others) {
      look(container, seen);
    }
    return verdict(seen, others);
  }

  /** The containers of no other check; most services are optional, so none is missed. */
  private List<Container> others(Stack stack) {
    var judged =
        Stream.of(
                Stream.of("postgres", "redis"),
                examined.database().stream().map(it -> it.url().host()),
                examined.redis().stream().map(it -> it.url().host()))
            .flatMap(it -> it)
            .flatMap(it -> stack.host(it).stream())
            .map(Container::service)
            .toList();
    return stack.containers().stream()
        .filter(it -> !App.SERVICES.contains(it.service()) && !judged.contains(it.service()))
        .toList();
  }

  private Verdict verdict(Seen seen, List<Container> others) {
    var facts = new ArrayList<>(seen.wrong());
    facts.addAll(seen.doubtful());
    if (!seen.waiting().isEmpty()) {
      facts.add("never started, because web is not healthy: " + String.join(", ", seen.waiting()));
    }
    var sentences = facts.stream().map(it -> it + ".").toList();
    var fixes = seen.fixes().stream().distinct().toArray(String[]::new);
    if (!seen.wrong().isEmpty()) {
      return Verdict.failed(sentences, "What they do is not done.", fixes);
    }
    if (!seen.doubtful().isEmpty()) {
      return Verdict.warning(sentences, "What they do is not done, or not all the time.", fixes);
    }
    if (!seen.starting().isEmpty()) {
      return Verdict.info(
          "starting: "
              + String.join(
                  "; ", Stream.concat(seen.starting().stream(), facts.stream()).toList()));
    }
    return Verdict.passed(
        Stream.concat(App.SERVICES.stream(), others.stream().map(Container::service))
            .distinct()
            .collect(Collectors.joining(", ")));
  }

  private void look(Container container, Seen seen) throws IOException {
    var state = container.state();
    var name = container.name();
    var log = "  docker logs --tail 50 " + name;
    if (state.paused()) {
      seen.add(container, name + PAUSED, "  docker unpause " + name);
    } else if (lacksSite(container, seen.stack())) {
      seen.add(container, name + NO_SITE, site(seen.stack()));
    } else if (Downtime.loops(container)) {
      seen.add(container, downtime(seen.stack()).of(container), log);
      seen.fixes().addAll(advice(container));
    } else if (state.status().equals("created")) {
      created(container, seen);
    } else if (!state.running()) {
      if (!isDone(container)) {
        seen.add(container, downtime(seen.stack()).of(container), log, "  docker start " + name);
        seen.fixes().addAll(advice(container));
      }
    } else if (isUnhealthy(container)) {
      var reason = Downtime.because(unhealthy(container, seen.stack()));
      var own = App.SERVICES.contains(container.service());
      (own ? seen.wrong() : seen.doubtful()).add(name + " is unhealthy" + reason);
      seen.fixes().add(log);
    } else if (Downtime.lately(container).isPresent()) {
      seen.doubtful().add(Downtime.lately(container).get());
      seen.fixes().add(log);
      seen.fixes().add("If its log tells nothing, did it run out of memory?");
      seen.fixes().add("  journalctl -k --grep oom");
    } else if (state.health().equals("starting") && container.service().equals("web")) {
      seen.starting().add(name);
    }
  }

  /**
   * Caddy's own health check asks for a host that Caddy does not serve: the checks of the public
   * address judge it.
   */
  private static boolean isUnhealthy(Container container) {
    return container.state().health().equals("unhealthy")
        && !container.state().probe().contains(NO_PGREP)
        && !container.service().equals("caddy");
  }

  /** Whether it did what it was for, and was not to go on. */
  private static boolean isDone(Container container) {
    return container.state().exitCode() == 0
        && container.state().error().isEmpty()
        && container.restartPolicy().matches("no|on-failure|")
        && !App.SERVICES.contains(container.service());
  }

  /** Whether its file takes the site's address from a variable that Compose left blank. */
  private static boolean lacksSite(Container container, Stack stack) {
    if (!container.service().equals("caddy")
        || !container.state().running() && !Downtime.loops(container)
        || container.environment().isEmpty() // then the engine did not tell its variables
        || !container.variable("SITE_URL").orElse("").isBlank()) {
      return false;
    }
    try {
      return stack.engine().file(container, CADDYFILE).filter(SITE.asPredicate()).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  private String[] site(Stack stack) {
    var file = stack.folder().map(it -> it.resolve(BUILD).toString()).orElse(BUILD);
    var words = "up -d caddy";
    return new String[] {
      "Compose fills it from the shell or from --env-file, and not from .django. Add this to %s:"
          .formatted(file),
      "  SITE_URL=" + examined.django().siteUrl(),
      "Then:",
      stack.compose(
          stack.listed("project.environment_file").isEmpty()
              ? "--env-file " + file + " " + words
              : words)
    };
  }

  /** What often keeps mcp from starting (validibot.md section 5.3). */
  private static List<String> advice(Container container) {
    var api = container.variable("VALIDIBOT_API_BASE_URL").orElse("");
    return container.service().equals("mcp") && api.startsWith("http://")
        ? List.of(
            "VALIDIBOT_API_BASE_URL of mcp is http: Validibot redirects that to https, which ends"
                + " mcp. Set it to the public address.")
        : List.of();
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
    seen.add(
        container,
        name + NEVER + Downtime.because(error),
        seen.stack().compose("up -d " + container.service()));
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
