package lib.settings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What Django would make of the variables (validibot.md section 2). */
public record Django(DeploymentTarget target, Variables variables) {

  private static final String LOCAL_SITE = "http://localhost:8000";

  /** How Django sends mail. */
  public enum Mail {
    POSTMARK,
    SMTP,
    CONSOLE,
    NONE
  }

  /** Where Django keeps files. */
  public enum Storage {
    FOLDER,
    GCS,
    S3
  }

  /**
   * A mail server and the account there.
   *
   * @param startTls whether the connection turns to TLS before anything is said
   */
  public record SmtpServer(String host, int port, boolean startTls, String user, String password) {

    /** Where it is, without the account. */
    public String address() {
      return host + ":" + port;
    }

    /** Never shows the password. */
    @Override
    public String toString() {
      return address();
    }
  }

  /**
   * The database: DATABASE_URL, else what the entrypoint makes of POSTGRES_*, with the password as
   * it was meant.
   *
   * @return nothing when it is not set, or when DATABASE_URL is no URL of PostgreSQL
   */
  public Optional<DatabaseUrl> database() {
    var url = variables.text("DATABASE_URL");
    if (url.isPresent()) {
      return url.flatMap(DatabaseUrl::parse);
    }
    var cloud = variables.text("CLOUD_SQL_CONNECTION_NAME");
    var host = variables.text("POSTGRES_HOST");
    if (cloud.isPresent() || host.isEmpty() && variables.text("POSTGRES_DB").isEmpty()) {
      return cloud.map(
          it ->
              new DatabaseUrl(
                  "",
                  5432,
                  variables.text("POSTGRES_USER", ""),
                  variables.text("POSTGRES_PASSWORD", ""),
                  variables.text("POSTGRES_DB", "validibot"),
                  "/cloudsql/" + it,
                  java.util.Map.of()));
    }
    var port = variables.text("POSTGRES_PORT").filter(it -> it.matches("\\d{1,5}")).orElse("5432");
    return Optional.of(
        new DatabaseUrl(
            host.orElse("postgres"),
            Integer.parseInt(port),
            variables.text("POSTGRES_USER", "postgres"),
            variables.text("POSTGRES_PASSWORD", ""),
            variables.text("POSTGRES_DB", "postgres"),
            "",
            java.util.Map.of()));
  }

  /** Redis, for the cache and the broker; nothing when the cache is a table. */
  public Optional<String> redisUrl() {
    return variables.text("REDIS_URL");
  }

  /**
   * The Redis of the broker, which is the cache's, too; Celery's default where REDIS_URL is not
   * set.
   *
   * @return nothing when REDIS_URL is no URL of Redis that all who use it can read
   */
  public Optional<RedisUrl> redis() {
    return readRedis().filter(it -> refused(it).isEmpty());
  }

  /** Who refuses which option of REDIS_URL, as a sentence without a full stop. */
  public Optional<String> redisRefusal() {
    return readRedis().flatMap(this::refused);
  }

  private Optional<RedisUrl> readRedis() {
    return redisUrl().map(RedisUrl::parse).orElse(Optional.of(RedisUrl.CELERYS_DEFAULT));
  }

  /** Google Cloud has no Celery, and the cache of a local target is memory. */
  private Optional<String> refused(RedisUrl url) {
    var byCelery =
        target == DeploymentTarget.GCP ? Optional.<String>empty() : url.refusedByCelery();
    var byCache = target.production() ? url.refusedByCache() : Optional.<String>empty();
    return byCelery
        .map("Celery refuses its option "::concat)
        .or(() -> byCache.map("the cache refuses its option "::concat));
  }

  /** The public address. */
  public String siteUrl() {
    return variables.text("SITE_URL").orElse(LOCAL_SITE);
  }

  public List<String> allowedHosts() {
    return target.production()
        ? variables.list("DJANGO_ALLOWED_HOSTS")
        : List.of("localhost", "0.0.0.0", "127.0.0.1", "web");
  }

  /** Whether Django takes a host for allowed; a dot in front means every one below, too. */
  public boolean allows(String host) {
    return allowedHosts().stream()
        .map(it -> it.toLowerCase(Locale.ROOT))
        .anyMatch(
            it ->
                it.equals("*")
                    || it.equals(host)
                    || it.startsWith(".") && ("." + host).endsWith(it));
  }

  public List<String> csrfOrigins() {
    return variables.list("DJANGO_CSRF_TRUSTED_ORIGINS");
  }

  /** Whether DEBUG is on: hard-coded for production, whatever DJANGO_DEBUG says. */
  public boolean debug() {
    return !target.production();
  }

  public String adminUrl() {
    return variables.text("DJANGO_ADMIN_URL", "admin/");
  }

  public Mail mail() {
    if (!target.production()) {
      return Mail.CONSOLE;
    }
    if (variables.text("POSTMARK_SERVER_TOKEN").isPresent()) {
      return Mail.POSTMARK;
    }
    return variables.text("EMAIL_HOST").isPresent() ? Mail.SMTP : Mail.NONE;
  }

  /** The mail server, where mail goes by SMTP. */
  public SmtpServer smtp() {
    return new SmtpServer(
        variables.text("EMAIL_HOST", "").strip(),
        variables
            .text("EMAIL_PORT")
            .filter(it -> it.strip().matches("\\d{1,5}"))
            .map(it -> Integer.parseInt(it.strip()))
            .orElse(587),
        variables.flag("EMAIL_USE_TLS", true),
        variables.text("EMAIL_HOST_USER", ""),
        variables.text("EMAIL_HOST_PASSWORD", ""));
  }

  /** Whom mail is from. */
  public String sender() {
    return variables.text("DJANGO_DEFAULT_FROM_EMAIL", "Validibot <noreply@example.com>");
  }

  public Storage storage() {
    if (target == DeploymentTarget.GCP) {
      return Storage.GCS;
    }
    if (bucket().isEmpty()) {
      return Storage.FOLDER;
    }
    return variables.text("DATA_STORAGE_BACKEND", "").equalsIgnoreCase("s3")
        ? Storage.S3
        : Storage.GCS;
  }

  public Optional<String> bucket() {
    return variables.text("STORAGE_BUCKET");
  }

  /** What starts the containers of validators. */
  public String validatorRunner() {
    return target == DeploymentTarget.GCP
        ? "google_cloud_run"
        : variables.text("VALIDATOR_RUNNER").orElse("docker");
  }

  /** How images of validators are pinned: {@code tag}, {@code digest} or {@code signed-digest}. */
  public String imagePolicy() {
    return variables.text("VALIDATOR_BACKEND_IMAGE_POLICY").orElse("tag");
  }
}
