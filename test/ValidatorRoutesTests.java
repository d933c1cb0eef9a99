package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where validators run on Google Cloud, by the tables of a real database. */
class ValidatorRoutesTests {

  private static final String ACCOUNT = "validator@acme.iam.gserviceaccount.com";

  /** A row for each validator that needs a container. */
  private static final String DEPLOYED =
      "insert into validations_validatorexecutiondeployment (created, modified, validator_id,"
          + " provider_type, deployment_kind, provider_resource_name, backend_image_digest,"
          + " expected_runtime_identity, readiness_state, routing_role, emergency_blocked)"
          + " select now(), now(), id, 'GCP', '%s', slug, '', '"
          + ACCOUNT
          + "', 'READY', '%s', false from validations_validator where execution_backend_slug <> ''";

  @TempDir private Path folder;

  private static Postgres.Database deployed() {
    return Postgres.seeded()
        .run(
            DEPLOYED.formatted("CLOUD_RUN_SERVICE", "PRIMARY"),
            DEPLOYED.formatted("CLOUD_RUN_JOB", "LONG_RUNNING"));
  }

  private DoctorRun check(Postgres.Database database, String queue, String callers) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", database.url());
    settings.put("DEPLOYMENT_TARGET", "gcp");
    settings.put("GCP_VALIDATOR_TASK_QUEUE_NAME", queue);
    settings.put("GCP_VALIDATOR_TASK_INVOKER_SERVICE_ACCOUNT", "invoker@acme");
    settings.put("TASK_OIDC_ALLOWED_SERVICE_ACCOUNTS", callers);
    settings.put("CLOUD_TASKS_SERVICE_ACCOUNT", ACCOUNT);
    return DoctorRun.with(settings, folder, "--only", "VB720,VB721,VB722,VB723");
  }

  @Test
  void a_deployment_with_services_and_jobs_is_good() {
    var run = check(deployed(), "validators", "tasks@acme," + ACCOUNT);

    assertEquals(List.of(), run.ids("error", "warn", "fatal", "info", "skipped"));
    assertTrue(run.message("VB721").contains("all 5"));
  }

  @Test
  void jobs_alone_are_good_and_the_account_of_the_tasks_may_call() {
    var database = Postgres.seeded().run(DEPLOYED.formatted("CLOUD_RUN_JOB", "PRIMARY"));

    var run = check(database, "", "");

    assertEquals(List.of("VB720"), run.ids("error", "warn", "fatal"));
    assertEquals("warn", run.status("VB720"));
    assertEquals("info", run.status("VB723"));
  }

  @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          VB721 | no ready primary   | set readiness_state = 'FAILED' where routing_role = 'PRIMARY'
          VB721 | blocked            | set emergency_blocked = true where provider_resource_name like 'fmu%'
          VB721 | no job             | set routing_role = 'INACTIVE' where routing_role = 'LONG_RUNNING'
          VB722 | a stranger         | set expected_runtime_identity = 'other@acme' where routing_role = 'PRIMARY'
          """)
  void a_defect_of_the_deployments_is_one_error(String id, String what, String change) {
    var database = deployed().run("update validations_validatorexecutiondeployment " + change);

    var run = check(database, "validators", ACCOUNT);

    assertEquals(List.of(id), run.ids("error", "warn", "fatal"), what);
    assertEquals("error", run.status(id));
  }

  @Test
  void services_without_a_queue_are_an_error() {
    var run = check(deployed(), "", ACCOUNT);

    assertEquals(List.of("VB720"), run.ids("error", "warn", "fatal"));
    assertEquals("error", run.status("VB720"));
  }

  @Test
  void nothing_offered_is_a_warning() {
    var nothing = deployed().run("update validations_validator set is_enabled = false");

    var run = check(nothing, "validators", ACCOUNT);

    assertEquals(List.of("VB721"), run.ids("error", "warn", "fatal"));
    assertEquals("warn", run.status("VB721"));
  }

  @Test
  void an_older_release_and_another_target_are_not_asked() {
    var older = Postgres.seeded().run("drop table validations_validatorexecutiondeployment");
    var elsewhere = DoctorRun.goodSettings();

    var run = check(older, "", "");
    var docker = DoctorRun.with(elsewhere, folder, "--only", "VB720,VB721,VB722,VB723");

    for (var id : List.of("VB720", "VB721", "VB722", "VB723")) {
      assertEquals("skipped", run.status(id));
      assertEquals("skipped", docker.status(id));
    }
  }
}
