package lib.target;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What this process was started with. The demo stage brings its own. */
public record Environment(Map<String, String> variables, Path directory) {

  public Environment {
    variables = Map.copyOf(variables);
  }

  /** The environment of this process. */
  public static Environment ofProcess() {
    return new Environment(System.getenv(), Path.of("").toAbsolutePath());
  }

  /** The variable of that name; an empty one counts as not set. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** Where we keep what may be lost, such as {@code ./jbang} does. */
  public Path cache() {
    var caches = variable("XDG_CACHE_HOME").map(directory::resolve);
    return caches.orElseGet(() -> home().resolve(".cache")).resolve("validibot-pdv");
  }

  /** The user's home folder. */
  Path home() {
    return Path.of(variable("HOME").orElseGet(() -> System.getProperty("user.home")));
  }
}
