package lib.checks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import lib.engine.Container;
import lib.engine.Engine.Executed;
import lib.engine.Stack;
import lib.http.Http;
import lib.http.Json;
import lib.http.NoProxy;
import lib.report.Redaction;
import lib.report.Verdict;
import lib.target.CannotVerify;

/**
 * Where the hosts are that settings name, as the app's container sees them. A Compose service is at
 * its container's current address, never where DNS says here (compose.md section 3).
 */
public final class Network {

  /** What containers call the machine that they are on. */
  private static final List<String> MACHINE =
      List.of("host.docker.internal", "host.containers.internal");

  /** How getent says that there is no such name. */
  private static final int UNKNOWN = 2;

  private static final Duration LOOK_UP = Duration.ofSeconds(5);

  private final Optional<Stack> stack;
  private final Optional<Container> app;
  private final Redaction redaction;
  private final Map<String, String> asked = new ConcurrentHashMap<>();

  /**
   * @param contained whether the app runs in the stack's containers
   */
  public Network(Optional<Stack> stack, boolean contained, Redaction redaction) {
    this.stack = stack;
    this.app =
        stack
            .filter(it -> contained)
            .flatMap(it -> it.service("web").or(() -> it.service("worker")))
            .filter(it -> !it.networks().mode().equals("host"));
    this.redaction = redaction;
  }

  /** The container of the stack that a host name means. */
  public Optional<Container> container(String host) {
    return stack.flatMap(it -> it.host(host));
  }

  /**
   * The address of a host, to be asked from here.
   *
   * @throws lib.report.NotKept when it is a container that does not run, or the app's own
   * @throws CannotVerify when its address is not known here, or cannot be reached from here
   */
  public String address(String host) {
    var container = container(host);
    if (container.isEmpty()) {
      if (app.isPresent()) {
        return address(host, app.get());
      }
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
    expectReachable("the container " + container.get().name());
    if (container.get().address().isEmpty()) {
      throw new CannotVerify(
          "the container " + container.get().name() + " has no address of its own");
    }
    return container.get().address();
  }

  /**
   * The authorities in a file that a setting names: as the app has it in its containers, else as it
   * is here.
   *
   * @return PEM; nothing when there is none at either place
   */
  public Optional<String> authorities(String path) {
    return App.SERVICES.stream()
        .flatMap(it -> container(it).stream())
        .flatMap(it -> inside(it, path).stream())
        .filter(Network::isBundle)
        .findFirst()
        .or(() -> here(path).filter(Network::isBundle));
  }

  private static boolean isBundle(String text) {
    return text.contains("CERTIFICATE-----");
  }

  private Optional<String> inside(Container container, String path) {
    try {
      return stack.orElseThrow().engine().file(container, App.FOLDER.resolve(path).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> here(String path) {
    try {
      return Optional.of(new String(Files.readAllBytes(Path.of(path)), UTF_8));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The address of a host that is no container of the stack, as the app's container sees it. */
  private String address(String host, Container app) {
    if (isItself(host)) {
      throw itself(host, app).asException();
    }
    if (isLoopback(host)) {
      throw new CannotVerify(
          "the container %s shares its network with another, and %s there is not reached from here"
              .formatted(app.name(), host));
    }
    return MACHINE.contains(host) || !isKnownHere(host)
        ? asked.computeIfAbsent(host, it -> asked(it, app))
        : host;
  }

  /** Debian gives a machine's own name a loopback address, which no container knows. */
  private static boolean isKnownHere(String host) {
    try {
      return !InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Ask in the app's container for a name that only containers know, or know otherwise. */
  private String asked(String host, Container app) {
    Executed said;
    try {
      said = stack.orElseThrow().engine().exec(app, "", LOOK_UP, "getent", "ahosts", host);
    } catch (IOException e) {
      throw unknown(host, app, e.getMessage());
    }
    if (said.exitCode() == UNKNOWN) {
      throw Verdict.failed(
              "the container %s does not know the name %s".formatted(app.name(), host),
              "The app looks for it there.",
              "Is the name right? What only this machine knows, from its /etc/hosts, has to be"
                  + " under extra_hosts in the Compose file, too.")
          .asException();
    }
    var address = said.out().strip().replaceFirst("\\s(?s:.*)", "");
    if (said.exitCode() != 0 || address.isEmpty()) {
      var why = Http.excerpt(redaction.of(said.said()));
      throw unknown(host, app, why.isEmpty() ? "no answer in time" : why);
    }
    if (isLoopback(address)) {
      throw itself(host, app).asException();
    }
    expectReachable(host);
    return address;
  }

  private static CannotVerify unknown(String host, Container app, String why) {
    return new CannotVerify(
        "only the containers know where %s is, and %s does not tell: %s"
            .formatted(host, app.name(), why));
  }

  private Verdict itself(String host, Container app) {
    return Verdict.failed(
        "%s in the container %s is the container itself".formatted(host, app.name()),
        "The app finds nobody there.",
        "Give the name of the Compose service, such as postgres or redis. For a server on this"
            + " machine give host.docker.internal, let the server listen there, and add to web,"
            + " worker and scheduler in the Compose file:",
        "  extra_hosts: [\"host.docker.internal:host-gateway\"]",
        "Then:",
        stack.orElseThrow().compose("up -d"));
  }

  /** Whether the app's container means itself by a host, and nobody else. */
  boolean isItself(String host) {
    return isLoopback(host) && app.filter(it -> !isShared(it)).isPresent();
  }

  /** Whether a container has its network from another, or another has it from this one. */
  private boolean isShared(Container container) {
    return container.networks().mode().matches("(container|ns):.*")
        || stack.orElseThrow().containers().stream()
            .anyMatch(it -> it.networks().mode().equals("container:" + container.id()));
  }

  private void expectReachable(String what) {
    unreachable()
        .ifPresent(
            why -> {
              throw new CannotVerify(what + " cannot be reached from here: " + why);
            });
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

  /** Whether a host is this very machine, or a container of the stack or of a network of its. */
  public boolean isPrivate(String host) {
    return container(host).isPresent()
        || host.isEmpty()
        || isLoopback(host)
        || MACHINE.contains(host)
        || app.filter(it -> isBeside(it, asked.getOrDefault(host, host))).isPresent();
  }

  private static boolean isBeside(Container container, String address) {
    return container.networks().addresses().stream()
        .map(it -> it.split("/"))
        .anyMatch(it -> NoProxy.inNetwork(it[0], it[1], address));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
  }

  /** Why containers' own addresses cannot be reached from here. */
  private Optional<String> unreachable() {
    try {
      var info = stack.orElseThrow().engine().info();
      if (Json.text(info, "OperatingSystem").contains("Docker Desktop")) {
        return Optional.of("Docker Desktop keeps containers in a machine of its own");
      }
      return isRootless(info)
          ? Optional.of("a rootless engine keeps its networks to itself")
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
