package lib.checks;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import lib.engine.Container;
import lib.engine.Stack;
import lib.http.Json;
import lib.report.Redaction;
import lib.report.Verdict;
import lib.target.CannotVerify;

/**
 * Where the hosts are that settings name. A Compose service is at its container's current address,
 * never where DNS says here (compose.md section 3).
 */
public final class Network {

  private final Optional<Stack> stack;
  private final Redaction redaction;

  public Network(Optional<Stack> stack, Redaction redaction) {
    this.stack = stack;
    this.redaction = redaction;
  }

  /** The container of the stack that a host name means. */
  public Optional<Container> container(String host) {
    return stack.flatMap(it -> it.service(host));
  }

  /**
   * The address of a host, to be asked from here.
   *
   * @throws lib.report.NotKept when it is a container that does not run
   * @throws CannotVerify when it is a container whose address cannot be reached from here
   */
  public String address(String host) {
    var container = container(host);
    if (container.isEmpty()) {
      if (isComposeName(host)) {
        throw new CannotVerify(
            "'%s' is a host of the Compose network, and no running stack was found to tell where"
                    .formatted(host)
                + " it is");
      }
      return host;
    }
    var state = container.get().state();
    if (!state.running()) {
      throw notRunning(container.get()).asException();
    }
    unreachable()
        .ifPresent(
            why -> {
              throw new CannotVerify(
                  "the container %s cannot be reached from here: %s"
                      .formatted(container.get().name(), why));
            });
    if (container.get().address().isEmpty()) {
      throw new CannotVerify(
          "the container " + container.get().name() + " has no address of its own");
    }
    return container.get().address();
  }

  private Verdict notRunning(Container container) {
    var name = container.name();
    var why = "Nothing that needs it works.";
    if (container.state().paused()) {
      return Verdict.failed(
          "the container " + name + " is paused", why, "  docker unpause " + name);
    }
    var told = downtime(container);
    var up = stack.orElseThrow().compose("up -d " + container.service());
    return Downtime.isStopped(told)
        ? Verdict.failed("the container " + told, why, up)
        : Verdict.failed("the container " + told, why, "  docker logs --tail 50 " + name, up);
  }

  /**
   * Say of a host that cannot be reached, or not yet, what its container tells: one that starts
   * over and over runs now and then.
   */
  public Verdict explained(Verdict unreached, String host) {
    return container(host)
        .flatMap(this::now)
        .filter(Downtime::loops)
        .map(
            it ->
                Verdict.failed(
                    List.of(unreached.facts().get(0), "the container " + downtime(it)),
                    unreached.why(),
                    "  docker logs --tail 50 " + it.name()))
        .orElse(unreached);
  }

  private Optional<Container> now(Container container) {
    try {
      return stack.orElseThrow().now().service(container.service());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private String downtime(Container container) {
    try {
      return new Downtime(stack.orElseThrow().engine(), redaction).of(container);
    } catch (IOException e) {
      return container.name() + " is " + container.state().status();
    }
  }

  /** Whether a name has no dot and is no machine of this network: Compose knows such names only. */
  private static boolean isComposeName(String host) {
    return host.equals("postgres") || host.equals("redis") || host.equals("mailpit");
  }

  /** Whether a host is this very machine, or a container of the stack. */
  public boolean isPrivate(String host) {
    return container(host).isPresent()
        || host.isEmpty()
        || host.equals("localhost")
        || host.equals("::1")
        || host.matches("127(\\.\\d{1,3}){3}");
  }

  /** Why containers' own addresses cannot be reached from here. */
  private Optional<String> unreachable() {
    try {
      var info = stack.orElseThrow().engine().info();
      if (Json.text(info, "OperatingSystem").contains("Docker Desktop")) {
        return Optional.of("Docker Desktop keeps them in a machine of its own");
      }
      return isRootless(info)
          ? Optional.of("a rootless engine keeps them to itself")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }

  static boolean isRootless(JsonObject info) {
    return Json.array(info, "SecurityOptions").toString().contains("rootless")
        || Json.text(info, "Rootless").equals("true");
  }
}
