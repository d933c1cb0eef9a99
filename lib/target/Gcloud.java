package lib.target;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What gcloud knows, read from its own files (cloud-run.md, Identity): a start of gcloud costs a
 * second, its files cost nothing.
 */
public final class Gcloud {

  private static final int START_SECONDS = 20;

  private final Environment environment;
  private final Path directory;
  private final Map<String, String> properties;

  public Gcloud(Environment environment) {
    this.environment = environment;
    this.directory = directory(environment);
    this.properties = properties(directory, configuration(environment, directory));
  }

  /**
   * A property such as {@code core/project}: the environment's, else the active configuration's.
   */
  public Optional<String> property(String name) {
    return environment.variable(variable(name)).or(() -> Optional.ofNullable(properties.get(name)));
  }

  /** Where a property comes from, in words. */
  String source(String name) {
    return environment.variable(variable(name)).isPresent()
        ? "gcloud variable " + variable(name)
        : "gcloud config " + name;
  }

  private static String variable(String name) {
    return "CLOUDSDK_" + name.replace('/', '_').toUpperCase(Locale.ROOT);
  }

  /** The account that gcloud would act as. */
  public Optional<String> account() {
    return property("core/account");
  }

  /** Where application default credentials of a person are kept. */
  public Path applicationDefault() {
    return directory.resolve("application_default_credentials.json");
  }

  /** The credentials of the active account, in a form that Google's library reads. */
  public Optional<Path> accountCredentials() {
    return account()
        .map(name -> directory.resolve("legacy_credentials").resolve(name).resolve("adc.json"))
        .filter(Files::isReadable);
  }

  /** The gcloud program on the PATH. */
  public Optional<Path> program() {
    var names = isWindows() ? List.of("gcloud.cmd") : List.of("gcloud");
    for (var folder : environment.variable("PATH").orElse("").split(java.io.File.pathSeparator)) {
      for (var name : names) {
        var candidate = Path.of(folder.isEmpty() ? "." : folder).resolve(name);
        if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Ask gcloud itself for a token.
   *
   * @param arguments such as {@code auth print-access-token}
   * @throws IOException with the last line that gcloud said, or when it takes over 20 s
   */
  public String token(String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(program().orElseThrow().toString()));
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(nothing()));
    builder.environment().clear();
    builder.environment().putAll(environment.variables());
    builder.environment().put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
    // We impersonate ourselves; an empty value also beats the configuration's.
    builder.environment().put("CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT", "");
    var started = new CompletableFuture<Process>();
    var ending = new Thread(() -> endSoon(started));
    try {
      // Before it starts: an interruption may come between.
      Runtime.getRuntime().addShutdownHook(ending);
    } catch (IllegalStateException e) {
      throw new IOException("not started: interrupted", e);
    }
    var process = start(builder, started, ending);
    var out = Background.begin(() -> text(process.getInputStream()));
    var err = Background.begin(() -> text(process.getErrorStream()));
    try {
      if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("gcloud did not answer within " + START_SECONDS + " s");
      }
      // Before its streams are closed with it; a process of its own may hold them open for ever.
      CompletableFuture.allOf(out, err).get(1, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("gcloud's answer could not be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for gcloud", e);
    } finally {
      end(process);
      forget(ending);
    }
    if (process.exitValue() != 0 || out.join().isBlank()) {
      throw new IOException("gcloud said: " + firstError(err.join()));
    }
    return out.join().strip();
  }

  private static Process start(
      ProcessBuilder builder, CompletableFuture<Process> started, Thread ending)
      throws IOException {
    try {
      var process = builder.start();
      started.complete(process);
      return process;
    } catch (IOException e) {
      started.completeExceptionally(e);
      forget(ending);
      throw e;
    }
  }

  private static void endSoon(CompletableFuture<Process> started) {
    try {
      end(started.get(1, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      // there is nothing to end
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** gcloud is a shell script with Python below it, and both have to go. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // we are ending, too
    }
  }

  private static String firstError(String text) {
    var lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    return lines.stream()
        .filter(line -> line.startsWith("ERROR"))
        .findFirst()
        .orElse(lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1));
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static java.io.File nothing() {
    return new java.io.File(isWindows() ? "NUL" : "/dev/null");
  }

  private static boolean isWindows() {
    return System.getProperty("os.name").startsWith("Windows");
  }

  private static Path directory(Environment environment) {
    return environment
        .variable("CLOUDSDK_CONFIG")
        .map(Path::of)
        .or(() -> environment.variable("APPDATA").map(data -> Path.of(data, "gcloud")))
        .orElseGet(() -> environment.home().resolve(".config").resolve("gcloud"));
  }

  private static String configuration(Environment environment, Path directory) {
    return environment
        .variable("CLOUDSDK_ACTIVE_CONFIG_NAME")
        .orElseGet(
            () -> {
              var name = read(directory.resolve("active_config")).strip();
              return name.isEmpty() ? "default" : name;
            });
  }

  /** Read {@code [section]} and {@code name = value} lines, the INI form that gcloud writes. */
  private static Map<String, String> properties(Path directory, String configuration) {
    var found = new HashMap<String, String>();
    var section = "";
    var file = directory.resolve("configurations").resolve("config_" + configuration);
    for (var line : read(file).lines().map(String::strip).toList()) {
      var equals = line.indexOf('=');
      if (line.startsWith("[") && line.endsWith("]")) {
        section = line.substring(1, line.length() - 1);
      } else if (equals > 0 && !line.startsWith("#") && !line.startsWith(";")) {
        var value = line.substring(equals + 1).strip();
        if (!value.isEmpty()) {
          found.put(section + "/" + line.substring(0, equals).strip(), value);
        }
      }
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
