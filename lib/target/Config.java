package lib.target;

import static lib.target.Setting.Origin.DEFAULT;
import static lib.target.Setting.Origin.ENVIRONMENT;
import static lib.target.Setting.Origin.ENV_FILE;
import static lib.target.Setting.Origin.GCLOUD;
import static lib.target.Setting.Origin.OPTION;

import java.util.Map;
import java.util.Optional;

/**
 * The settings that say which deployment is meant.
 *
 * <p>An option beats the environment, which beats an env file, which beats gcloud's own
 * configuration, which beats the default.
 */
public final class Config {

  /** Where the names of a setting stand in each source; an empty name is not looked up. */
  public enum Key {
    PROJECT("--project", "GCP_PROJECT_ID", "core/project", ""),
    REGION("--region", "GCP_REGION", "run/region", "us-west1"),
    APP_NAME("--app-name", "GCP_APP_NAME", "", "validibot"),
    IMPERSONATE("--impersonate-service-account", "", "auth/impersonate_service_account", ""),
    RUN_API("", "", "api_endpoint_overrides/run", "https://run.googleapis.com/"),
    IAM_CREDENTIALS_API(
        "", "", "api_endpoint_overrides/iamcredentials", "https://iamcredentials.googleapis.com/");

    private final String option;
    private final String variable;
    private final String property;
    private final String fallback;

    Key(String option, String variable, String property, String fallback) {
      this.option = option;
      this.variable = variable;
      this.property = property;
      this.fallback = fallback;
    }
  }

  private final Map<Key, String> options;
  private final Environment environment;
  private final Optional<EnvFile> envFile;
  private final Gcloud gcloud;

  public Config(
      Map<Key, String> options, Environment environment, Optional<EnvFile> file, Gcloud gcloud) {
    this.options = Map.copyOf(options);
    this.environment = environment;
    this.envFile = file;
    this.gcloud = gcloud;
  }

  /** The setting, from the strongest source that has it. */
  public Optional<Setting> find(Key key) {
    return Optional.ofNullable(options.get(key))
        .map(value -> new Setting(value, OPTION, key.option))
        .or(() -> fromVariable(key))
        .or(() -> fromEnvFile(key))
        .or(() -> fromGcloud(key))
        .or(() -> fromDefault(key));
  }

  /** The setting of a key that has a default. */
  public Setting get(Key key) {
    return find(key).orElseThrow();
  }

  private Optional<Setting> fromVariable(Key key) {
    return environment
        .variable(key.variable)
        .map(value -> new Setting(value, ENVIRONMENT, "environment " + key.variable));
  }

  private Optional<Setting> fromEnvFile(Key key) {
    return envFile.flatMap(
        file ->
            file.value(key.variable)
                .map(value -> new Setting(value, ENV_FILE, "env file " + shown(file))));
  }

  private Optional<Setting> fromGcloud(Key key) {
    return key.property.isEmpty()
        ? Optional.empty()
        : gcloud
            .property(key.property)
            .map(value -> new Setting(value, GCLOUD, gcloud.source(key.property)));
  }

  private static Optional<Setting> fromDefault(Key key) {
    return key.fallback.isEmpty()
        ? Optional.empty()
        : Optional.of(new Setting(key.fallback, DEFAULT, "default"));
  }

  private String shown(EnvFile file) {
    var path = file.path().toAbsolutePath();
    return path.startsWith(environment.directory())
        ? environment.directory().relativize(path).toString()
        : path.toString();
  }
}
