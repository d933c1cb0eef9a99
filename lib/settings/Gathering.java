package lib.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
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
   * @param files the env files, a later one wins
   * @param stack the containers, where they belong to this deployment
   * @param stranger why the containers that were found do not belong to it; empty when they do
   */
  public record Gathered(
      Django django,
      boolean guessed,
      List<SettingsFile> files,
      Optional<Stack> stack,
      String stranger) {

    public Gathered {
      files = List.copyOf(files);
    }
  }

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
   * @throws CannotVerify when nothing is configured at all, or a file that was asked for is not
   *     there
   */
  public Gathered gather() {
    var paths = wanted.files().isEmpty() ? usualFiles() : wanted.files();
    wanted.files().forEach(SettingsFile::demand);
    var format = wanted.target().orElseGet(() -> format(paths));
    var found = gather(paths, format);
    var target = found.django().target();
    // A file may itself tell who reads it: bash and Compose take the same line differently.
    return (target == DeploymentTarget.GCP) == (format == DeploymentTarget.GCP)
        ? found
        : gather(paths, target);
  }

  private Gathered gather(List<Path> paths, DeploymentTarget format) {
    var before = new ArrayList<SettingsFile>();
    if (format != DeploymentTarget.GCP) {
      before.addAll(forInterpolation(paths));
    }
    var files = new ArrayList<SettingsFile>();
    for (var path : paths) {
      var file = SettingsFile.read(path, format, name -> known(name, before));
      before.add(file);
      files.add(file);
    }
    var layers = new ArrayList<Layer>();
    layers.add(new Layer(Setting.Origin.ENVIRONMENT, "environment", environment.variables()));
    var ofFiles = files.stream().map(this::layer).collect(Collectors.toList());
    Collections.reverse(ofFiles); // a later file wins, as with Compose
    layers.addAll(ofFiles);
    var stranger = container().map(it -> stranger(files, it)).orElse("");
    if (stranger.isEmpty()) {
      container().ifPresent(it -> add(it, layers));
    }
    var variables = new Variables(layers);
    var said = said(variables);
    var target = wanted.target().or(() -> said).orElse(format);
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

  private Layer layer(SettingsFile file) {
    return new Layer(Setting.Origin.ENV_FILE, "env file " + shown(file.path()), file.values());
  }

  /** A container's variables are the weakest, except those that Compose sets over the files. */
  private void add(Container container, List<Layer> layers) {
    var source = "container " + container.name();
    var overridden = new LinkedHashMap<>(container.environment());
    overridden.keySet().retainAll(Drift.overridden(stack.filter(Stack::isLocal).isPresent()));
    layers.add(1, new Layer(Setting.Origin.CONTAINER, source + " (Compose file)", overridden));
    layers.add(new Layer(Setting.Origin.CONTAINER, source, container.environment()));
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
    if (wanted.stage().isPresent()) {
      return DeploymentTarget.GCP;
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

  /**
   * What Compose fills env files in from, beside the shell: what its {@code --env-file} named, in
   * Validibot the {@code .build} beside the others (validibot.md section 1.4).
   */
  private List<SettingsFile> forInterpolation(List<Path> paths) {
    var named =
        stack.stream()
            .flatMap(it -> it.containers().stream())
            .flatMap(it -> it.composeLabel("project.environment_file").stream())
            .flatMap(it -> Stream.of(it.split(",")))
            .map(Path::of);
    var beside = paths.stream().map(it -> it.resolveSibling(".build"));
    return Stream.concat(named, beside)
        .distinct()
        .filter(Files::isReadable)
        .map(
            it -> SettingsFile.read(it, DeploymentTarget.SELF_HOSTED, n -> environment.variable(n)))
        .toList();
  }

  /** What a file may refer to: the shell, else the files before it, the last one first. */
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
  private String stranger(List<SettingsFile> files, Container container) {
    var foreign = new ArrayList<Layer>();
    foreign.add(new Layer(Setting.Origin.ENVIRONMENT, "environment", environment.variables()));
    files.stream().filter(it -> !isOwn(it.path())).forEach(it -> foreign.add(1, layer(it)));
    var theirs = new Layer(Setting.Origin.CONTAINER, container.name(), container.environment());
    return differences(new Variables(foreign), new Variables(List.of(theirs))).stream()
        .findFirst()
        .map(name -> "%s is not that of the container %s".formatted(name, container.name()))
        .orElse("");
  }

  /** Whether a file lies in the folder of the stack that was found. */
  private boolean isOwn(Path file) {
    return stack
        .flatMap(Stack::folder)
        .map(Gathering::real)
        .filter(real(file)::startsWith)
        .isPresent();
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }

  private List<String> differences(Variables one, Variables other) {
    var different = new ArrayList<String>();
    var database = new Django(DeploymentTarget.SELF_HOSTED, one).database().map(this::place);
    var theirs = new Django(DeploymentTarget.SELF_HOSTED, other).database().map(this::place);
    if (database.isPresent() && theirs.isPresent() && !database.equals(theirs)) {
      different.add(
          "the database (" + source(one, "DATABASE_URL", "POSTGRES_HOST", "POSTGRES_DB") + ")");
    }
    for (var name : List.of("REDIS_URL", "SITE_URL")) {
      var value = one.text(name).map(Gathering::plain);
      var its = other.text(name).map(Gathering::plain);
      if (value.isPresent() && its.isPresent() && !value.equals(its)) {
        different.add(name + " (" + source(one, name) + ")");
      }
    }
    return different;
  }

  /** Where a database is: a Compose name and its container's address are the same place. */
  private String place(DatabaseUrl url) {
    var container = stack.flatMap(it -> it.service(url.host()));
    return container
        .map(Container::address)
        .filter(it -> !it.isEmpty())
        .map(url::at)
        .orElse(url)
        .address();
  }

  private static String plain(String url) {
    return url.strip().replaceFirst("/+$", "");
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
