package lib.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.target.CannotVerify;

/** The containers of one Compose project, found by Compose's labels, whatever folder one is in. */
public record Stack(Engine engine, String project, List<Container> containers) {

  private static final String PROJECT = "com.docker.compose.project=";

  public Stack {
    containers = List.copyOf(containers);
  }

  /** Find the stack of a project; it may have no containers. */
  public static Stack find(Engine engine, String project) throws IOException {
    var found =
        engine.containers(PROJECT + project).stream()
            .filter(it -> !it.composeLabel("oneoff").orElse("").equalsIgnoreCase("true"))
            .sorted(Comparator.comparing(Container::service).thenComparing(Container::name))
            .toList();
    return new Stack(engine, project, found);
  }

  /** The same project as it is now. */
  public Stack now() throws IOException {
    return find(engine, project);
  }

  /** The containers of a service: more than one when it is scaled, none when it was removed. */
  public List<Container> all(String name) {
    return containers.stream().filter(it -> it.service().equals(name)).toList();
  }

  /** The first container of a service, a running one before others. */
  public Optional<Container> service(String name) {
    return runningFirst(all(name).stream());
  }

  /** The container that a host name means: a service's, else one with that name or alias. */
  public Optional<Container> host(String name) {
    return service(name).or(() -> runningFirst(containers.stream().filter(it -> it.isNamed(name))));
  }

  private static Optional<Container> runningFirst(Stream<Container> some) {
    return some.min(Comparator.comparing(it -> !it.state().running()));
  }

  /** The folder of the Compose files, and so of the env files. */
  public Optional<Path> folder() {
    return containers.stream()
        .flatMap(it -> it.composeLabel("project.working_dir").stream())
        .findFirst()
        .map(Path::of);
  }

  /**
   * A line to paste that has Compose do something with this stack, from whatever folder:
   * Validibot's Compose files have names that Compose does not look for, so they are named.
   */
  public String compose(String words) {
    var line = new StringBuilder("  docker compose -p " + project);
    listed("project.environment_file").forEach(it -> line.append(" --env-file ").append(it));
    listed("project.config_files").forEach(it -> line.append(" -f ").append(it));
    return line.append(' ').append(words).toString();
  }

  /** What one of Compose's labels lists. */
  public List<String> listed(String label) {
    return containers.stream()
        .flatMap(it -> it.composeLabel(label).stream())
        .flatMap(it -> Stream.of(it.split(",")))
        .filter(it -> !it.isBlank())
        .distinct()
        .toList();
  }

  /** Whether it was started from Validibot's Compose file for development. */
  public boolean isLocal() {
    return containers.stream()
        .flatMap(it -> it.composeLabel("project.config_files").stream())
        .anyMatch(it -> it.contains("docker-compose.local"));
  }

  /**
   * The service of that name, to be asked now.
   *
   * @throws CannotVerify when there is no such container, or it does not run
   */
  public Container running(String name) {
    var container =
        service(name)
            .orElseThrow(
                () ->
                    new CannotVerify(
                        "project " + project + " has no container of service " + name));
    if (!container.state().running()) {
      throw new CannotVerify(
          "the container "
              + container.name()
              + " is "
              + (container.state().paused() ? "paused" : container.state().status()));
    }
    return container;
  }
}
