package lib.checks;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import lib.engine.Container;
import lib.engine.Stack;
import lib.target.CannotVerify;

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
