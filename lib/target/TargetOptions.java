package lib.target;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that say which deployment is meant, the same for every script. */
public final class TargetOptions {

  private static final String JUST_FILE = ".envs/.production/.google-cloud/.just";

  @Spec(Spec.Target.MIXEE)
  CommandSpec script;

  @Parameters(
      arity = "0..1",
      paramLabel = "STAGE",
      converter = StageName.class,
      completionCandidates = StageNames.class,
      description = "dev, staging, prod, or demo (default: $SMOKE_TEST_STAGE).")
  Optional<Stage> stage = Optional.empty();

  @Option(
      names = "--project",
      paramLabel = "ID",
      converter = Word.class,
      description = "Google Cloud project (default: $GCP_PROJECT_ID, env file, gcloud).")
  Optional<String> project = Optional.empty();

  @Option(
      names = "--region",
      paramLabel = "REGION",
      converter = Word.class,
      description = "Region (default: $GCP_REGION, env file, gcloud, us-west1).")
  Optional<String> region = Optional.empty();

  @Option(
      names = "--app-name",
      paramLabel = "NAME",
      converter = Word.class,
      description = "What service names begin with (default: $GCP_APP_NAME, env file, validibot).")
  Optional<String> appName = Optional.empty();

  @Option(
      names = "--web-url",
      paramLabel = "URL",
      converter = Origin.class,
      description = "Where the web service answers; skips its look-up.")
  public Optional<HttpUrl> webUrl = Optional.empty();

  @Option(
      names = "--worker-url",
      paramLabel = "URL",
      converter = Origin.class,
      description = "Where the worker answers; skips its look-up.")
  public Optional<HttpUrl> workerUrl = Optional.empty();

  @Option(
      names = "--worker-alias",
      paramLabel = "URL",
      converter = Origin.class,
      description =
          "Another address of the worker, such as a custom domain, where strangers must be refused,"
              + " too; repeatable. No credential is sent there.")
  public List<HttpUrl> workerAliases = List.of();

  @Option(
      names = "--mcp-url",
      paramLabel = "URL",
      converter = Origin.class,
      description = "Where the MCP service answers, if there is one; quick_verify does not ask it.")
  public Optional<HttpUrl> mcpUrl = Optional.empty();

  @Option(
      names = "--trust-worker-host",
      description =
          "Send the identity token to --worker-url even though its host is not *.run.app.")
  public boolean trustWorkerHost;

  @Option(
      names = "--env-file",
      paramLabel = "FILE",
      converter = FileName.class,
      description = {"Lines of export NAME=\"value\". Default, when it is there:", JUST_FILE})
  Optional<Path> envFile = Optional.empty();

  @Option(
      names = "--impersonate-service-account",
      paramLabel = "EMAIL",
      converter = Word.class,
      description = "Ask as this service account.")
  Optional<String> impersonate = Optional.empty();

  @Option(names = "--anonymous", description = "Verify only what a stranger can see.")
  public boolean anonymous;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "PEM bundle trusted beside the system's authorities.")
  public Optional<Path> authorities = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      converter = Seconds.class,
      description = "For each request (default: ${DEFAULT-VALUE}).")
  public Duration timeout;

  @Option(
      names = "--cold-start",
      paramLabel = "SECONDS",
      defaultValue = "90",
      converter = Seconds.class,
      description = "For the first answer of each service (default: ${DEFAULT-VALUE}).")
  public Duration coldStart;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      converter = Seconds.class,
      description =
          "After a deploy or a change of IAM: ask again for so long what is not good yet and may"
              + " still change. --deadline begins after it.")
  public Optional<Duration> wait = Optional.empty();

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      defaultValue = "180",
      converter = Seconds.class,
      description = "For the whole run (default: ${DEFAULT-VALUE}).")
  public Duration deadline;

  /** For the whole run, waiting included. */
  public Duration wholeDeadline() {
    return wait.map(deadline::plus).orElse(deadline);
  }

  /** What can be completed. */
  static final class StageNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(Stage.values()).map(Stage::toString).iterator();
    }
  }

  /** The stage as it was named, whether there is one of that name or not; empty if it was not. */
  public String named(Environment environment) {
    return stage.map(Stage::toString).or(() -> environment.variable("SMOKE_TEST_STAGE")).orElse("");
  }

  /** The stage, from the command line or the environment. */
  public Stage stage(Environment environment) {
    if (stage.isPresent()) {
      return stage.get();
    }
    var name = environment.variable("SMOKE_TEST_STAGE");
    if (name.isEmpty()) {
      throw new CannotVerify(
          "SMOKE_TEST_STAGE must be set, or a stage given, to dev, staging, prod or demo:\n"
              + "  ./jbang %1$s.java dev\n  SMOKE_TEST_STAGE=dev ./jbang %1$s.java"
                  .formatted(script.name()));
    }
    return Stage.named(name.get())
        .orElseThrow(
            () ->
                new CannotVerify(
                    "SMOKE_TEST_STAGE is '"
                        + name.get()
                        + "': not one of dev, staging, prod, demo."));
  }

  /** The options that take part in {@link Config}. */
  Map<Config.Key, String> settings() {
    var settings = new EnumMap<Config.Key, String>(Config.Key.class);
    project.ifPresent(value -> settings.put(Config.Key.PROJECT, value));
    region.ifPresent(value -> settings.put(Config.Key.REGION, value));
    appName.ifPresent(value -> settings.put(Config.Key.APP_NAME, value));
    impersonate.ifPresent(value -> settings.put(Config.Key.IMPERSONATE, value));
    return settings;
  }

  /** All settings, in their order of precedence. */
  public Config config(Environment environment, Gcloud gcloud) {
    return new Config(settings(), environment, envFile(environment), gcloud);
  }

  /** The demo stage brings its own addresses and account. */
  public void refuseForDemo() {
    if (!settings().isEmpty()
        || webUrl.isPresent()
        || workerUrl.isPresent()
        || !workerAliases.isEmpty()
        || mcpUrl.isPresent()
        || envFile.isPresent()) {
      throw new CannotVerify(
          "The demo stage brings its own project, addresses and account:\n"
              + "  ./jbang "
              + script.name()
              + ".java demo");
    }
  }

  private Optional<EnvFile> envFile(Environment environment) {
    return envFile
        .or(
            () ->
                Optional.of(environment.directory().resolve(JUST_FILE))
                    .filter(Files::isRegularFile))
        .map(file -> EnvFile.read(file, environment));
  }

  /** Reads a stage, in any case. */
  static final class StageName implements ITypeConverter<Stage> {
    @Override
    public Stage convert(String value) {
      return Stage.named(value)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + value + "' is no stage: dev, staging, prod or demo"));
    }
  }

  /** Reads a text that is not empty, as a variable that is not set would leave it. */
  static final class Word implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (value.isBlank()) {
        throw new TypeConversionException("it is empty");
      }
      return value.strip();
    }
  }

  /** Reads the name of a file. */
  static final class FileName implements ITypeConverter<Path> {
    @Override
    public Path convert(String value) {
      return Path.of(new Word().convert(value));
    }
  }

  /** Reads an origin: a URL without path, query or user. */
  static final class Origin implements ITypeConverter<HttpUrl> {
    @Override
    public HttpUrl convert(String value) {
      var url = HttpUrl.parse(value);
      if (url == null) {
        throw new TypeConversionException("no http or https URL, such as https://example.org");
      }
      if (!url.username().isEmpty() || !url.password().isEmpty()) {
        throw new TypeConversionException("a URL with user or password in it is not taken");
      }
      if (!url.encodedPath().equals("/") || url.query() != null || url.fragment() != null) {
        throw new TypeConversionException(
            "only the origin is wanted: "
                + url.newBuilder().encodedPath("/").query(null).fragment(null).build());
      }
      return url;
    }
  }

  /** Reads a number of seconds, such as 30 or 0.5. */
  public static final class Seconds implements ITypeConverter<Duration> {

    private static final int DAY = 86_400;

    @Override
    public Duration convert(String value) {
      var seconds = value.matches("\\d{1,9}(\\.\\d{1,9})?") ? Double.parseDouble(value) : 0;
      if (seconds > 0 && seconds <= DAY) {
        return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
      }
      throw new TypeConversionException(
          "'" + value + "' is no number of seconds above 0 and up to " + DAY);
    }
  }
}
