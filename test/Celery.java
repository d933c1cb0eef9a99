package test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What a Beat and a worker of Celery do that can be seen from outside: their very queries and
 * commands, to a real database and a real Redis (compose.md section 4). Closing it ends them all.
 */
final class Celery implements AutoCloseable {

  /** The query of Beat's that is looked for, as Django writes it. */
  private static final String LOOK =
      "SELECT \"django_celery_beat_periodictasks\".\"ident\","
          + " \"django_celery_beat_periodictasks\".\"last_update\""
          + " FROM \"django_celery_beat_periodictasks\""
          + " WHERE \"django_celery_beat_periodictasks\".\"ident\" = 1";

  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(4, Celery::thread);
  private final List<Connected> connections = new ArrayList<>();

  /** Something to be left at the end. */
  private interface Connected {
    void leave() throws IOException, SQLException;
  }

  /** Have a Beat that lives: it looks at its schedule again and again. */
  void beat(Postgres.Database database) {
    var session = session(database);
    var began = new CountDownLatch(1);
    clock.scheduleWithFixedDelay(() -> look(session, began), 0, 500, TimeUnit.MILLISECONDS);
    await(began);
  }

  /** Have a Beat that has just switched a row off, and looks at its schedule again later. */
  void beatAfterAnUpdate(Postgres.Database database, int seconds) throws SQLException {
    var session = session(database);
    try (var statement = session.createStatement()) {
      statement.execute(
          "UPDATE \"django_celery_beat_periodictask\" SET \"enabled\" = false WHERE false");
    }
    clock.schedule(() -> look(session, new CountDownLatch(1)), seconds, TimeUnit.SECONDS);
  }

  /** Have a Beat that looked once and never again, that long ago. */
  void pausedBeat(Postgres.Database database, int seconds) throws InterruptedException {
    look(session(database), new CountDownLatch(1));
    var age =
        "select extract(epoch from clock_timestamp() - query_start)::int from pg_stat_activity"
            + " where datname = current_database() and query like '%beat_periodictasks%ident%'"
            + " and pid <> pg_backend_pid()";
    while (Integer.parseInt(database.value(age)) < seconds) {
      Thread.sleep(200);
    }
  }

  /** Have a worker that waits for tasks of a lower priority than any test sends. */
  void idleWorker(RedisServer redis, int database) {
    var client = client(redis, database);
    client.getConnection().setTimeoutInfinite();
    clock.execute(() -> client.brpop(0, "celery\u0006\u00169"));
    try (var other = redis.client(database)) {
      while (!other.clientList().contains("cmd=brpop")) {
        Thread.onSpinWait();
      }
    }
  }

  /** Have a worker that has tasks in hand, and says so with its heartbeats. */
  void busyWorker(RedisServer redis, int database, int active) {
    busyWorker(redis, database, active, "celery@0123456789ab");
  }

  /** The same, by the name of the worker. */
  void busyWorker(RedisServer redis, int database, int active, String name) {
    var client = client(redis, database);
    var channel = "/" + database + ".celeryev/worker.heartbeat";
    var began = new CountDownLatch(1);
    clock.scheduleWithFixedDelay(
        () -> publish(client, channel, beat(name, active), began), 0, 300, TimeUnit.MILLISECONDS);
    await(began);
  }

  /** Have the first task that waits taken and done. */
  void takesOneEvery(RedisServer redis, int database, int millis) {
    var client = client(redis, database);
    clock.scheduleWithFixedDelay(
        () -> client.rpop("celery"), millis, millis, TimeUnit.MILLISECONDS);
  }

  private Connection session(Postgres.Database database) {
    try {
      var session = database.session();
      connections.add(session::close);
      return session;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Jedis client(RedisServer redis, int database) {
    var client = redis.client(database);
    connections.add(() -> client.getConnection().forceDisconnect()); // it may wait for ever
    return client;
  }

  private static void look(Connection session, CountDownLatch began) {
    try (var statement = session.createStatement()) {
      statement.execute(LOOK);
      began.countDown();
    } catch (SQLException e) {
      // the test is over
    }
  }

  private static String beat(String worker, int active) {
    var body =
        "{\"hostname\": \"%s\", \"freq\": 2.0, \"active\": %d, \"processed\": 11}"
            .formatted(worker, active);
    var encoded = Base64.getEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8));
    return "{\"body\": \"" + encoded + "\", \"headers\": {}}";
  }

  private static void publish(Jedis client, String channel, String beat, CountDownLatch began) {
    try {
      client.publish(channel, beat);
      began.countDown();
    } catch (JedisException e) {
      // the test is over
    }
  }

  private static void await(CountDownLatch began) {
    try {
      if (!began.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nothing was seen of it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Thread thread(Runnable work) {
    var thread = new Thread(work, "celery");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() throws IOException, SQLException {
    clock.shutdownNow();
    for (var connection : connections) {
      connection.leave();
    }
  }
}
