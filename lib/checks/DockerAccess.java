package lib.checks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import lib.engine.Container;
import lib.engine.Container.Port;
import lib.report.Status;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.target.CannotVerify;

/** Who reaches what: the world the app, the app the engine, a health check its service. */
final class DockerAccess {

  /** Where Compose puts the engine's socket into the worker (validibot.md section 1.2). */
  private static final String SOCKET = "/var/run/docker.sock";

  private static final String WEB = "8000/tcp";
  private static final String POSTGRES = "5432/tcp";
  private static final String REDIS = "6379/tcp";
  private static final String MCP = "8080/tcp";

  /** Addresses of this machine alone, and those that no network but a private one has. */
  private static final Pattern LOOPBACK = Pattern.compile("127\\..*|::1");

  private static final Pattern PRIVATE =
      Pattern.compile(
          "10\\..*|192\\.168\\..*|172\\.(?:1[6-9]|2\\d|3[01])\\..*|169\\.254\\..*"
              + "|100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])\\..*|(?i:f[cd]..|fe[89ab].):.*");

  private static final String ASK =
      """
      test -e "$1" || { echo "it is not in the container" >&2; exit 1; }
      test -w "$1" || { echo "no right to use it" >&2; exit 1; }
      if command -v curl >/dev/null; then
        curl -fsS -m 5 --unix-socket "$1" http://engine/_ping
      fi
      """;

  private final Examined examined;

  DockerAccess(Examined examined) {
    this.examined = examined;
  }

  /** A port that others than this machine reach. */
  private record Open(Container container, Port port) {

    boolean isPrivate() {
      return PRIVATE.matcher(port.hostAddress()).matches();
    }

    String told() {
      var at =
          port.hostAddress().matches("|0\\.0\\.0\\.0|::")
              ? "open on all interfaces"
              : "published at " + port.hostAddress();
      return "port %s of this machine is %s, and leads to %s"
          .formatted(port.hostPort(), at, container.name());
    }
  }

  Verdict privatePorts() throws IOException {
    if (examined.django().target() == DeploymentTarget.LOCAL_DOCKER_COMPOSE) {
      return Verdict.skipped("A development machine serves whom it likes.");
    }
    var stack = examined.stackNow();
    var open =
        stack.containers().stream()
            .flatMap(it -> it.ports().stream().map(port -> new Open(it, port)))
            .filter(it -> isOurs(it) && !LOOPBACK.matcher(it.port().hostAddress()).matches())
            .toList();
    if (open.isEmpty()) {
      var web = stack.running("web");
      if (web.networks().mode().equals("host")) {
        throw new CannotVerify(
            web.name() + " is on the network of this machine, whose firewall is not asked");
      }
      return Verdict.passed("published on loopback at most");
    }
    var worst = open.stream().map(this::status).max(Comparator.naturalOrder()).orElseThrow();
    var facts = open.stream().map(Open::told).distinct().map(it -> it + ".").toList();
    return worst == Status.INFO
        ? new Verdict(worst, facts, "", List.of())
        : new Verdict(worst, facts, why(open), fix(open));
  }

  /** Whatever a database or a Redis is called; the others by their services. */
  private static boolean isOurs(Open open) {
    return switch (open.port().container()) {
      case POSTGRES, REDIS -> true;
      case WEB -> open.container().service().equals("web");
      case MCP -> open.container().service().equals("mcp");
      default -> false;
    };
  }

  /** The shipped Compose file opens mcp, which asks everybody who he is. */
  private Status status(Open open) {
    if (open.port().container().equals(MCP)) {
      return Status.INFO;
    }
    if (open.port().container().equals(REDIS) && hasNoPassword(open.container())) {
      return open.isPrivate() ? Status.WARNING : Status.FAILED;
    }
    return open.isPrivate() ? Status.INFO : Status.WARNING;
  }

  private boolean hasNoPassword(Container redis) {
    return examined
        .redis()
        .filter(it -> it.url().password().isEmpty())
        .flatMap(it -> examined.network().container(it.url().host()))
        .filter(it -> it.id().equals(redis.id()))
        .isPresent();
  }

  private static String why(List<Open> open) {
    return open.stream().anyMatch(it -> it.port().container().equals(WEB))
        ? "Whoever reaches web gets past the proxy and its TLS. Docker bypasses the firewall."
        : "Only the app needs it, and reaches it without. Docker bypasses the firewall.";
  }

  private List<String> fix(List<Open> open) {
    var lines = new ArrayList<String>();
    for (var each : open) {
      if (status(each) != Status.INFO) {
        var port = each.port().container().replace("/tcp", "");
        lines.add("In the Compose file, under ports of %s:".formatted(each.container().service()));
        lines.add("  - \"127.0.0.1:%s:%s\"".formatted(each.port().hostPort(), port));
      }
    }
    lines.add("Then:");
    lines.add(examined.compose("up -d"));
    return lines.stream().distinct().toList();
  }

  /** The image has no pgrep, which the health checks of worker and scheduler call. */
  Verdict healthChecks() throws IOException {
    var blind =
        examined.stackNow().containers().stream()
            .filter(it -> it.state().probe().contains(ServiceStates.NO_PGREP))
            .map(Container::name)
            .toList();
    return blind.isEmpty()
        ? Verdict.passed()
        : Verdict.info(
            "Known defect: "
                + String.join(", ", blind)
                + " cannot tell how it is, because the image has no pgrep: Docker calls it"
                + " unhealthy while it works.",
            "Judge it by the checks of the tasks instead.");
  }

  /** The worker starts validators through the engine's socket, as the app's own user. */
  Verdict reachesEngine() throws IOException {
    if (!examined.django().validatorRunner().equals("docker")) {
      return Verdict.skipped("Validators do not run in containers of this engine.");
    }
    var stack = examined.stackNow();
    var worker = stack.running("worker");
    var asked =
        stack.engine().exec(worker, App.USER, examined.timeout(), "sh", "-c", ASK, "sh", SOCKET);
    if (asked.exitCode() == 0) {
      return Verdict.passed(App.USER + " in " + worker.name() + " reaches it");
    }
    examined.expectStill(worker);
    return Verdict.failed(
        "%s in %s does not reach the engine at %s: %s"
            .formatted(App.USER, worker.name(), SOCKET, examined.excerpt(asked.said())),
        "No validator that needs a container starts.",
        "VALIDATOR_CONTAINER_SOCKET says which socket of this machine the worker gets. After a"
            + " change of it, or of the socket's group:",
        examined.compose("up -d --force-recreate worker"));
  }
}
