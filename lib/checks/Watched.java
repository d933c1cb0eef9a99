package lib.checks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import lib.engine.Container;
import lib.engine.Stack;
import lib.settings.DeploymentTarget;
import lib.settings.Django;
import lib.settings.Variables;
import lib.settings.Variables.Layer;
import lib.target.CannotVerify;
import lib.target.Setting;

/**
 * A service whose life is judged from outside, and what the stack tells of its container.
 *
 * @param stack nothing when there is none to tell
 * @param logs the line that shows its log where no container is known
 */
record Watched(String service, Optional<Stack> stack, String logs) {

  /** After a restart of Redis workers ask again ever more seldom, up to every 30 s. */
  static final Duration RECOVERING = Duration.ofMinutes(1);

  static Watched of(Examined examined, String service) {
    return new Watched(service, examined.stack(), examined.compose("logs --tail 50 " + service));
  }

  Optional<Container> container() {
    return stack.flatMap(it -> it.service(service));
  }

  /**
   * Leave to PDV301 what is its to tell.
   *
   * @throws CannotVerify when the container does not run, or was never made
   */
  void expectRunning() {
    try {
      stack.ifPresent(it -> it.running(service));
    } catch (CannotVerify e) {
      throw new CannotVerify(e.getMessage() + ", which PDV301 tells");
    }
  }

  /**
   * Leave to PDV005 a container that was made before the files were edited: it works with what they
   * said then, and that is not what is looked at.
   *
   * @param name of what the settings say, such as REDIS_URL
   * @throws CannotVerify when the container has it otherwise
   */
  void expectSame(String name, Django ours, Function<Django, Optional<String>> place) {
    container()
        .filter(it -> !place.apply(of(it, ours.target())).equals(place.apply(ours)))
        .ifPresent(
            it -> {
              throw new CannotVerify(
                  "the container %s still has another %s than the files, which PDV005 tells"
                      .formatted(it.name(), name));
            });
  }

  private static Django of(Container container, DeploymentTarget target) {
    var layer = new Layer(Setting.Origin.CONTAINER, container.name(), container.environment());
    return new Django(target, new Variables(List.of(layer)));
  }

  /** Whether it started only so long ago; never known without a container. */
  boolean isYoungerThan(Duration age) {
    return container()
        .flatMap(it -> it.state().startedAt())
        .filter(it -> it.isAfter(Instant.now().minus(age)))
        .isPresent();
  }

  /** How to see what is wrong with it. */
  String log() {
    return container().map(it -> "  docker logs --tail 50 " + it.name()).orElse(logs);
  }
}
