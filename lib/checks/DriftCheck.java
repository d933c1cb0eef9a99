package lib.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import lib.engine.Container;
import lib.engine.Stack;
import lib.http.Json;
import lib.report.Verdict;
import lib.settings.Drift;
import lib.settings.SettingsFile;

/** Whether the containers were made of the env files as they are now (compose.md section 2). */
final class DriftCheck {

  /** The services that read the env files unchanged, and the one that reads only the last. */
  private static final List<String> SERVICES = List.of("web", "worker", "scheduler", "postgres");

  /** What a database that exists does not take from a variable. */
  private static final Pattern ACCOUNT = Pattern.compile("POSTGRES_(?:PASSWORD|USER|DB)\\b");

  private static final Pattern SHIPPED =
      Pattern.compile("docker-compose\\.(?:production|local)\\.yml");

  private final Examined examined;

  DriftCheck(Examined examined) {
    this.examined = examined;
  }

  Verdict verdict() {
    var files = examined.gathered().files();
    if (examined.stack().isEmpty()) {
      return Verdict.skipped("No container of this deployment was found.");
    }
    var stack = examined.stack().get();
    if (files.stream().noneMatch(it -> isNamed(it, ".django"))
        || files.stream().anyMatch(SettingsFile::isClosed)) {
      return Verdict.skipped(
          "The stack's own env files are not here, or not readable, to compare with.");
    }
    var facts = new ArrayList<String>();
    var services = new ArrayList<String>();
    for (var service : SERVICES) {
      for (var container : stack.containers()) {
        if (container.service().equals(service)) {
          var said = told(drift(stack, container, files));
          if (!said.isEmpty()) {
            facts.add(container.name() + ": " + String.join("; ", said));
            services.add(service);
            break;
          }
        }
      }
    }
    if (facts.stream().anyMatch(it -> ACCOUNT.matcher(it).find())) {
      return Verdict.warning(
          facts,
          "The file was edited, and the containers still use the old account of the database, which"
              + " a new value in a file does not change.",
          "Put the old value back; or change the database first (ALTER ROLE ... PASSWORD ...),"
              + " then:",
          stack.compose("up -d " + String.join(" ", services)));
    }
    return facts.isEmpty()
        ? Verdict.passed("every variable of the files, in every service")
        : Verdict.warning(
            facts,
            "The file was edited, and the container was not made anew: the old value is in use. A"
                + " restart does not change that.",
            stack.compose("up -d " + String.join(" ", services)));
  }

  private Drift drift(Stack stack, Container container, List<SettingsFile> files) {
    var ofPostgres = container.service().equals("postgres");
    var expected = new LinkedHashMap<String, String>();
    files.stream()
        .filter(it -> !ofPostgres || isNamed(it, ".postgres"))
        .forEach(it -> expected.putAll(it.values()));
    var whole =
        files.stream().anyMatch(it -> isNamed(it, ".postgres"))
            && configFiles(stack).stream().allMatch(Files::isReadable);
    var image = whole ? imageEnvironment(stack, container) : Optional.<Map<String, String>>empty();
    return Drift.of(expected, container.environment(), image, overridden(stack));
  }

  private static List<String> told(Drift drift) {
    var said = new ArrayList<String>();
    if (!drift.changed().isEmpty()) {
      said.add("another value than in the files: " + String.join(", ", drift.changed()));
    }
    if (!drift.added().isEmpty()) {
      said.add("only in the files: " + String.join(", ", drift.added()));
    }
    if (!drift.removed().isEmpty()) {
      said.add("in no file any more: " + String.join(", ", drift.removed()));
    }
    return said;
  }

  /** What the operator's own Compose files name may come from there. */
  private static Predicate<String> overridden(Stack stack) {
    var always = Drift.overridden(stack.isLocal());
    var own = new StringBuilder();
    for (var file : configFiles(stack)) {
      try {
        if (!SHIPPED.matcher(String.valueOf(file.getFileName())).matches()) {
          own.append(Files.readString(file)).append('\n');
        }
      } catch (IOException e) {
        // then what it sets shows as a difference, which it is
      }
    }
    return name ->
        always.contains(name)
            || Pattern.compile("\\b" + Pattern.quote(name) + "\\s*[:=]").matcher(own).find();
  }

  private static List<Path> configFiles(Stack stack) {
    return stack.listed("project.config_files").stream().map(Path::of).toList();
  }

  /** What the image itself sets; nothing when the engine does not have it any more. */
  private static Optional<Map<String, String>> imageEnvironment(Stack stack, Container container) {
    try {
      return stack
          .engine()
          .image(container.imageId())
          .map(
              it -> {
                var all = new LinkedHashMap<String, String>();
                Json.array(Json.object(it, "Config"), "Env")
                    .forEach(line -> all.put(line.getAsString().split("=", 2)[0], ""));
                return all;
              });
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isNamed(SettingsFile file, String name) {
    return String.valueOf(file.path().getFileName()).equals(name);
  }
}
