package lib.checks;

import java.nio.file.Path;
import java.util.List;

/** The app's own part of a Compose stack (validibot.md section 1.2). */
final class App {

  /** Its services, all of one image. */
  static final List<String> SERVICES = List.of("web", "worker", "scheduler");

  /** Whom it runs as in its containers, where an exec runs as root. */
  static final String USER = "django";

  /** Where it runs in its containers. */
  static final Path FOLDER = Path.of("/app");

  private App() {}
}
