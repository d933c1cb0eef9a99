package test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A real Docker engine of this machine's own packages with a place of its own, one for all tests,
 * ended with them. Its one image is busybox with the app's user, under every name that is needed.
 */
final class ContainerEngine {

  /** What the services are made of. */
  static final String IMAGE = "validibot-web";

  private static final String BRIDGE = "pdv" + ProcessHandle.current().pid();
  private static final List<String> BACKENDS =
      List.of("energyplus", "fmu", "schematron", "shacl", "portfolio-manager");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static Optional<ContainerEngine> shared = Optional.empty();
  private static Optional<TestAbortedException> impossible = Optional.empty();

  private final Path folder;

  private ContainerEngine(Path folder) {
    this.folder = folder;
  }

  /** The engine; a test that cannot have it is skipped. */
  static synchronized ContainerEngine shared() {
    impossible.ifPresent(
        it -> {
          throw it;
        });
    if (shared.isEmpty()) {
      try {
        shared = Optional.of(start());
      } catch (TestAbortedException e) {
        impossible = Optional.of(e);
        throw e;
      }
    }
    return shared.get();
  }

  Path socket() {
    return folder.resolve("docker.sock");
  }

  /** The same engine, for root only. */
  Path closedSocket() {
    return folder.resolve("closed.sock");
  }

  /** As DOCKER_HOST has it. */
  String address() {
    return "unix://" + socket();
  }

  /** Run a docker command that has to go well, and return what it prints. */
  String docker(String... arguments) {
    return tried(arguments).exits(0).out().strip();
  }

  private Shell.Outcome tried(String... arguments) {
    var command = new ArrayList<>(List.of("docker", "-H", address()));
    command.addAll(List.of(arguments));
    return Shell.run(command.toArray(String[]::new)).within(PATIENCE);
  }

  /** Make an image of this name anew, so that its id is another than before. */
  void build(String name) {
    docker(
        "import",
        "--change",
        "ENV PATH=/bin:/usr/bin",
        "--change",
        "CMD [\"tail\", \"-f\", \"/dev/null\"]",
        "--message",
        String.valueOf(System.nanoTime()),
        folder.resolve("root.tar").toString(),
        name);
  }

  private static ContainerEngine start() {
    if (!System.getProperty("user.name").equals("root")) {
      throw new TestAbortedException("only root can start a container engine for the tests");
    }
    for (var program : List.of("dockerd", "docker", "busybox", "tar")) {
      if (Shell.run("sh", "-c", "command -v " + program).within(PATIENCE).exit() != 0) {
        throw new TestAbortedException(
            "no %s on this machine: install docker.io and busybox-static".formatted(program));
      }
    }
    try {
      var engine = new ContainerEngine(Files.createTempDirectory("pdv-docker"));
      var daemon = engine.daemon();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> engine.end(daemon)));
      engine.await(daemon);
      engine.fill();
      return engine;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * The engine gets a bridge of its own: with docker0 it would take that of an engine which this
   * machine may have, and without any it would even delete it.
   */
  private Process daemon() throws IOException {
    ip("link", "add", "name", BRIDGE, "type", "bridge").exits(0);
    ip("addr", "add", "198.18.213.1/24", "dev", BRIDGE).exits(0);
    ip("link", "set", BRIDGE, "up").exits(0);
    return new ProcessBuilder(
            "dockerd",
            "--data-root=" + folder.resolve("data"),
            "--exec-root=" + folder.resolve("exec"),
            "--pidfile=" + folder.resolve("pid"),
            "--host=" + address(),
            "--host=unix://" + closedSocket(),
            "--bridge=" + BRIDGE,
            "--iptables=false",
            "--ip6tables=false")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static Shell.Outcome ip(String... arguments) {
    return Shell.run(words(List.of("busybox", "ip"), List.of(arguments))).within(PATIENCE);
  }

  private void await(Process daemon) throws IOException, InterruptedException {
    for (var tries = 0; tries < 300; tries++) {
      if (!daemon.isAlive()) {
        var log = Files.readAllLines(folder.resolve("log"));
        throw new TestAbortedException(
            "no container engine starts here: " + (log.isEmpty() ? "" : log.get(log.size() - 1)));
      }
      if (Files.exists(socket()) && tried("version").exit() == 0) {
        return;
      }
      Thread.sleep(100);
    }
    throw new TestAbortedException("the container engine does not answer: " + folder);
  }

  /** The worker's user reaches the engine, as Validibot's entrypoint sees to. */
  private void fill() {
    Shell.run("chmod", "666", socket().toString()).exits(0);
    Shell.run("sh", "-euc", ROOT, "sh", folder.toString()).exits(0);
    build(IMAGE);
    for (var slug : BACKENDS) {
      docker("tag", IMAGE, "validibot-validator-backend-" + slug + ":latest");
    }
  }

  /** A root with a shell, the app's user, and GNU find, curl and getent where there are some. */
  private static final String ROOT =
      """
      cd "$1"
      mkdir -p root/bin root/etc root/tmp root/var/run root/app
      cp "$(command -v busybox)" root/bin/busybox
      for name in $(busybox --list); do ln -s busybox "root/bin/$name" || true; done
      printf '%s\\n' root:x:0:0:root:/root:/bin/sh django:x:101:101:django:/app:/bin/sh \
        > root/etc/passwd
      printf '%s\\n' root:x:0: django:x:101: > root/etc/group
      for program in $(command -v find) $(command -v curl) $(command -v getent); do
        cp --parents --dereference "$program" $(ldd "$program" | grep -o '/[^ ]*') root
      done
      tar -C root -cf root.tar .
      """;

  private void end(Process daemon) {
    try {
      var containers = tried("ps", "-aq").out().lines().toList();
      if (!containers.isEmpty()) {
        tried(words(List.of("rm", "-fv"), containers));
      }
      var networks = tried("network", "ls", "-q", "--filter", "type=custom").out().lines().toList();
      if (!networks.isEmpty()) {
        tried(words(List.of("network", "rm"), networks));
      }
      daemon.destroy();
      if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
        daemon.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
      ip("link", "del", BRIDGE);
      new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    } catch (IOException | InterruptedException e) {
      // this process is ending, too
    }
  }

  private static String[] words(List<String> verb, List<String> names) {
    return Stream.concat(verb.stream(), names.stream()).toArray(String[]::new);
  }
}
