package lib.checks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.engine.Engine;
import lib.engine.Stack;
import lib.target.Environment;

/**
 * The container engine of this machine, and the stack on it.
 *
 * @param problem why there is none that answers; empty when there is
 */
public record EngineFound(Optional<Engine> engine, Optional<Stack> stack, String problem) {

  private static final Pattern ASKED = Pattern.compile("^(?:unix|tcp|http)://");

  /**
   * Look for an engine.
   *
   * @param project the Compose project
   * @param socket what VALIDATOR_CONTAINER_SOCKET says
   */
  static EngineFound look(
      Environment environment, String project, Optional<String> socket, Duration timeout) {
    var problems = new ArrayList<String>();
    var answering = Optional.<Engine>empty();
    for (var place : Engine.places(environment, socket)) {
      if (place.contains("://") && !ASKED.matcher(place).find()) {
        problems.add(place + " is not asked from here, only unix:// and tcp:// are");
        continue;
      }
      if (!Engine.isThere(place)) {
        problems.add("there is no " + place);
        continue;
      }
      var engine = Engine.at(place, timeout);
      try {
        var stack = Stack.find(engine, project);
        if (!stack.containers().isEmpty()) {
          return new EngineFound(Optional.of(engine), Optional.of(stack), "");
        }
        answering = answering.or(() -> Optional.of(engine));
      } catch (IOException e) {
        problems.add(e.getMessage());
      }
    }
    return new EngineFound(
        answering, Optional.empty(), answering.isPresent() ? "" : String.join("; ", problems));
  }
}
