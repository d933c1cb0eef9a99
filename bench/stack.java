///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Start a healthy Compose stack for the benchmarks, and keep it until standard input ends
//MAIN test.BenchStack
//SOURCES ../test/run_tests.java

package test;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Prints the environment in which the doctor finds a stack, its arguments, and then an empty line.
 * The stack is that of the tests; it needs what they need, root included.
 */
final class BenchStack {

  public static void main(String... args) throws Exception {
    var database = Postgres.seeded();
    var redis = RedisServer.start();
    var stack =
        new ComposeStack()
            .database(database)
            .with("REDIS_URL", "redis://:" + RedisServer.PASSWORD + "@redis:6379/0");
    relay(stack, "postgres", 5432, database.port());
    relay(stack, "redis", 6379, redis.port());
    try (stack) {
      stack.start();
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

  /** Put a real server of this machine into the stack, by this machine's Python. */
  private static void relay(ComposeStack stack, String service, int port, int toPort) {
    for (var folder : new String[] {"/usr", "/lib", "/lib64"}) {
      if (Files.exists(Path.of(folder))) {
        stack.option(service, "--volume=" + folder + ":" + folder + ":ro");
      }
    }
    var relay = Shell.REPO.resolve("bench/relay.py");
    stack
        .option(service, "--volume=" + relay + ":/relay.py:ro")
        .command(
            service,
            "gateway=$(ip route | awk '/default/ { print $3 }');"
                + " exec /usr/bin/python3 /relay.py %d $gateway %d".formatted(port, toPort));
  }
}
