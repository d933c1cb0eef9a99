package lib.target;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** One deployed copy of Validibot, or the demo that runs inside this process. */
public enum Stage {
  DEV,
  STAGING,
  PROD,
  DEMO;

  /** The stage of that name, in any case. */
  public static Optional<Stage> named(String name) {
    return Stream.of(values()).filter(stage -> stage.toString().equalsIgnoreCase(name)).findFirst();
  }

  /** The name of a Cloud Run service of this stage (validibot.md section 1.1). */
  public String service(String app, String role) {
    var production = this == PROD || this == DEMO;
    return production ? app + "-" + role : app + "-" + role + "-" + this;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
