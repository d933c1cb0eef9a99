package lib.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import lib.engine.Container;
import lib.engine.Stack;
import lib.settings.Variables.Layer;
import lib.target.CannotVerify;
import lib.target.Environment;
import lib.target.Setting;
import lib.target.Stage;

/**
 * Gathers the settings of one deployment: the environment of this process, env files, the running
 * web container, the strongest first; and sees to it that they all belong to the same one.
 */
public final class Gathering {

  private static final Path SELF_HOSTED = Path.of(".envs/.production/.self-hosted");
  private static final Path LOCAL = Path.of(".envs/.local");

  /**
   * What was asked for on the command line.
   *
   * @param files env files that take the place of the usual ones
   */
  public record Wanted(
      Optional<DeploymentTarget> target, Optional<Stage> stage, List<Path> files) {}

  /**
   * What was found.
   *
   * @param guessed whether nothing said which target it is
   * @param stack the containers, where they belong to this deployment
   * @param stranger why the containers that were found do not belong to it; empty when they do
   */
  public record Gathered(
      Django django,
      boolean guessed,
      List<SettingsFile> files,
      Optional<Stack> stack,
      String stranger) {}

  private final Wanted wanted;
  private final Environment environment;
  private final Optional<Stack> stack;

  public Gathering(Wanted wanted, Environment environment, Optional<Stack> stack) {
    this.wanted = wanted;
    this.environment = environment;
    this.stack = stack.filter(it -> !it.containers().isEmpty());
  }

  /**
   * Gather everything.
   *
   * @throws CannotVerify when nothing is configured at all
   */
  public Gathered gather() {
    var paths = wanted.files().isEmpty() ? usualFiles() : wanted.files();
    var files = new ArrayList<SettingsFile>();
    var format = wanted.target().orElseGet(() -> format(paths));
    for (var path : paths) {
      files.add(SettingsFile.read(path, format, name -> known(name, files)));
    }
    var layers = new ArrayList<Layer>();
    layers.add(new Layer(Setting.Origin.ENVIRONMENT, "environment", environment.variables()));
    // A later file wins, as with Compose.
    for (var i = files.size() - 1; i >= 0; i--) {
      var file = files.get(i);
      layers.add(
          new Layer(Setting.Origin.ENV_FILE, "env file " + shown(file.path()), file.values()));
    }
    var stranger = container().map(it -> stranger(new Variables(layers), it, files)).orElse("");
    if (stranger.isEmpty()) {
      container()
          .ifPresent(
              it ->
                  layers.add(
                      new Layer(
                          Setting.Origin.CONTAINER, "container " + it.name(), it.environment())));
    }
    var variables = new Variables(layers);
    var said = said(variables);
    var target = wanted.target().or(() -> said).orElseGet(() -> format);
    var django = new Django(target, variables);
    if (files.isEmpty() && stack.isEmpty() && !configured(django)) {
      throw nothing();
    }
    return new Gathered(
        django,
        wanted.target().isEmpty() && said.isEmpty(),
        files,
        stranger.isEmpty() ? stack : Optional.empty(),
        stranger);
  }

  /** The container whose environment counts: web, else the worker, whose settings are the same. */
  private Optional<Container> container() {
    return stack.flatMap(it -> it.service("web").or(() -> it.service("worker")));
  }

  private Optional<DeploymentTarget> said(Variables variables) {
    var value = variables.text("DEPLOYMENT_TARGET");
    return value
        .flatMap(DeploymentTarget::named)
        .or(() -> stack.filter(Stack::isLocal).map(it -> DeploymentTarget.LOCAL_DOCKER_COMPOSE));
  }

  private boolean configured(Django django) {
    return Stream.of("DATABASE_URL", "POSTGRES_HOST", "POSTGRES_DB", "REDIS_URL", "SITE_URL")
        .anyMatch(name -> django.variables().text(name).isPresent());
  }

  /** Who reads those files: their place tells, where nobody said. */
  private DeploymentTarget format(List<Path> paths) {
    var said = environment.variable("DEPLOYMENT_TARGET").flatMap(DeploymentTarget::named);
    if (said.isPresent()) {
      return said.get();
    }
    if (paths.stream().anyMatch(it -> it.toString().contains(".google-cloud"))) {
      return DeploymentTarget.GCP;
    }
    return paths.stream().anyMatch(it -> it.toString().contains(".envs/.local"))
        ? DeploymentTarget.LOCAL_DOCKER_COMPOSE
        : DeploymentTarget.SELF_HOSTED;
  }

  /** The env files where Validibot keeps them, below this folder, else below the stack's own. */
  private List<Path> usualFiles() {
    return Stream.concat(Stream.of(environment.directory()), stack.flatMap(Stack::folder).stream())
        .map(this::usualFiles)
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private List<Path> usualFiles(Path folder) {
    var local = stack.filter(Stack::isLocal).isPresent();
    var said =
        wanted
            .target()
            .or(() -> environment.variable("DEPLOYMENT_TARGET").flatMap(DeploymentTarget::named))
            .or(
                () ->
                    wanted.stage().isPresent()
                        ? Optional.of(DeploymentTarget.GCP)
                        : Optional.<DeploymentTarget>empty());
    if (said.isPresent()) {
      return existing(folder, said.get());
    }
    var order =
        local
            ? List.of(DeploymentTarget.LOCAL_DOCKER_COMPOSE, DeploymentTarget.SELF_HOSTED)
            : List.of(
                DeploymentTarget.SELF_HOSTED,
                DeploymentTarget.LOCAL_DOCKER_COMPOSE,
                DeploymentTarget.GCP);
    return order.stream()
        .map(it -> existing(folder, it))
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private List<Path> existing(Path folder, DeploymentTarget target) {
    var candidates =
        switch (target) {
          case GCP -> List.of(googleCloud().resolve(".django"));
          case LOCAL_DOCKER_COMPOSE ->
              List.of(LOCAL.resolve(".django"), LOCAL.resolve(".postgres"));
          case SELF_HOSTED ->
              List.of(SELF_HOSTED.resolve(".django"), SELF_HOSTED.resolve(".postgres"));
        };
    return candidates.stream().map(folder::resolve).filter(Files::isRegularFile).toList();
  }

  private Path googleCloud() {
    var stage = wanted.stage().orElse(Stage.PROD);
    return Path.of(".envs", stage == Stage.PROD ? ".production" : "." + stage, ".google-cloud");
  }

  /** What a file may refer to: the shell, else the files before it. */
  private Optional<String> known(String name, List<SettingsFile> before) {
    return environment
        .variable(name)
        .or(
            () ->
                before.stream()
                    .map(file -> file.values().get(name))
                    .filter(Objects::nonNull)
                    .reduce((first, last) -> last));
  }

  /**
   * Whether the container is another deployment's: its database, broker or public address is not
   * that of a stronger source. The stack's own files cannot be another's, only newer.
   */
  private String stranger(Variables stronger, Container container, List<SettingsFile> files) {
    var own = stack.flatMap(Stack::folder).map(Path::normalize);
    var foreign = new ArrayList<Layer>();
    for (var layer : stronger.layers()) {
      var ours =
          files.stream()
              .filter(it -> layer.source().equals("env file " + shown(it.path())))
              .anyMatch(
                  it -> own.filter(it.path().toAbsolutePath().normalize()::startsWith).isPresent());
      if (!ours) {
        foreign.add(layer);
      }
    }
    var theirs =
        new Variables(
            List.of(
                new Layer(Setting.Origin.CONTAINER, container.name(), container.environment())));
    return differences(new Variables(foreign), theirs).stream()
        .findFirst()
        .map(name -> "%s is not that of the container %s".formatted(name, container.name()))
        .orElse("");
  }

  private static List<String> differences(Variables one, Variables other) {
    var different = new ArrayList<String>();
    var database = new Django(DeploymentTarget.SELF_HOSTED, one).database();
    var theirs = new Django(DeploymentTarget.SELF_HOSTED, other).database();
    if (database.isPresent()
        && theirs.isPresent()
        && !database.get().address().equals(theirs.get().address())) {
      different.add(
          "the database (" + source(one, "DATABASE_URL", "POSTGRES_HOST", "POSTGRES_DB") + ")");
    }
    for (var name : List.of("REDIS_URL", "SITE_URL")) {
      var value = one.text(name);
      if (value.isPresent() && other.text(name).filter(it -> !it.equals(value.get())).isPresent()) {
        different.add(name + " (" + source(one, name) + ")");
      }
    }
    return different;
  }

  private static String source(Variables variables, String... names) {
    return Stream.of(names)
        .flatMap(name -> variables.find(name).stream())
        .map(Setting::source)
        .findFirst()
        .orElse("");
  }

  private String shown(Path path) {
    var absolute = path.toAbsolutePath();
    return absolute.startsWith(environment.directory())
        ? environment.directory().relativize(absolute).toString()
        : absolute.toString();
  }

  private CannotVerify nothing() {
    return new CannotVerify(
        """
        Nothing is configured here: no env file of Validibot, no running stack, no DATABASE_URL.
        Give one of these:
          ./jbang check_validibot.java --env-file FILE
          cd /srv/validibot  (where .envs/.production/.self-hosted/.django is)
          --compose-project NAME  (when the stack runs under another name than validibot)
        For Google Cloud:
          ./jbang check_validibot.java --target gcp --stage prod\
        """);
  }
}
