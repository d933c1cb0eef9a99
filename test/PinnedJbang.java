package test;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The JBang that {@code ./jbang} fetches where there is no other, for tests that must not. */
final class PinnedJbang {

  private PinnedJbang() {}

  /** Find it in the real cache, or have it fetched. */
  static Path jar() throws IOException {
    var start =
        Shell.jbang("--version").with("PATH", pathWithoutAnother()).within(Duration.ofMinutes(5));
    assumeTrue(start.exit() == 0, start.err());
    var bootstrap = Files.readString(Shell.REPO.resolve("jbang"));
    var pin = bootstrap.lines().filter(line -> line.startsWith("sha256=")).findFirst().get();
    var name = pin.substring("sha256=".length()) + ".jar";
    try (var kept = Files.list(cacheHome().resolve("validibot-pdv"))) {
      return kept.filter(file -> file.toString().endsWith(name)).findAny().get();
    }
  }

  /** Put it into another cache, and return that one's folder. */
  static Path supplied(Path jar, Path home) throws IOException {
    var cache = Files.createDirectories(home.resolve("validibot-pdv"));
    Files.copy(jar, cache.resolve(jar.getFileName()));
    return cache;
  }

  /** The path on which there is no JBang that would be preferred. */
  static String pathWithoutAnother() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .filter(entry -> !Files.isExecutable(Path.of(entry, "jbang")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path cacheHome() {
    var home = System.getenv("XDG_CACHE_HOME");
    return home == null || home.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache")
        : Path.of(home);
  }
}
