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

/** Broker, Beat, workers and queue, with a real Redis and a real database. */
class TaskChecksTests {

  /** A Redis that started just now excuses much; a user who may not ask it for its age does not. */
  private static final String[] CANNOT_TELL_ITS_AGE = {"~*", "&*", "+@all", "-info"};

  @TempDir private Path folder;

  private DoctorRun check(String databaseUrl, String redisUrl, String only) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", databaseUrl);
    settings.put("REDIS_URL", redisUrl);
    var run = DoctorRun.with(settings, folder, "--only", only);
    run.outcome().outLacks(RedisServer.PASSWORD).outLacks(Postgres.PASSWORD);
    return run;
  }

  @Test
  void a_beat_that_has_just_switched_a_row_off_is_waited_for() throws Exception {
    var database = Postgres.seeded();
    try (var redis = RedisServer.start();
        var celery = new Celery()) {
      celery.beatAfterAnUpdate(database, 7);

      var run = check(database.url(), redis.url(2), "PDV402");

      assertEquals("ok", run.status("PDV402"), run.message("PDV402"));
    }
  }

  private DoctorRun check(RedisServer redis, String only) {
    return check("postgres://127.0.0.1:1/none", redis.url(2), only);
  }

  private static void only(String status, DoctorRun run, String id, String message) {
    assertEquals(List.of(id), run.ids("error", "warn", "fatal"));
    assertEquals(status, run.status(id), run.message(id));
    assertTrue(run.message(id).contains(message), run.message(id));
  }

  private static String task(String name, String eta) {
    return "{\"body\": \"W10=\", \"headers\": {\"task\": \"%s\", \"eta\": %s}}"
        .formatted(name, eta);
  }

  /** Leave a task as a worker does that has taken it. */
  private static void taken(RedisServer redis, String tag, String eta, int secondsAgo) {
    try (var client = redis.client(2)) {
      client.hset("unacked", tag, "[" + task("validibot.run", eta) + ", \"\", \"celery\"]");
      client.zadd("unacked_index", Instant.now().getEpochSecond() - secondsAgo, tag);
    }
  }

  @Test
  void all_is_good_where_one_beat_and_one_worker_live() throws Exception {
    var database = Postgres.seeded();
    try (var redis = RedisServer.start();
        var celery = new Celery()) {
      celery.beat(database);
      celery.idleWorker(redis, 2);
      var run = check(database.url(), redis.url(2), "tasks");

      assertEquals(0, run.outcome().exit());
      assertEquals(List.of(), run.ids("error", "warn", "fatal", "skipped"));
    }
  }

  @Test
  void a_broker_that_is_down_is_one_error_and_all_else_is_not_judged() throws Exception {
    var nobody = "redis://127.0.0.1:" + Ports.free() + "/0";

    var run = check(Postgres.seeded().url(), nobody, "tasks");

    only("error", run, "VB501", "connection refused");
    assertEquals(
        List.of("PDV402", "PDV403", "PDV404", "PDV405", "PDV406", "PDV408", "VB401", "VB502"),
        run.ids("skipped"));
  }

  @Test
  void an_access_list_that_keeps_all_away_is_one_error() throws Exception {
    try (var redis = RedisServer.start()) {
      var url = redis.url("app", 2, "~another:*", "&*", "+@all");

      only("error", check(Postgres.seeded().url(), url, "cache,tasks"), "VB502", "access list");
    }
  }

  @Test
  void an_access_list_that_keeps_celery_away_is_the_brokers_error() throws Exception {
    try (var redis = RedisServer.start()) {
      var url = redis.url("app", 2, "~:1:*", "&*", "+@all");

      only("error", check(Postgres.seeded().url(), url, "cache,tasks"), "VB401", "access list");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, allkeys-lru, ok",
    "50mb, allkeys-lru, warn",
    "50mb, allkeys-random, warn",
    "50mb, volatile-lru, ok",
    "50mb, noeviction, ok"
  })
  void a_redis_that_may_drop_tasks_is_told(String limit, String policy, String status) {
    try (var redis = RedisServer.start("--maxmemory", limit, "--maxmemory-policy", policy)) {
      var run = check(redis, "PDV408");

      assertEquals(status, run.status("PDV408"), run.message("PDV408"));
      assertEquals("ok", run.status("VB401"));
    }
  }

  @Test
  void a_redis_that_has_dropped_keys_is_an_error() {
    try (var redis = RedisServer.start("--maxmemory", "5mb", "--maxmemory-policy", "allkeys-lru");
        var client = redis.client(2)) {
      for (var i = 0; i < 100; i++) {
        client.set("page" + i, "x".repeat(100_000));
      }

      only("error", check(redis, "PDV408"), "PDV408", "and it has dropped");
    }
  }

  @Test
  void a_redis_that_is_full_and_only_the_broker_is_an_error() {
    try (var redis = RedisServer.start("--maxmemory", "1")) {
      var settings = DoctorRun.goodSettings();
      settings.put("DEPLOYMENT_TARGET", "local_docker_compose");
      settings.put("REDIS_URL", redis.url(2));

      only("error", DoctorRun.with(settings, folder, "--only", "PDV408"), "PDV408", "all of it");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"access list", "renamed"})
  void a_redis_that_may_not_be_asked_for_its_memory_is_not_judged(String how) {
    var renamed = how.equals("renamed");
    try (var redis =
        renamed ? RedisServer.start("--rename-command", "INFO", "") : RedisServer.start()) {
      var url = renamed ? redis.url(2) : redis.url("app", 2, CANNOT_TELL_ITS_AGE);

      var run = check("postgres://127.0.0.1:1/none", url, "PDV404,PDV408");

      only("error", run, "PDV404", "no worker");
      assertEquals("skipped", run.status("PDV408"), run.message("PDV408"));
    }
  }

  @Test
  void a_local_target_has_a_broker_though_its_cache_is_memory() throws Exception {
    var settings = DoctorRun.goodSettings();
    settings.put("DEPLOYMENT_TARGET", "local_docker_compose");
    settings.put("REDIS_URL", "redis://127.0.0.1:" + Ports.free() + "/0");

    only("error", DoctorRun.with(settings, folder, "--only", "VB401"), "VB401", "refused");
  }

  @Test
  void on_google_cloud_there_is_nothing_to_ask() throws Exception {
    var settings = DoctorRun.goodSettings();
    settings.put("DEPLOYMENT_TARGET", "gcp");
    settings.put("DATABASE_URL", Postgres.seeded().url());

    var run = DoctorRun.with(settings, folder, "--only", "tasks");

    assertEquals(
        List.of("PDV104", "PDV800", "VB101"), run.ids("ok", "info", "warn", "error", "fatal"));
    assertTrue(run.message("PDV404").startsWith("On Google Cloud there is no Celery"));
  }

  @Test
  void a_beat_that_is_not_there_is_missed() throws Exception {
    var database = Postgres.seeded();
    try (var redis = RedisServer.start()) {
      var run = check(database.url(), redis.url("app", 2, CANNOT_TELL_ITS_AGE), "PDV402,PDV403");

      only("error", run, "PDV402", "no Beat asks for the schedule");
    }
  }

  @Test
  void a_beat_that_stopped_to_look_is_told() throws Exception {
    var database = Postgres.seeded();
    try (var redis = RedisServer.start();
        var celery = new Celery()) {
      celery.pausedBeat(database, 11);
      var run = check(database.url(), redis.url("app", 2, CANNOT_TELL_ITS_AGE), "PDV402,PDV403");

      only("error", run, "PDV402", "it is connected, but last looked");
    }
  }

  @Test
  void two_beats_are_one_too_many() throws Exception {
    var database = Postgres.seeded();
    try (var redis = RedisServer.start();
        var celery = new Celery()) {
      celery.beat(database);
      celery.beat(database);
      var run = check(database.url(), redis.url(2), "PDV402,PDV403");

      only("error", run, "PDV403", "2 ask for the schedule: 127.0.0.1, 127.0.0.1");
    }
  }

  @Test
  void where_sessions_are_hidden_the_last_runs_tell() throws Exception {
    var database = Postgres.seeded();
    var reader = "reader_of_" + database.name();
    database.run(
        "update django_celery_beat_periodictask set last_run_at = now() - interval '4 minutes'",
        "create role " + reader + " login password '" + Postgres.PASSWORD + "'",
        "grant select on all tables in schema public to " + reader);
    var url = database.url().replace("//" + Postgres.USER, "//" + reader);
    try (var redis = RedisServer.start();
        var celery = new Celery()) {
      celery.beat(database);
      var redisUrl = redis.url("app", 2, CANNOT_TELL_ITS_AGE);
      var good = check(url, redisUrl, "PDV402");
      database.run(
          "update django_celery_beat_periodictask set last_run_at = now() - interval '3 days'");
      var late = check(url, redisUrl, "PDV402");

      assertEquals(List.of(), good.ids("error", "warn", "fatal", "skipped"));
      assertTrue(good.message("PDV402").contains("last ran 4 minutes ago"), good.message("PDV402"));
      only("error", late, "PDV402", "last ran 4320 minutes ago");
    }
  }

  @Test
  void a_worker_that_is_not_there_is_missed_with_what_waits_for_it() throws Exception {
    try (var redis = RedisServer.start();
        var client = redis.client(2)) {
      client.lpush("celery", task("validibot.run", "null"));
      var url = redis.url("app", 2, CANNOT_TELL_ITS_AGE);

      var run = check("postgres://127.0.0.1:1/none", url, "PDV404,PDV405,PDV406");

      only("error", run, "PDV404", "Waiting now: 1.");
    }
  }

  @Test
  void nothing_is_said_of_workers_while_redis_is_young() throws Exception {
    try (var redis = RedisServer.start()) {
      var run = check(redis, "PDV404,PDV405,PDV406");

      assertEquals(List.of(), run.ids("error", "warn", "fatal"));
      assertTrue(run.message("PDV404").contains("less than a minute ago"));
    }
  }

  @Test
  void a_busy_worker_is_known_by_its_heartbeats() throws Exception {
    try (var redis = RedisServer.start();
        var celery = new Celery()) {
      celery.busyWorker(redis, 2, 1);
      taken(redis, "1", "null", 600);
      taken(redis, "2", "\"2027-01-01T00:00:00+00:00\"", 700);

      var run = check(redis, "PDV404,PDV405,PDV406");

      assertEquals(List.of(), run.ids("error", "warn", "fatal", "skipped"));
      assertTrue(run.message("PDV404").contains("celery@0123456789ab sends heartbeats"));
    }
  }

  @Test
  void a_worker_of_another_database_does_not_count() throws Exception {
    try (var redis = RedisServer.start();
        var celery = new Celery()) {
      celery.idleWorker(redis, 5);
      celery.busyWorker(redis, 6, 1);
      var url = redis.url("app", 2, CANNOT_TELL_ITS_AGE);

      only("error", check("postgres://127.0.0.1:1/none", url, "PDV404"), "PDV404", "no worker");
    }
  }

  @Test
  void what_an_access_list_forbids_is_not_judged() throws Exception {
    try (var redis = RedisServer.start()) {
      var url = redis.url("app", 2, "~*", "resetchannels", "+@all", "-@dangerous");

      var run = check("postgres://127.0.0.1:1/none", url, "PDV404");

      assertEquals(List.of(), run.ids("error", "warn", "fatal"));
      assertTrue(run.message("PDV404").contains("access list (ACL)"));
    }
  }

  @Test
  void a_long_queue_is_a_warning_whatever_the_priorities() throws Exception {
    try (var redis = RedisServer.start();
        var celery = new Celery();
        var client = redis.client(2)) {
      celery.busyWorker(redis, 2, 1);
      for (var i = 0; i < 60; i++) {
        client.lpush("celery", task("validibot.run_" + i, "null"));
        client.lpush("celery\u0006\u00166", task("validibot.late", "null"));
      }

      var run = check(redis, "PDV405,PDV406");

      only("warn", run, "PDV405", "120 waiting, the oldest is validibot.run_0");
    }
  }

  @Test
  void a_real_worker_that_takes_from_another_queue_is_told_by_what_waits() {
    try (var redis = RedisServer.start();
        var client = redis.client(2);
        var worker = CeleryWorker.start(redis, 2, folder, 1, "other")) {
      worker.beats(redis, 2);
      client.lpush("celery", task("validibot.run", "null"));
      var url = redis.url("app", 2, CANNOT_TELL_ITS_AGE);
      var run = check("postgres://127.0.0.1:1/none", url, "PDV404,PDV405,PDV406");

      only("error", run, "PDV405", "none takes from the queue celery");
      assertEquals("ok", run.status("PDV404"), run.message("PDV404"));
      assertEquals("ok", check(redis, "PDV405").status("PDV405")); // Redis is young
      var settings = DoctorRun.goodSettings();
      settings.put("REDIS_URL", url);
      var hasty = DoctorRun.with(settings, folder, "--only", "PDV405", "--timeout", "2");
      assertEquals("ok", hasty.status("PDV405"), hasty.message("PDV405"));
    }
  }

  @Test
  void an_idle_worker_that_keeps_a_task_for_later_is_no_trouble() throws Exception {
    try (var redis = RedisServer.start();
        var celery = new Celery();
        var client = redis.client(2)) {
      celery.busyWorker(redis, 2, 0);
      taken(redis, "1", "\"2027-01-01T00:00:00+00:00\"", 700);
      client.lpush("celery", task("validibot.run", "null"));
      var url = redis.url("app", 2, CANNOT_TELL_ITS_AGE);

      assertEquals("ok", check("postgres://127.0.0.1:1/none", url, "PDV405").status("PDV405"));
    }
  }

  @Test
  void workers_that_are_done_before_they_say_so_are_no_trouble() throws Exception {
    try (var redis = RedisServer.start();
        var celery = new Celery();
        var client = redis.client(2)) {
      celery.busyWorker(redis, 2, 0);
      for (var i = 0; i < 90; i++) {
        client.lpush("celery", task("validibot.run_" + i, "null"));
      }
      var url = redis.url("app", 2, CANNOT_TELL_ITS_AGE);
      celery.takesOneEvery(redis, 2, 500);

      assertEquals("ok", check("postgres://127.0.0.1:1/none", url, "PDV405").status("PDV405"));
    }
  }

  @Test
  void a_task_that_no_worker_has_in_hand_is_an_orphan() throws Exception {
    try (var redis = RedisServer.start();
        var celery = new Celery()) {
      celery.busyWorker(redis, 2, 0);
      taken(redis, "1", "null", 600);
      taken(redis, "2", "null", 5);

      only("warn", check(redis, "PDV405,PDV406"), "PDV406", "2 taken, 0 in hand; the oldest is");
    }
  }

  @Test
  void what_a_real_worker_took_ahead_is_no_orphan_until_it_ends() throws Exception {
    try (var redis = RedisServer.start();
        var client = redis.client(2)) {
      try (var worker = CeleryWorker.start(redis, 2, folder, 4)) {
        worker.takes(client, 5, 4);
        worker.beats(redis, 2);

        var run = check(redis, "PDV404,PDV405,PDV406");

        assertEquals(List.of(), run.ids("error", "warn", "fatal", "skipped"));
        assertEquals("info", run.status("PDV406"), run.message("PDV406"));
        assertTrue(run.message("PDV406").startsWith("4 taken, 1 in hand"));
      }
      client.del("celery"); // or else the next worker has something to do
      try (var next = CeleryWorker.start(redis, 2, folder, 1)) {
        next.beats(redis, 2);

        only("warn", check(redis, "PDV406"), "PDV406", "4 taken, 0 in hand; the oldest is");
      }
    }
  }
}
