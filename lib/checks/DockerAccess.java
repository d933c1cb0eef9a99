package lib.checks;

import java.io.IOException;
import java.util.List;
import lib.engine.Container;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;

/** Who reaches what: the world the app, the app the engine, a health check its service. */
final class DockerAccess {

  /** Where Compose puts the engine's socket into the worker (validibot.md section 1.2). */
  private static final String SOCKET = "/var/run/docker.sock";

  private static final List<String> EVERYWHERE = List.of("", "0.0.0.0", "::");

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

  Verdict privatePort() throws IOException {
    if (examined.django().target() == DeploymentTarget.LOCAL_DOCKER_COMPOSE) {
      return Verdict.skipped("A development machine serves whom it likes.");
    }
    var web = examined.stackNow().running("web");
    var open =
        web.ports().stream()
            .filter(it -> it.container().equals("8000/tcp"))
            .filter(it -> EVERYWHERE.contains(it.hostAddress()))
            .toList();
    return open.isEmpty()
        ? Verdict.passed("published on loopback at most")
        : Verdict.warning(
            "port %s of this machine is open on all interfaces, and leads to %s"
                .formatted(open.get(0).hostPort(), web.name()),
            "Whoever reaches it gets past the proxy and its TLS. Docker bypasses the firewall.",
            "In the Compose file, under ports of web:",
            "  - \"127.0.0.1:8000:8000\"",
            "Then:",
            examined.compose("up -d web"));
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
