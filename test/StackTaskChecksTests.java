package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cache, broker, Beat and workers of a Compose stack, in real containers. */
class StackTaskChecksTests {

  private static final List<String> TASKS =
      List.of(
          "cleanup_callback_receipts",
          "cleanup_idempotency_keys",
          "cleanup_orphaned_containers",
          "cleanup_stuck_runs",
          "clear_sessions",
          "enforce_audit_retention",
          "process_purge_retries",
          "purge_expired_outputs",
          "purge_expired_submissions");

  @TempDir private Path folder;

  private static ComposeStack stack(RedisServer redis, Postgres.Database database) {
    return new ComposeStack()
        .database(database)
        .relay("redis", 6379, redis.port())
        .with("REDIS_URL", "redis://:" + RedisServer.PASSWORD + "@redis:6379/2");
  }

  private static String workerThatKnows(List<String> tasks) {
    var script = new StringBuilder("printf '%s\\n' ' -------------- celery@x v5.6.3' '[tasks]'");
    tasks.forEach(it -> script.append(" '  . validibot.").append(it).append('\''));
    return script + " '' 'Connected to redis'; exec tail -f /dev/null";
  }

  private static void onlyBad(DoctorRun run, String... ids) {
    assertEquals(List.of(ids), run.ids("error", "warn", "fatal"));
  }

  @Test
  void a_redis_with_the_name_of_a_service_is_its_container() {
    var database = Postgres.seeded();
    try (var redis = RedisServer.start();
        var celery = new Celery();
        var stack = stack(redis, database).start()) {
      celery.beat(database);
      celery.idleWorker(redis, 2);

      var run = stack.check(folder, "--only", "cache,VB401,PDV402,PDV403,PDV404,PDV405,PDV406");

      onlyBad(run);
      assertEquals(List.of(), run.ids("skipped"));
      assertTrue(run.message("VB501").contains("redis:6379/2"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_worker_tells_which_tasks_it_knows() {
    var database = Postgres.seeded();
    try (var redis = RedisServer.start();
        var stack = stack(redis, database).command("worker", workerThatKnows(TASKS)).start()) {
      var run = stack.check(folder, "--only", "PDV401");

      onlyBad(run);
      assertEquals("info", run.status("PDV401"));
      assertTrue(run.message("PDV401").contains("known defect"));
    }
  }

  @Test
  void a_task_that_the_worker_does_not_know_is_told() {
    var database = Postgres.seeded();
    try (var redis = RedisServer.start();
        var stack =
            stack(redis, database)
                .command("worker", workerThatKnows(TASKS.subList(0, 8)))
                .start()) {
      var run = stack.check(folder, "--only", "PDV401");

      onlyBad(run, "PDV401");
      assertTrue(run.message("PDV401").contains("validibot.purge_expired_submissions"));
    }
  }

  @Test
  void a_worker_that_logs_to_nowhere_is_not_judged() {
    try (var redis = RedisServer.start();
        var stack =
            stack(redis, Postgres.seeded())
                .option("worker", "--log-driver", "none")
                .command("worker", workerThatKnows(TASKS))
                .start()) {
      var run = stack.check(folder, "--only", "PDV401");

      onlyBad(run);
      assertEquals("skipped", run.status("PDV401"));
      assertTrue(
          run.message("PDV401").contains("-worker-1 cannot be read: the engine answered 501"));
    }
  }

  @Test
  void a_row_that_calls_an_unknown_task_in_place_of_validibots_is_one_error() {
    var database =
        Postgres.seeded()
            .run(
                "update django_celery_beat_periodictask set task = 'validibot.clear_session'"
                    + " where name = 'Clear Sessions'");
    try (var redis = RedisServer.start();
        var stack = stack(redis, database).command("worker", workerThatKnows(TASKS)).start()) {
      var run = stack.check(folder, "--only", "VB402,PDV401");

      onlyBad(run, "VB402");
      assertEquals("info", run.status("PDV401"));
    }
  }

  /**
   * Validibot's own worker takes as many tasks as it can do; options of its command are stronger.
   */
  @ParameterizedTest
  @CsvSource({
    "--concurrency=1, ok",
    "--concurrency=1 --prefetch-multiplier=3, ok",
    "-c 1 --prefetch-multiplier 2, warn",
    "--autoscale=4 --prefetch-multiplier=2, info"
  })
  void what_a_worker_may_take_ahead_is_known_by_its_command(String options, String status) {
    var taken = options.equals("--concurrency=1") ? 1 : 3;
    try (var redis = RedisServer.start();
        var celery = new Celery();
        var client = redis.client(2);
        var stack = stack(redis, Postgres.seeded()).command("worker", worker(options)).start()) {
      celery.busyWorker(redis, 2, 1, name(stack));
      for (var i = 0; i < taken; i++) {
        client.hset("unacked", "" + i, "[{\"headers\": {\"task\": \"validibot.run\"}}, \"\"]");
        client.zadd("unacked_index", Instant.now().getEpochSecond() - 600, "" + i);
      }

      var run = stack.check(folder, "--only", "PDV406");

      assertEquals(status, run.status("PDV406"), run.message("PDV406"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"-Q other, other only", "'--queues=heavy,light', 'heavy, light only'"})
  void a_worker_that_takes_from_other_queues_only_is_told(String options, String message)
      throws Exception {
    try (var redis = RedisServer.start();
        var celery = new Celery();
        var stack = stack(redis, Postgres.seeded()).command("worker", worker(options)).start()) {
      celery.idleWorker(redis, 2);
      celery.busyWorker(redis, 2, 0, name(stack));

      var run = stack.check(folder, "--only", "PDV404,PDV405");

      onlyBad(run, "PDV404");
      assertTrue(run.message("PDV404").contains("-worker-1 takes from " + message));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Q other,celery", "-Q other --queues celery", "-Q $QUEUES", "-Q a$B"})
  void a_worker_that_may_take_from_celerys_queue_is_good(String options) throws Exception {
    try (var redis = RedisServer.start();
        var celery = new Celery();
        var stack = stack(redis, Postgres.seeded()).command("worker", worker(options)).start()) {
      celery.idleWorker(redis, 2);

      onlyBad(stack.check(folder, "--only", "PDV404"));
    }
  }

  @Test
  void a_worker_outside_the_stack_may_take_from_celerys_queue() throws Exception {
    try (var redis = RedisServer.start();
        var celery = new Celery();
        var stack = stack(redis, Postgres.seeded()).command("worker", worker("-Q a")).start()) {
      celery.busyWorker(redis, 2, 0, name(stack));
      celery.busyWorker(redis, 2, 0, "celery@elsewhere");

      onlyBad(stack.check(folder, "--only", "PDV404"));
    }
  }

  private static String worker(String options) {
    return ": celery -A config worker " + options + "; exec tail -f /dev/null";
  }

  private static String name(ComposeStack stack) {
    return "celery@" + stack.inspect("worker", "{{.Id}}").substring(0, 12);
  }

  @Test
  void a_worker_that_says_nothing_may_have_what_seems_forgotten() {
    try (var redis = RedisServer.start();
        var celery = new Celery();
        var client = redis.client(2);
        var stack = stack(redis, Postgres.seeded()).start()) {
      celery.busyWorker(redis, 2, 0);
      client.hset("unacked", "1", "[{\"headers\": {\"task\": \"validibot.run\"}}, \"\"]");
      client.zadd("unacked_index", Instant.now().getEpochSecond() - 600, "1");

      var run = stack.check(folder, "--only", "PDV406");

      assertEquals("skipped", run.status("PDV406"), run.message("PDV406"));
      assertTrue(run.message("PDV406").contains("did not tell"), run.message("PDV406"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void nothing_is_said_of_what_has_just_started() {
    try (var redis = RedisServer.start();
        var stack = stack(redis, Postgres.seeded()).start()) {
      var run = stack.check(folder, "--only", "PDV402,PDV404");

      onlyBad(run);
      assertTrue(run.message("PDV402").contains("started less than 30 s ago"));
      assertTrue(run.message("PDV404").contains("started less than a minute ago"));
    }
  }

  @Test
  void containers_that_do_not_run_are_for_the_docker_group_to_tell() {
    try (var redis = RedisServer.start();
        var stack = stack(redis, Postgres.seeded()).start()) {
      stack.docker("pause", "scheduler").docker("stop", "worker");

      var run = stack.check(folder, "--only", "PDV402,PDV403,PDV404,PDV405,PDV406");

      onlyBad(run);
      assertTrue(run.message("PDV403").contains("is paused, which PDV301 tells"));
      assertTrue(run.message("PDV406").contains("is exited, which PDV301 tells"));
    }
  }

  @Test
  void a_redis_that_is_paused_is_one_error() {
    try (var redis = RedisServer.start();
        var stack = stack(redis, Postgres.seeded()).start()) {
      stack.docker("pause", "redis");

      var run = stack.check(folder, "--only", "cache,tasks");

      onlyBad(run, "VB501");
      assertTrue(run.message("VB501").contains("is paused"));
    }
  }

  @Test
  void a_stack_without_a_broker_is_told() {
    var database =
        Postgres.seeded()
            .run("create table django_cache (cache_key text, value text, expires timestamptz)");
    try (var stack = new ComposeStack().database(database).start()) {
      var run = stack.check(folder, "--only", "cache,tasks");

      onlyBad(run, "VB401");
      assertTrue(run.message("VB401").contains("REDIS_URL is not set"));
    }
  }

  @Test
  void the_cache_table_is_made_by_the_app_itself() {
    var entrypoint =
        "printf '%s\\n' '#!/bin/sh' 'echo \"$@\" >> /tmp/called' 'echo no psycopg here; exit 3'"
            + " > /entrypoint; chmod +x /entrypoint; exec tail -f /dev/null";
    try (var stack =
        new ComposeStack().database(Postgres.seeded()).command("web", entrypoint).start()) {
      stack.await(() -> stack.shell("web", "ls /").contains("entrypoint"), "an entrypoint");

      var run = stack.check(folder, "--only", "cache", "--fix");

      onlyBad(run, "VB501");
      assertTrue(
          run.message("VB501").contains("createcachetable ended with 3: no psycopg here"),
          run.message("VB501"));
      assertEquals("python manage.py createcachetable", stack.shell("web", "cat /tmp/called"));
    }
  }
}
