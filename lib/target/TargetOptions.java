package lib.target;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import picocli.CommandLine.TypeConversionException;

/** The options that say which deployment is meant, the same for every script. */
public final class TargetOptions {

  private static final String JUST_FILE = ".envs/.production/.google-cloud/.just";

  private String script;
  Optional<Stage> stage = Optional.empty();
  Optional<String> project = Optional.empty();
  Optional<String> region = Optional.empty();
  Optional<String> appName = Optional.empty();
  public Optional<HttpUrl> webUrl = Optional.empty();
  public Optional<HttpUrl> workerUrl = Optional.empty();
  public List<HttpUrl> workerAliases = List.of();
  public Optional<HttpUrl> mcpUrl = Optional.empty();
  public boolean trustWorkerHost;
  Optional<Path> envFile = Optional.empty();
  Optional<String> impersonate = Optional.empty();
  public boolean anonymous;
  public Optional<Path> authorities = Optional.empty();
  public Duration timeout;
  public Duration coldStart;
  public Optional<Duration> wait = Optional.empty();
  public Duration deadline;

  /** Have them read. */
  public void declare(Options options) {
    script = options.script();
    options
        .argument("STAGE", TargetOptions::stage, it -> stage = Optional.of(it))
        .completionCandidates(() -> Stream.of(Stage.values()).map(Stage::toString).iterator())
        .description("dev, staging, prod, or demo (default: $SMOKE_TEST_STAGE).");
    options
        .value("--project", "ID", Options::word, it -> project = Optional.of(it))
        .description("Google Cloud project (default: $GCP_PROJECT_ID, env file, gcloud).");
    options
        .value("--region", "REGION", Options::word, it -> region = Optional.of(it))
        .description("Region (default: $GCP_REGION, env file, gcloud, us-west1).");
    options
        .value("--app-name", "NAME", Options::word, it -> appName = Optional.of(it))
        .description(
            "What service names begin with (default: $GCP_APP_NAME, env file, validibot).");
    options
        .value("--web-url", "URL", TargetOptions::origin, it -> webUrl = Optional.of(it))
        .description("Where the web service answers: it need not be found.");
    options
        .value("--worker-url", "URL", TargetOptions::origin, it -> workerUrl = Optional.of(it))
        .description("Where the worker answers: it need not be found.");
    options
        .values("--worker-alias", "URL", TargetOptions::origin, it -> workerAliases = it)
        .description(
            "Another address of the worker, such as a custom domain, where strangers must be"
                + " refused, too; repeatable. No credential is sent there.");
    options
        .value("--mcp-url", "URL", TargetOptions::origin, it -> mcpUrl = Optional.of(it))
        .description(
            "Where the MCP service answers, if there is one; quick_verify does not ask it.");
    options
        .flag("--trust-worker-host", it -> trustWorkerHost = it)
        .description(
            "Send the identity token to --worker-url even though its host is not *.run.app.");
    options
        .value("--env-file", "FILE", TargetOptions::file, it -> envFile = Optional.of(it))
        .type(Path.class)
        .description("Lines of export NAME=\"value\". Default, when it is there:", JUST_FILE);
    options
        .value(
            "--impersonate-service-account",
            "EMAIL",
            Options::word,
            it -> impersonate = Optional.of(it))
        .description("Ask as this service account.");
    options
        .flag("--anonymous", it -> anonymous = it)
        .description("Verify only what a stranger can see.");
    options
        .file("--cacert", it -> authorities = Optional.of(it))
        .description("PEM bundle trusted beside the system's authorities.");
    options
        .value("--timeout", "SECONDS", Options::seconds, it -> timeout = it)
        .defaultValue("30")
        .description("For each request (default: ${DEFAULT-VALUE}).");
    options
        .value("--cold-start", "SECONDS", Options::seconds, it -> coldStart = it)
        .defaultValue("90")
        .description("For the first answer of each service (default: ${DEFAULT-VALUE}).");
    options
        .value("--wait", "SECONDS", Options::seconds, it -> wait = Optional.of(it))
        .description(
            "After a deploy or a change of IAM: ask again for so long what is not good yet and"
                + " may still change. --deadline begins after it.");
    options
        .value("--deadline", "SECONDS", Options::seconds, it -> deadline = it)
        .defaultValue("180")
        .description("For the whole run (default: ${DEFAULT-VALUE}).");
  }

  /** For the whole run, waiting included. */
  public Duration wholeDeadline() {
    return wait.map(deadline::plus).orElse(deadline);
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
                  .formatted(script));
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
              + script
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
  private static Stage stage(String value) {
    return Options.known(
        Stage.named(value), "'" + value + "' is no stage: dev, staging, prod or demo");
  }

  private static Path file(String value) {
    return Path.of(Options.word(value));
  }

  /** Reads an origin: a URL without path, query or user. */
  private static HttpUrl origin(String value) {
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
