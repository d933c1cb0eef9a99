package lib.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** In what {@code --target} and the settings contradict each other; empty when they do not. */
    public String contradiction() {
      return django
          .variables()
          .find("DEPLOYMENT_TARGET")
          .filter(it -> DeploymentTarget.named(it.value()).filter(this::isAnother).isPresent())
          .map(
              it ->
                  "--target is %s, and DEPLOYMENT_TARGET (%s) is %s"
                      .formatted(django.target(), it.source(), it.value()))
          .orElse("");
    }

    private boolean isAnother(DeploymentTarget said) {
      return said != django.target();
    }
  }

  private final Wanted wanted;
  private final Environment environment;
  private final Optional<Stack> stack;
  private final String engineProblem;

  /**
   * @param engineProblem why no container engine was found; empty when one was
   */
  public Gathering(
      Wanted wanted, Environment environment, Optional<Stack> stack, String engineProblem) {
    this.wanted = wanted;
    this.environment = environment;
    this.stack = stack.filter(it -> !it.containers().isEmpty());
    this.engineProblem = engineProblem;
  }

  /**
   * Gather everything.
   *
   * @throws CannotVerify when nothing is configured at all, or a file that was asked for is not
   *     there
   */
  public Gathered gather() {
    var envFiles = new EnvFiles(wanted, environment, stack);
    var paths = envFiles.paths();
    var format = envFiles.format(paths);
    var found = gathered(envFiles.read(paths, format), format);
    var target = found.django().target();
    // A file may itself tell who reads it: bash and Compose take the same line differently.
    return (target == DeploymentTarget.GCP) == (format == DeploymentTarget.GCP)
        ? found
        : gathered(envFiles.read(paths, target), target);
  }

  private Gathered gathered(List<SettingsFile> files, DeploymentTarget format) {
    var layers = new ArrayList<Layer>();
    layers.add(new Layer(Setting.Origin.ENVIRONMENT, "environment", environment.variables()));
    // a later file wins, as with Compose
    files.forEach(it -> layers.add(1, layer(it)));
    var stranger = container().map(it -> stranger(layers.get(0), files, it)).orElse("");
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

  /**
   * Whether the container is another deployment's. The stack's own files cannot be another's, only
   * newer.
   */
  private String stranger(Layer shell, List<SettingsFile> files, Container container) {
    var belonging = new Belonging(stack.orElseThrow(), container);
    var foreign = new ArrayList<>(List.of(shell));
    files.stream()
        .filter(it -> !belonging.owns(it.path()))
        .forEach(it -> foreign.add(1, layer(it)));
    return belonging.stranger(new Variables(foreign));
  }

  private String shown(Path path) {
    var absolute = path.toAbsolutePath();
    return absolute.startsWith(environment.directory())
        ? environment.directory().relativize(absolute).toString()
        : absolute.toString();
  }

  private CannotVerify nothing() {
    var why =
        engineProblem.isEmpty() ? "" : "\nNo container engine answers: " + engineProblem + ".";
    return new CannotVerify(
        """
        Nothing is configured here: no env file of Validibot, no running stack, no DATABASE_URL.%s
        Give one of these:
          ./jbang check_validibot.java --env-file FILE
          cd /srv/validibot  (where .envs/.production/.self-hosted/.django is)
          --compose-project NAME  (when the stack runs under another name than validibot)
        For Google Cloud:
          ./jbang check_validibot.java --target gcp --stage prod\
        """
            .formatted(why));
  }
}
