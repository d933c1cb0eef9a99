package test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;

/**
 * A real worker of Celery, with the settings that Validibot gives it: a task is taken off only when
 * it is done. Closing it kills it with what it has in hand.
 */
final class CeleryWorker implements AutoCloseable {

  private static final String TASKS =
      """
      import time
      from celery import Celery

      app = Celery("config")
      app.conf.task_acks_late = True
      app.conf.worker_prefetch_multiplier = 1

      @app.task(name="validibot.run")
      def run(seconds):
          time.sleep(seconds)
      """;

  private static final String SEND = "from tasks import run; run.delay(600)";

  private final Path programs;
  private final Path folder;
  private final String broker;
  private final Process process;

  private CeleryWorker(Path programs, Path folder, String broker, Process process) {
    this.programs = programs;
    this.folder = folder;
    this.broker = broker;
    this.process = process;
  }

  /** One that takes this many tasks for the one that it can do. */
  static CeleryWorker start(RedisServer redis, int database, Path folder, int ahead) {
    return start(redis, database, folder, ahead, "celery");
  }

  /** The same, for tasks of another queue. */
  static CeleryWorker start(RedisServer redis, int database, Path folder, int ahead, String queue) {
    var programs = PythonEnvironment.with("celery[redis]==5.6.3").resolve("bin");
    try {
      Files.writeString(folder.resolve("tasks.py"), TASKS);
      var builder =
          new ProcessBuilder(
                  programs.resolve("celery").toString(),
                  "-A",
                  "tasks",
                  "worker",
                  "--concurrency=1",
                  "--prefetch-multiplier=" + ahead,
                  "--queues=" + queue)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("worker-" + ahead + ".log").toFile());
      builder.environment().put("CELERY_BROKER_URL", redis.url(database));
      return new CeleryWorker(programs, folder, redis.url(database), builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Send this many tasks, wait until so many are taken, and have that be long ago. */
  void takes(Jedis redis, int sent, int taken) throws InterruptedException {
    for (var i = 0; i < sent; i++) {
      Shell.run(programs.resolve("python").toString(), "-c", SEND)
          .in(folder)
          .with("CELERY_BROKER_URL", broker)
          .exits(0);
    }
    await(() -> redis.hlen("unacked") == taken);
    var longAgo = Instant.now().getEpochSecond() - 600;
    redis.zrange("unacked_index", 0, -1).forEach(it -> redis.zadd("unacked_index", longAgo, it));
  }

  /** Wait for its first heartbeat, which comes later than that it waits for tasks. */
  void beats(RedisServer redis, int database) {
    try (var client = redis.client(database)) {
      client.getConnection().setSoTimeout(60_000);
      client.subscribe(
          new JedisPubSub() {
            @Override
            public void onMessage(String channel, String message) {
              unsubscribe();
            }
          },
          "/" + database + ".celeryev/worker.heartbeat");
    }
  }

  private void await(BooleanSupplier state) throws InterruptedException {
    while (!state.getAsBoolean()) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the worker ended: " + folder);
      }
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
