package lib.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lib.engine.Container;
import lib.engine.Stack;
import lib.settings.Variables.Layer;
import lib.target.Setting;

/** Whether settings belong to the deployment of a container that was found. */
record Belonging(Stack stack, Container container) {

  /** Whether a file lies in the folder of the stack. */
  boolean owns(Path file) {
    return stack.folder().map(Belonging::real).filter(real(file)::startsWith).isPresent();
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }

  /**
   * Say in what the container is another deployment's: its database, broker or public address is
   * not that of the stronger sources. Empty when it is not.
   */
  String stranger(Variables stronger) {
    var theirs = new Layer(Setting.Origin.CONTAINER, container.name(), container.environment());
    return differences(stronger, new Variables(List.of(theirs))).stream()
        .findFirst()
        .map(name -> "%s is not that of the container %s".formatted(name, container.name()))
        .orElse("");
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
      var value = one.text(name).map(Belonging::place);
      var its = other.text(name).map(Belonging::place);
      if (value.isPresent() && its.isPresent() && !value.equals(its)) {
        different.add(name + " (" + source(one, name) + ")");
      }
    }
    return different;
  }

  /** Where a database is: a Compose name and its container's address are the same place. */
  private String place(DatabaseUrl url) {
    var container = stack.host(url.host());
    return container
        .map(Container::address)
        .filter(it -> !it.isEmpty())
        .map(url::at)
        .orElse(url)
        .address();
  }

  /** Where a URL leads; with another password it is the same place. */
  private static String place(String url) {
    return RedisUrl.parse(url)
        .map(RedisUrl::address)
        .orElseGet(() -> url.strip().replaceFirst("/+$", ""));
  }

  private static String source(Variables variables, String... names) {
    return Stream.of(names)
        .flatMap(name -> variables.find(name).stream())
        .map(Setting::source)
        .findFirst()
        .orElse("");
  }
}
