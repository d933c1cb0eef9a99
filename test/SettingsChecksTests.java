package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that cannot be read, do not start Validibot, or do not do what they look like. */
class SettingsChecksTests {

  private static final String[] BAD = {"error", "warn", "fatal"};

  @TempDir private Path folder;
  private final Map<String, String> settings = DoctorRun.goodSettings();

  @Test
  void good_settings_are_good() {
    var run = check();

    run.outcome().exits(0);
    assertEquals(List.of(), run.ids(BAD));
    assertEquals("ok", run.status("PDV003"));
    assertEquals("skipped", run.status("PDV001"));
  }

  @Test
  void good_settings_of_google_cloud_are_good() {
    googleCloud();

    assertEquals(List.of(), check().ids(BAD));
  }

  @Test
  void local_stack_needs_only_a_secret_key() {
    settings.keySet().removeIf(it -> !it.equals("DJANGO_SECRET_KEY"));
    settings.put("DEPLOYMENT_TARGET", "local_docker_compose");
    settings.put("REDIS_URL", "redis://redis:6379/0");
    settings.put("SUPERUSER_EMAIL", "admin@example.com");

    assertEquals(List.of(), check().ids(BAD));
  }

  @ParameterizedTest(name = "without {0}", quoteTextArguments = false)
  @ValueSource(
      strings = {
        "DJANGO_SECRET_KEY",
        "DJANGO_ALLOWED_HOSTS",
        "DJANGO_API_KEY_DIGEST_KEY",
        "DJANGO_MFA_ENCRYPTION_KEY",
        "WORKER_API_KEY"
      })
  void missing_variable_is_told_once(String name) {
    settings.remove(name);

    var run = check("--only", "settings,security");

    run.outcome().exits(1);
    assertEquals(List.of("PDV003"), run.ids(BAD));
    assertTrue(run.message("PDV003").startsWith(name + " is not set"), run.message("PDV003"));
  }

  @ParameterizedTest(name = "without {0}", quoteTextArguments = false)
  @ValueSource(strings = {"STORAGE_BUCKET", "GCP_PROJECT_ID", "WORKER_URL"})
  void google_cloud_needs_more(String name) {
    googleCloud();
    settings.remove(name);

    assertTold("PDV003", name + " is not set");
  }

  @ParameterizedTest(name = "{0}={1}", quoteTextArguments = false)
  @CsvSource({
    "DEPLOYMENT_TARGET, aws, DEPLOYMENT_TARGET is aws",
    "DEPLOYMENT_TARGET, self-hosted, DEPLOYMENT_TARGET is 'self-hosted'",
    "DJANGO_MFA_ENCRYPTION_KEY, replace-with-a-fernet-key, DJANGO_MFA_ENCRYPTION_KEY is malformed",
    "DJANGO_SECRET_KEY, $canary-secret-key-that-begins-with-a-dollar, begins with $",
    "DJANGO_ACCOUNT_ALLOW_LOGIN, False, DJANGO_ADMIN_REQUIRE_MFA is on",
    "STORAGE_BUCKET, bucket, DATA_STORAGE_BACKEND is neither gcs nor s3",
    "DATABASE_URL, mysql://u:p@db/x, DATABASE_URL is no URL",
    "VALIDATOR_STATUS_LOOKUP_GRACE_SECONDS, 1801, from 0 to 1800",
    "VALIDATOR_DEFAULT_EXECUTION_SECONDS, 3601, from 1 to 3600",
    "CLOUD_TASKS_DISPATCH_DEADLINE_SECONDS, 14, from 15 to 1800",
    "GCP_VALIDATOR_TASK_DISPATCH_DEADLINE_SECONDS, 600, it can only be 1800",
    "CELERY_VISIBILITY_TIMEOUT_SECONDS, 1800, the least is 1801",
    "EMAIL_PORT, smtp, EMAIL_PORT is no whole number"
  })
  void value_that_validibot_refuses_is_told_once(String name, String value, String said) {
    settings.put(name, value);

    var run = check("--only", "settings,security", "--target", "self_hosted");

    assertEquals(List.of("PDV003"), run.ids(BAD));
    assertTrue(run.message("PDV003").contains(said), run.message("PDV003"));
  }

  @Test
  void a_target_that_is_not_that_of_the_settings_is_told() {
    var run = check("--only", "PDV001", "--target", "local_docker_compose");

    assertEquals(List.of("PDV001"), run.ids("error"));
    assertEquals(
        "--target is local_docker_compose, and DEPLOYMENT_TARGET (environment) is self_hosted",
        run.message("PDV001").replaceFirst("\\. All.*", ""));
    var fixing = check("--only", "PDV001", "--target", "local_docker_compose", "--fix");
    fixing.outcome().exits(2).errContains("not sure which target").errContains("self_hosted");
  }

  @Test
  void production_without_a_mail_provider_does_not_start() {
    settings.remove("POSTMARK_SERVER_TOKEN");

    assertTold("PDV003", "no mail provider");
  }

  @Test
  void audience_without_accounts_does_not_start_on_google_cloud() {
    googleCloud();
    settings.put("MCP_OIDC_AUDIENCE", "https://mcp.acme.org");
    settings.remove("CLOUD_TASKS_SERVICE_ACCOUNT");

    var run = assertTold("PDV003", "MCP_OIDC_ALLOWED_SERVICE_ACCOUNTS is empty");
    assertTrue(run.message("PDV003").contains("nor does CLOUD_TASKS_SERVICE_ACCOUNT"));
  }

  @Test
  void lone_address_tells_nothing_about_the_other_settings() {
    settings.clear();
    settings.put("REDIS_URL", "redis://127.0.0.1:1/0");

    var run = check("--only", "settings,security");

    assertEquals(List.of(), run.ids(BAD));
    assertEquals("skipped", run.status("PDV003"));
  }

  @Test
  void empty_file_of_settings_is_no_excuse() throws IOException {
    settings.clear();
    settings.put("SITE_URL", "https://validibot.acme.test");
    var file = envFile(".django", "");

    var run = check("--env-file", file.toString());

    assertEquals(List.of("PDV003"), run.ids(BAD));
    assertTrue(run.message("PDV003").contains("DJANGO_SECRET_KEY is not set"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "MAILGUN_API_KEY, key-4711, POSTMARK_SERVER_TOKEN",
    "SENDGRID_API_KEY, key-4711, EMAIL_HOST",
    "DJANGO_DEBUG, True, always off",
    "EMAIL_USE_SSL, True, EMAIL_USE_TLS",
    "DEFAULT_FROM_EMAIL, us@acme.org, DJANGO_DEFAULT_FROM_EMAIL",
    "STORAGE_ROOT, /data, STORAGE_BUCKET",
    "CACHE_BACKEND, redis, REDIS_URL",
    "MCP_SERVICE_KEY, key-4711, VALIDIBOT_MCP_SERVICE_KEY",
    "ALLOWED_HOSTS, acme.org, DJANGO_"
  })
  void variable_that_nothing_reads_is_told_with_what_is_read(
      String name, String value, String instead) {
    settings.put(name, value);

    var run = assertTold("PDV004", name + ": ");
    assertTrue(run.message("PDV004").contains(instead));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({"canary/pw, has / in it", "canary?pw, has ? in it", "canary%41pw, two hex digits"})
  void password_that_a_url_changes_is_told(String password, String said) {
    database(password);

    assertTold("PDV006", said);
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(strings = {"canary@#:[]& pw", "canary%zzpw", "canary100%"})
  void password_that_a_url_keeps_is_good(String password) {
    database(password);

    assertEquals(List.of(), check().ids(BAD));
  }

  @Test
  void password_does_not_matter_where_the_url_is_given() {
    database("canary/pw");
    settings.put("DATABASE_URL", "postgres://u:canary%2Fpw@127.0.0.1:1/db");

    assertEquals("skipped", check().status("PDV006"));
  }

  @Test
  void file_that_compose_refuses_is_told_with_its_line_and_nothing_else() throws IOException {
    var line = settings.size() + 1;
    var file = envFile(".django", "X='canary''value'\n");

    var run = check("--only", "settings,security", "--env-file", file.toString());

    assertEquals(List.of("PDV002"), run.ids(BAD));
    var place = file + ", line " + line + ": ";
    assertTrue(run.message("PDV002").startsWith(place), run.message("PDV002"));
    run.outcome().outLacks("canary");
  }

  @Test
  void line_that_bash_refuses_is_told_on_google_cloud() throws IOException {
    googleCloud();
    var file = envFile(".django", "SUPERUSER_NAME=Admin canary\n");

    var run = check("--only", "settings,security", "--env-file", file.toString());

    assertEquals(List.of("PDV002"), run.ids(BAD));
    assertTrue(run.message("PDV002").contains("SUPERUSER_NAME: bash would run"));
    run.outcome().outLacks("canary");
  }

  @Test
  void file_that_others_can_read_is_not_private() throws IOException {
    var file = envFile(".django", "");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    var run = check("--env-file", file.toString());

    run.outcome().exits(0);
    assertEquals(List.of("PDV007"), run.ids(BAD));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertEquals(List.of(), check("--env-file", file.toString()).ids(BAD));
  }

  @ParameterizedTest(name = "{0}={1}", quoteTextArguments = false)
  @CsvSource({
    "WORKER_API_KEY, !!!CHANGE-THIS!!!, error",
    "SUPERUSER_PASSWORD, replace-me, error",
    "RECAPTCHA_PUBLIC_KEY, your-public-key, error",
    "EMAIL_HOST, smtp.your-domain.example, warn"
  })
  void placeholder_is_told(String name, String value, String status) {
    settings.put(name, value);

    var run = assertTold("PDV008", name + " has '");
    assertEquals(status, run.status("PDV008"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(strings = {"noreply@myexample.com", "us@my-example.com", "in-your-face@acme.org"})
  void name_that_only_looks_like_one_is_no_placeholder(String address) {
    settings.put("DJANGO_DEFAULT_FROM_EMAIL", address);

    assertEquals(List.of(), check().ids(BAD));
  }

  private DoctorRun assertTold(String id, String said) {
    var run = check();
    assertEquals(List.of(id), run.ids(BAD));
    assertTrue(run.message(id).contains(said), run.message(id));
    run.outcome().outLacks("canary");
    return run;
  }

  private void database(String password) {
    settings.put("POSTGRES_HOST", "127.0.0.1");
    settings.put("POSTGRES_DB", "validibot");
    settings.put("POSTGRES_USER", "validibot");
    settings.put("POSTGRES_PASSWORD", password);
  }

  private void googleCloud() {
    settings.put("DEPLOYMENT_TARGET", "gcp");
    settings.put("STORAGE_BUCKET", "acme-storage");
    settings.put("GCP_PROJECT_ID", "acme-4711");
    settings.put("WORKER_URL", "https://worker.acme.org");
    settings.put("CLOUD_TASKS_SERVICE_ACCOUNT", "worker@acme-4711.iam.gserviceaccount.com");
    settings.remove("WORKER_API_KEY");
  }

  /** The settings in a file instead of the environment. */
  private Path envFile(String name, String more) throws IOException {
    var lines =
        settings.entrySet().stream()
            .map(it -> it.getKey() + "=" + it.getValue() + "\n")
            .collect(Collectors.joining());
    settings.clear();
    var file = Files.writeString(folder.resolve(name), lines + more);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private DoctorRun check(String... arguments) {
    var words = new ArrayList<>(List.of(arguments));
    if (!words.contains("--only")) {
      words.addAll(List.of("--only", "settings"));
    }
    return DoctorRun.with(settings, folder, words.toArray(String[]::new));
  }
}
