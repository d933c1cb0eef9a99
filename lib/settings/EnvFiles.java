package lib.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import lib.engine.Stack;
import lib.settings.Gathering.Wanted;
import lib.target.Environment;
import lib.target.Stage;

/** Where the env files of a deployment are, and who reads them (validibot.md section 1.4). */
final class EnvFiles {

  private static final Path SELF_HOSTED = Path.of(".envs/.production/.self-hosted");
  private static final Path LOCAL = Path.of(".envs/.local");

  private final Wanted wanted;
  private final Environment environment;
  private final Optional<Stack> stack;

  EnvFiles(Wanted wanted, Environment environment, Optional<Stack> stack) {
    this.wanted = wanted;
    this.environment = environment;
    this.stack = stack;
  }

  /**
   * Find them: those that were asked for, else those that are where Validibot keeps them.
   *
   * @throws lib.target.CannotVerify when one that was asked for cannot be read
   */
  List<Path> paths() {
    wanted.files().forEach(SettingsFile::demand);
    return wanted.files().isEmpty() ? usual() : wanted.files();
  }

  /** Who reads those files: their place tells, where nobody said. */
  DeploymentTarget format(List<Path> paths) {
    if (wanted.target().isPresent()) {
      return wanted.target().get();
    }
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

  /** Read them in their order; a file may refer to those before it. */
  List<SettingsFile> read(List<Path> paths, DeploymentTarget format) {
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
    return files;
  }

  /** The env files where Validibot keeps them, below this folder, else below the stack's own. */
  private List<Path> usual() {
    return Stream.concat(Stream.of(environment.directory()), stack.flatMap(Stack::folder).stream())
        .map(this::usual)
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private List<Path> usual(Path folder) {
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
}
