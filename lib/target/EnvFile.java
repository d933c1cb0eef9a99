package lib.target;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file of {@code export NAME="value"} lines that operators source (validibot.md section 1.4).
 *
 * <p>It is read, never run: a value that only a shell could compute counts as not set, and is named
 * when somebody asks for it. No dotenv library on Central reads {@code export}.
 */
public record EnvFile(Path path, Map<String, String> values, Map<String, Integer> unread) {

  private static final Pattern ASSIGNMENT =
      Pattern.compile("\\s*(?:export\\s+)?(?<name>[A-Za-z_]\\w*)=(?<value>.*)");
  private static final Pattern VALUE =
      Pattern.compile(
          "(?:\"(?<double>[^\"]*)\"|'(?<single>[^']*)'|(?<bare>[^\\s\"'#]*))(?:\\s+#.*|\\s*)");

  /** Read a file. */
  public static EnvFile read(Path path) {
    var values = new LinkedHashMap<String, String>();
    var unread = new LinkedHashMap<String, Integer>();
    var number = 0;
    for (var line : lines(path)) {
      number++;
      var assignment = ASSIGNMENT.matcher(line);
      if (!assignment.matches()) {
        continue;
      }
      var name = assignment.group("name");
      var value = VALUE.matcher(assignment.group("value"));
      var computed = !value.matches() || value.group("single") == null && needsShell(value.group());
      if (computed) {
        values.remove(name);
        unread.put(name, number);
      } else {
        unread.remove(name);
        values.put(
            name, firstOf(value.group("double"), value.group("single"), value.group("bare")));
      }
    }
    return new EnvFile(path, values, unread);
  }

  /** The value of that name; an empty one counts as not set. */
  public Optional<String> value(String name) {
    if (unread.containsKey(name)) {
      throw new CannotVerify(
          "%s, line %d: %s needs a shell to compute it, and this file is read, not run.%nWrite the"
                  .formatted(path, unread.get(name), name)
              + " value out, or set "
              + name
              + " in the environment.");
    }
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
  }

  private static boolean needsShell(String text) {
    return text.contains("$") || text.contains("`") || text.contains("\\");
  }

  private static String firstOf(String quoted, String single, String bare) {
    return quoted != null ? quoted : single != null ? single : bare;
  }

  private static Iterable<String> lines(Path path) {
    try {
      return Files.readAllLines(path);
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
