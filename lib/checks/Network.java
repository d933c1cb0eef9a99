package lib.checks;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Optional;
import lib.engine.Container;
import lib.engine.Stack;
import lib.http.Json;
import lib.report.Verdict;
import lib.target.CannotVerify;

/**
 * Where the hosts are that settings name. A Compose service is at its container's current address,
 * never where DNS says here (compose.md section 3).
 */
public final class Network {

  private final Optional<Stack> stack;

  public Network(Optional<Stack> stack) {
    this.stack = stack;
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
      throw Verdict.failed(
              "the container %s is %s"
                  .formatted(container.get().name(), state.paused() ? "paused" : state.status()),
              "Nothing that needs it works.",
              state.paused()
                  ? "  docker unpause " + container.get().name()
                  : stack.orElseThrow().compose("up -d " + host))
          .asException();
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
