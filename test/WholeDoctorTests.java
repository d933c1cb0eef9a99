package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole doctor on a whole stack: real containers, a real database, a real Redis, what Beat and
 * a worker leave to be seen. Healthy it is good, and each defect of validibot.md section 6.2 (0) is
 * one error.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class WholeDoctorTests {

  private static final String[] BAD = {"error", "warn", "fatal"};

  @TempDir private Path folder;

  private Postgres.Database database;
  private RedisServer redis;
  private ComposeStack stack;
  private Celery celery;

  @BeforeAll
  void start() {
    database = Postgres.seeded();
    redis = RedisServer.start();
    stack =
        new ComposeStack()
            .database(database)
            .with("REDIS_URL", "redis://:" + RedisServer.PASSWORD + "@redis:6379/0")
            .relay("redis", 6379, redis.port())
            .start();
    celery = new Celery();
    celery.beat(database);
    celery.idleWorker(redis, 0);
  }

  private DoctorRun check(Map<String, String> stronger) {
    // Debian's own Docker is older than what Validibot asks for.
    return stack.check(stronger, folder, "--skip", "VB320");
  }

  @Test
  void a_healthy_stack_is_good_whatever_folder_one_is_in() {
    var run = stack.checkAsProcess(folder, "--skip", "VB320");

    run.outcome().exits(0);
    assertEquals(List.of(), run.ids(BAD));
    assertEquals("0.14.0", run.document().get("validibot_version").getAsString());
  }

  /** Defects of the database, each with the way to make it and to take it back. */
  @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          VB810  | missing role      | update users_role set code = 'X' where code = 'AUTHOR' \
          | update users_role set code = 'AUTHOR' where code = 'X'
          PDV810 | role twice        | insert into users_role (code, name) values ('AUTHOR', 'Again') \
          | delete from users_role where name = 'Again'
          VB811  | missing permission | update auth_permission set codename = 'x' where codename = 'validator_view' \
          | update auth_permission set codename = 'validator_view' where codename = 'x'
          VB102  | pending migration | delete from django_migrations where name = '0006_credentialverificationkey' \
          | insert into django_migrations (app, name, applied) values ('core', '0006_credentialverificationkey', now())
          PDV103 | newer migration   | insert into django_migrations (app, name, applied) values ('core', '0099_new', now()) \
          | delete from django_migrations where name = '0099_new'
          PDV801 | unfinished        | update core_sitesettings set slug = 'x' \
          | update core_sitesettings set slug = 'default'
          VB801  | site of migration | update django_site set domain = 'validibot.com' \
          | update django_site set domain = 'validibot.acme.test'
          VB801  | site of setup     | update django_site set domain = 'localhost:8000' \
          | update django_site set domain = 'validibot.acme.test'
          VB801  | site of Django    | update django_site set domain = 'example.com' \
          | update django_site set domain = 'validibot.acme.test'
          PDV802 | somebody's site   | update django_site set domain = 'other.acme.test' \
          | update django_site set domain = 'validibot.acme.test'
          VB701  | missing validator | update validations_validator set slug = 'x' where slug = 'fmu-validator' \
          | update validations_validator set slug = 'fmu-validator' where slug = 'x'
          VB702  | disabled          | update validations_validator set is_enabled = false \
          | update validations_validator set is_enabled = true
          PDV701 | unconfigured      | update validations_validator set availability_state = 'MISSING_CONFIG' where slug = 'fmu-validator' \
          | update validations_validator set availability_state = 'AVAILABLE'
          VB402  | schedule row gone | update django_celery_beat_periodictask set name = 'x' where name = 'Clear Sessions' \
          | update django_celery_beat_periodictask set name = 'Clear Sessions' where name = 'x'
          VB402  | schedules off     | update django_celery_beat_periodictask set enabled = false where name not like 'celery%' \
          | update django_celery_beat_periodictask set enabled = true
          VB402  | schedules gone    | update django_celery_beat_periodictask set name = concat('x', name) where name not like 'celery%' \
          | update django_celery_beat_periodictask set name = substr(name, 2) where name like 'x%'
          """)
  void a_defect_of_the_database_is_one_error(String id, String what, String sql, String undo) {
    database.run(sql);
    try {
      var run = check(Map.of());

      assertEquals(List.of(id), run.ids("error", "fatal"), what);
      assertEquals(List.of(), run.ids("warn"), what);
      run.outcome().exits(1);
    } finally {
      database.run(undo);
    }
  }

  @ParameterizedTest(name = "{0}: {1}={2}", quoteTextArguments = false)
  @CsvSource({
    "VB002, DJANGO_SECRET_KEY, your-secret-key-here-change-this",
    "VB008, DJANGO_API_KEY_DIGEST_KEY, your-digest-key-here-change-this",
    "VB003, DJANGO_ALLOWED_HOSTS, *",
    "PDV014, DJANGO_ALLOWED_HOSTS, validibot.acme.test",
    "PDV012, DJANGO_ADMIN_URL, back-office-4711",
    "VB005, DJANGO_ADMIN_URL, admin/",
    "PDV003, DJANGO_MFA_ENCRYPTION_KEY, replace-with-a-fernet-key",
    "PDV003, DEPLOYMENT_TARGET, nowhere",
    "PDV011, DJANGO_CSRF_TRUSTED_ORIGINS, validibot.acme.test",
    "VB711, VALIDATOR_BACKEND_IMAGE_POLICY, newest"
  })
  void a_defect_of_the_settings_is_one_error(String id, String name, String value) {
    var run = check(Map.of(name, value));

    assertEquals(List.of(id), run.ids("error", "fatal"));
    run.outcome().exits(1);
  }

  @Test
  void a_stopped_service_is_one_error() {
    stack.docker("stop", "scheduler");
    try {
      var run = check(Map.of());

      assertEquals(List.of("PDV301"), run.ids("error", "fatal"));
      assertTrue(run.message("PDV301").contains("scheduler"));
    } finally {
      stack.docker("start", "scheduler");
    }
  }

  @ParameterizedTest
  @CsvSource({"postgres, VB101", "redis, VB501"})
  void a_stopped_dependency_is_one_error(String service, String id) {
    stack.docker("stop", service);
    try {
      var run = check(Map.of());

      assertEquals(List.of(id), run.ids("error", "fatal"));
      assertTrue(run.message(id).contains(stack.container(service)));
    } finally {
      stack.docker("start", service);
    }
  }

  @Test
  void a_service_that_somebody_stopped_follows_from_nothing() {
    stack.docker("stop", "redis");
    stack.docker("stop", "scheduler");
    try {
      assertEquals(List.of("PDV301", "VB501"), check(Map.of()).ids("error", "fatal"));
    } finally {
      stack.docker("start", "redis");
      stack.docker("start", "scheduler");
    }
  }

  @Test
  void what_needs_a_waived_check_is_no_error_in_its_place() {
    stack.docker("stop", "postgres");
    try {
      var run = stack.check(folder, "--skip", "VB320,VB101");

      assertEquals(List.of(), run.ids("error", "fatal"));
      assertTrue(run.message("PDV104").contains("VB101"), run.message("PDV104"));
    } finally {
      stack.docker("start", "postgres");
    }
  }

  @Test
  void a_locked_table_is_one_error() throws Exception {
    try (var session = database.session();
        var statement = session.createStatement()) {
      session.setAutoCommit(false);
      statement.execute("lock table django_site in access exclusive mode");

      var run = check(Map.of());

      assertEquals(List.of("VB800"), run.ids("error", "fatal"));
      assertTrue(run.message("VB800").contains("locked"));
      session.rollback();
    }
  }

  @Test
  void a_database_that_takes_no_writes_is_one_error() {
    var set = "alter database " + database.name();
    database.run(set + " set default_transaction_read_only = on");
    try {
      assertEquals(List.of("PDV105"), check(Map.of()).ids("error", "fatal"));
    } finally {
      database.run(
          "set default_transaction_read_only = off", set + " reset default_transaction_read_only");
    }
  }

  @Test
  void another_password_is_no_other_deployment() {
    var run = check(Map.of("REDIS_URL", "redis://:canary-wrong@redis:6379/0"));

    assertEquals(List.of("VB501"), run.ids("error", "fatal"));
    assertEquals("ok", run.status("PDV001"));
  }

  @Test
  void no_secret_of_the_stack_is_told() {
    var shell =
        stack.check(
            Map.of("DJANGO_SECRET_KEY", "canary-short"), folder, "--verbose", "--skip", "VB320");

    for (var output : List.of(shell.outcome().out(), shell.outcome().err())) {
      assertFalse(output.contains("canary"), output);
    }
  }

  @AfterAll
  void stop() throws Exception {
    if (celery != null) {
      celery.close();
    }
    if (stack != null) {
      stack.close();
    }
    if (redis != null) {
      redis.close();
    }
  }
}
