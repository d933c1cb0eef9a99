package test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Containers shaped like Validibot's Compose stack: its labels, names, network, volume, variables
 * and user (compose.md section 5), in a project of its own. Closing it removes them.
 */
final class ComposeStack implements AutoCloseable {

  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final List<String> APP = List.of("web", "worker", "scheduler");
  private static final String OWN = "mkdir -p /app/storage/private; chown -R 101:101 /app/storage;";
  private static final String DRILLED = "touch /app/storage/private/.last-restore-test;";

  private final ContainerEngine engine = ContainerEngine.shared();
  private final String project =
      "pdv" + ProcessHandle.current().pid() + "x" + COUNTER.incrementAndGet();
  private final Map<String, String> settings = DoctorRun.goodSettings();
  private final Map<String, List<String>> options = new LinkedHashMap<>();
  private final Map<String, List<String>> commands = new LinkedHashMap<>();
  private final Map<String, String> images = new LinkedHashMap<>();
  private final Map<String, String> networks = new LinkedHashMap<>();
  private final List<String> notStarted = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();
  private String volume = OWN + DRILLED;
  private String image = ContainerEngine.IMAGE;
  private String mount = "";

  /** What the containers are given as variables. */
  ComposeStack with(String name, String value) {
    settings.put(name, value);
    return this;
  }

  /** More options for a service, as docker run has them. */
  ComposeStack option(String service, String... more) {
    options.computeIfAbsent(service, it -> new ArrayList<>()).addAll(List.of(more));
    return this;
  }

  /** The network of a service, as docker run has it, in place of the stack's own. */
  ComposeStack network(String service, String mode) {
    networks.put(service, mode);
    return this;
  }

  /** What a service runs in its shell. */
  ComposeStack command(String service, String script) {
    commands.put(service, List.of("sh", "-c", script));
    return this;
  }

  /** Services that Compose has only created. */
  ComposeStack onlyCreated(String... services) {
    notStarted.addAll(List.of(services));
    return this;
  }

  /** Services that were never made. */
  ComposeStack lacking(String... services) {
    absent.addAll(List.of(services));
    return this;
  }

  /** What the storage volume is like, as a script that makes it so. */
  ComposeStack volume(String script) {
    volume = script;
    return this;
  }

  ComposeStack readOnlyVolume() {
    mount = ":ro";
    return this;
  }

  /** An image of its own for this stack, which can be built anew. */
  ComposeStack ownImage() {
    image = project + "-web";
    engine.build(image);
    return this;
  }

  /** Another image for one service. */
  ComposeStack imageOf(String service) {
    images.put(service, project + "-" + service);
    engine.build(images.get(service));
    return this;
  }

  /** The image of its services is built anew; they stay as they are. */
  ComposeStack rebuilt() {
    engine.build(image);
    return this;
  }

  /** Put a real server of this machine behind the name of a service of the stack. */
  ComposeStack relay(String service, int port, int toPort) {
    commands.put(
        service,
        List.of(
            "sh",
            "-c",
            "gateway=$(ip route | awk '/default/ { print $3 }');"
                + " exec nc -ll -p %d -e nc \"$gateway\" %d".formatted(port, toPort)));
    return this;
  }

  /** The stack's database is this one. */
  ComposeStack database(Postgres.Database database) {
    return with("POSTGRES_HOST", "postgres")
        .with("POSTGRES_PORT", "5432")
        .with("POSTGRES_USER", Postgres.USER)
        .with("POSTGRES_PASSWORD", Postgres.PASSWORD)
        .with("POSTGRES_DB", database.name())
        .relay("postgres", 5432, database.port());
  }

  /** The worker has the engine's socket, and no right to use it. */
  ComposeStack closedSocket() {
    return option("worker", "--volume", engine.closedSocket() + ":/var/run/docker.sock");
  }

  /** Start it, and wait until web is healthy, unless that was given a health check of its own. */
  ComposeStack start() {
    engine.docker("network", "create", network());
    engine.docker("volume", "create", storage());
    engine.docker(
        "run",
        "--rm",
        "--network=none",
        "-v",
        storage() + ":/app/storage",
        image,
        "sh",
        "-c",
        volume);
    var services = new ArrayList<>(List.of("postgres", "redis", "caddy", "mcp", "extra"));
    services.removeIf(it -> !commands.containsKey(it));
    services.addAll(APP);
    services.removeAll(absent);
    services.forEach(this::make);
    if (!options.containsKey("web") && !commands.containsKey("web")) {
      await("web", "{{.State.Health.Status}}", "healthy");
    }
    return this;
  }

  /** Do something with the container of a service, such as {@code pause}. */
  ComposeStack docker(String verb, String service) {
    engine.docker(verb, container(service));
    return this;
  }

  /** What an engine says of the container of a service. */
  String inspect(String service, String format) {
    return engine.docker("inspect", "--format", format, container(service));
  }

  /** What a script prints in the container of a service, as root. */
  String shell(String service, String script) {
    return engine.docker("exec", container(service), "sh", "-c", script);
  }

  /** Wait until an engine says that of the container of a service. */
  ComposeStack await(String service, String format, String expected) {
    return await(() -> inspect(service, format).equals(expected), service + " " + expected);
  }

  ComposeStack await(BooleanSupplier state, String description) {
    for (var tries = 0; tries < 300; tries++) {
      if (state.getAsBoolean()) {
        return this;
      }
      pause();
    }
    throw new AssertionError("never came about: " + description);
  }

  String project() {
    return project;
  }

  String container(String service) {
    return project + "-" + service + "-1";
  }

  /** Run the doctor in a folder without env files: labels tell where everything is. */
  DoctorRun check(Path folder, String... arguments) {
    return check(Map.of(), folder, arguments);
  }

  /** The same, with something else in the environment, which is stronger than the containers. */
  DoctorRun check(Map<String, String> stronger, Path folder, String... arguments) {
    return DoctorRun.with(environment(stronger), folder, words(arguments));
  }

  /** The same, as a process. */
  DoctorRun checkAsProcess(Path folder, String... arguments) {
    return DoctorRun.asProcess(environment(Map.of()), folder, words(arguments));
  }

  private Map<String, String> environment(Map<String, String> stronger) {
    var environment = new LinkedHashMap<>(stronger);
    environment.put("DOCKER_HOST", engine.address());
    return environment;
  }

  private String[] words(String... arguments) {
    return Stream.concat(Stream.of("--compose-project", project), Stream.of(arguments))
        .toArray(String[]::new);
  }

  private void make(String service) {
    var app = APP.contains(service);
    var words = new ArrayList<>(List.of(notStarted.contains(service) ? "create" : "run"));
    if (words.contains("run")) {
      words.add("--detach");
    }
    words.addAll(List.of("--name", container(service)));
    words.addAll(List.of("--network", networks.getOrDefault(service, network())));
    if (!networks.containsKey(service)) {
      words.addAll(List.of("--network-alias", service));
    }
    words.add("--stop-signal=KILL"); // nobody here says goodbye, so nobody waits for it
    label(words, "project", project);
    label(words, "service", service);
    label(words, "oneoff", "False");
    label(words, "container-number", "1");
    label(words, "project.working_dir", "/srv/" + project);
    label(words, "project.config_files", "/srv/" + project + "/docker-compose.production.yml");
    if (app) {
      settings.forEach((name, value) -> words.addAll(List.of("--env", name + "=" + value)));
      words.addAll(List.of("--volume", storage() + ":/app/storage" + mount));
    }
    words.addAll(options.getOrDefault(service, usual(service)));
    words.add(images.getOrDefault(service, image));
    words.addAll(commands.getOrDefault(service, List.of()));
    engine.docker(words.toArray(String[]::new));
  }

  private List<String> usual(String service) {
    return switch (service) {
      case "web" ->
          List.of("--health-cmd=true", "--health-interval=1s", "--publish=127.0.0.1::8000");
      case "worker" -> List.of("--volume", engine.socket() + ":/var/run/docker.sock");
      default -> List.of();
    };
  }

  private static void label(List<String> words, String name, String value) {
    words.addAll(List.of("--label", "com.docker.compose." + name + "=" + value));
  }

  private String network() {
    return project + "_validibot";
  }

  private String storage() {
    return project + "_validibot_storage";
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    var containers =
        engine.docker("ps", "-aq", "--filter", "label=com.docker.compose.project=" + project);
    containers.lines().forEach(it -> engine.docker("rm", "-f", it));
    engine.docker("network", "rm", network());
    engine.docker("volume", "rm", storage());
  }
}
