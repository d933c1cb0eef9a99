package lib.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import lib.target.CannotVerify;

/**
 * An env file of a deployment, read as those who use it do.
 *
 * @param problems what its reader would not take, a line each; they never quote a value
 */
public record SettingsFile(Path path, Map<String, String> values, List<String> problems) {

  public SettingsFile {
    values = Map.copyOf(values);
    problems = List.copyOf(problems);
  }

  /**
   * Read a file.
   *
   * @param target on Google Cloud bash sources it, elsewhere Compose reads it
   * @param outside the variables that it may refer to
   * @throws CannotVerify when it cannot be read at all
   */
  static SettingsFile read(
      Path path, DeploymentTarget target, Function<String, Optional<String>> outside) {
    var text = text(path);
    if (target == DeploymentTarget.GCP) {
      var contents = BashFile.read(text, outside);
      return new SettingsFile(path, contents.values(), contents.problems());
    }
    try {
      return new SettingsFile(path, ComposeFile.read(text, outside), List.of());
    } catch (Unreadable e) {
      return new SettingsFile(path, Map.of(), List.of(e.getMessage()));
    }
  }

  private static String text(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      var why = Files.isDirectory(path) ? "it is a folder" : "it cannot be read";
      throw new CannotVerify(
          "The env file "
              + path
              + ": "
              + (Files.exists(path) ? why : "there is no such file")
              + ".");
    }
  }
}
