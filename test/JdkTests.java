package test;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts on the newest JDK of this machine, whichever the tests run on. */
class JdkTests {

  private static final Path JVMS = Path.of("/usr/lib/jvm");

  private static Optional<Path> jdk25() {
    try (var homes = Files.list(JVMS)) {
      return homes
          .filter(home -> home.getFileName().toString().contains("25"))
          .filter(home -> Files.isExecutable(home.resolve("bin/javac")))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Test
  void scripts_run_on_java_25(@TempDir Path cache) {
    var home = jdk25();
    assumeTrue(home.isPresent(), "no JDK 25 below " + JVMS);

    // compiled there, too; to compile the other two takes CI a minute, and just matrix does
    Shell.launcher("quick_verify.java", "demo")
        .with("JAVA_HOME", home.get().toString())
        .with("JBANG_CACHE_DIR", cache.toString())
        .exits(0)
        .errLacks("WARNING");
    on(home.get(), cache, "verify_deployment.java", "demo").exits(0).errLacks("WARNING");
    on(home.get(), cache, "check_validibot.java", "--only", "roles")
        .with("DATABASE_URL", Postgres.seeded().url())
        .with("DOCKER_HOST", "unix:///nonexistent.sock")
        .exits(0)
        .errLacks("WARNING");
  }

  private static Shell on(Path home, Path cache, String... words) {
    if (System.getenv().containsKey("PDV_MATRIX")) {
      return Shell.launcher(words)
          .with("JAVA_HOME", home.toString())
          .with("JBANG_CACHE_DIR", cache.toString());
    }
    return Shell.jbang(words).withJava(home.resolve("bin/java"));
  }
}
