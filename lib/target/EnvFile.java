package lib.target;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lib.envfile.BashFile;

/**
 * A file of {@code export NAME="value"} lines that operators source (validibot.md section 1.4). It
 * is read, never run: a value that bash would have to run something for counts as not set, and is
 * named when somebody asks for it.
 */
public record EnvFile(Path path, BashFile.Contents contents) {

  /**
   * Read a file.
   *
   * @param environment whose variables it may refer to
   */
  static EnvFile read(Path path, Environment environment) {
    return new EnvFile(path, BashFile.read(text(path), environment::variable));
  }

  /** The value of that name; an empty one counts as not set. */
  public Optional<String> value(String name) {
    var problem = contents.cut().or(() -> Optional.ofNullable(contents.refused().get(name)));
    if (problem.isPresent()) {
      throw new CannotVerify(
          "%s, %s.%nThis file is read, not run. Write the value out, or set %s in the environment."
              .formatted(path, problem.get(), name));
    }
    return Optional.ofNullable(contents.values().get(name)).filter(value -> !value.isBlank());
  }

  private static String text(Path path) {
    try {
      return Files.readString(path);
    } catch (MalformedInputException e) {
      throw new CannotVerify("Cannot read the env file " + path + ": it is not UTF-8 text.");
    } catch (IOException e) {
      throw new CannotVerify("Cannot read the env file " + path + ": " + problem(path, e) + ".");
    }
  }

  private static String problem(Path path, IOException e) {
    if (Files.isDirectory(path)) {
      return "it is a folder";
    }
    return Files.exists(path) ? "it may not be read (" + e.getMessage() + ")" : "no such file";
  }
}
