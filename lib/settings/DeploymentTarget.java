package lib.settings;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What kind of deployment it is, in Validibot's own words (validibot.md section 2). */
public enum DeploymentTarget {
  SELF_HOSTED,
  GCP,
  LOCAL_DOCKER_COMPOSE;

  /** The target of that name. */
  public static Optional<DeploymentTarget> named(String name) {
    return Stream.of(values()).filter(it -> it.toString().equalsIgnoreCase(name)).findFirst();
  }

  /** Whether Validibot runs with its settings for production. */
  public boolean production() {
    return this != LOCAL_DOCKER_COMPOSE;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
