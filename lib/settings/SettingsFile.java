package lib.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import lib.envfile.BashFile;
import lib.envfile.ComposeFile;
import lib.envfile.Unreadable;
import lib.target.CannotVerify;

/**
 * An env file of a deployment, read as those who use it do.
 *
 * @param problems what its reader would not take, a line each; they never quote a value
 */
public record SettingsFile(Path path, Map<String, String> values, List<String> problems) {

  private static final String CLOSED = "this user may not read it";

  public SettingsFile {
    values = Map.copyOf(values);
    problems = List.copyOf(problems);
  }

  /**
   * Read a file; one that cannot be read is a problem, too.
   *
   * @param target on Google Cloud bash sources it, elsewhere Compose reads it
   * @param outside the variables that it may refer to
   */
  static SettingsFile read(
      Path path, DeploymentTarget target, Function<String, Optional<String>> outside) {
    try {
      // not strict: a byte that is no UTF-8 spoils one value, not the file
      var text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
      if (target == DeploymentTarget.GCP) {
        var contents = BashFile.read(text, outside);
        return new SettingsFile(path, contents.values(), contents.problems());
      }
      return new SettingsFile(path, ComposeFile.read(text, outside), List.of());
    } catch (Unreadable e) {
      return new SettingsFile(path, Map.of(), List.of(e.getMessage()));
    } catch (IOException e) {
      return new SettingsFile(path, Map.of(), List.of(CLOSED));
    }
  }

  /** Whether nothing is known of it, because this user may not read it. */
  public boolean isClosed() {
    return problems.equals(List.of(CLOSED));
  }

  /**
   * See to it that a file that was asked for can be read.
   *
   * @throws CannotVerify when it cannot
   */
  static void demand(Path path) {
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      var why =
          Files.isDirectory(path)
              ? "it is a folder"
              : Files.exists(path) ? "it cannot be read" : "there is no such file";
      throw new CannotVerify("The env file " + path + ": " + why + ".");
    }
  }
}
