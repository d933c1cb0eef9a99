package lib.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/** A configuration directory such as gcloud leaves behind when somebody has signed in. */
record GcloudDirectory(Path path) implements AutoCloseable {

  /** Create one among the temporary files; Java lets only its owner in. */
  static GcloudDirectory create(
      Scenario scenario, String account, String credentials, Optional<String> applicationDefault) {
    var configuration =
        """
        [core]
        account = %s
        project = %s

        [run]
        region = %s
        """;
    try {
      var path = Files.createTempDirectory("demo-gcloud-");
      var person = Files.createDirectories(path.resolve("legacy_credentials").resolve(account));
      var configurations = Files.createDirectory(path.resolve("configurations"));
      Files.writeString(path.resolve("active_config"), "default");
      Files.writeString(
          configurations.resolve("config_default"),
          configuration.formatted(account, scenario.project(), scenario.region()));
      Files.writeString(person.resolve("adc.json"), credentials);
      // The stage's caches are here, too; made now, so that an interrupted run deletes the folder.
      Files.createDirectory(path.resolve("validibot-pdv"));
      if (applicationDefault.isPresent()) {
        var file = path.resolve("application_default_credentials.json");
        Files.writeString(file, applicationDefault.get());
      }
      try (var files = Files.walk(path)) {
        // For a run that is interrupted: what is registered last is deleted first.
        files.forEach(file -> file.toFile().deleteOnExit());
      }
      return new GcloudDirectory(path);
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory for the demo stage", e);
    }
  }

  @Override
  public void close() {
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + path, e);
    }
  }
}
