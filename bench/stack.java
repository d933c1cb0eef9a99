///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Start a healthy Compose stack for the benchmarks, and keep it until standard input ends
//MAIN test.BenchStack
//SOURCES ../test/run_tests.java

package test;

/**
 * Prints the environment in which the doctor finds a stack, its arguments, and then an empty line.
 * The stack is that of the tests; it needs what they need, root included.
 */
final class BenchStack {

  public static void main(String... args) throws Exception {
    var database = Postgres.seeded();
    var redis = RedisServer.start();
    try (var stack =
        new ComposeStack()
            .database(database)
            .with("REDIS_URL", "redis://:" + RedisServer.PASSWORD + "@redis:6379/0")
            .relay("redis", 6379, redis.port())
            .start()) {
      var celery = new Celery();
      celery.beat(database);
      celery.idleWorker(redis, 0);
      System.out.println("DOCKER_HOST=" + ContainerEngine.shared().address());
      System.out.println("PROJECT=" + stack.project());
      System.out.println();
      System.in.readAllBytes();
    }
    System.exit(0);
  }
}
