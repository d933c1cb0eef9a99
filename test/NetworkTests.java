package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Host names of a stack's settings, which its containers see otherwise than this machine does. */
class NetworkTests {

  private static final String NOBODY = "nameserver 127.0.0.1";
  private static final String NO_DNS =
      "echo " + NOBODY + " > /etc/resolv.conf; exec tail -f /dev/null";

  @TempDir private Path folder;

  private static ComposeStack stack(RedisServer redis, String host) {
    return new ComposeStack()
        .with(
            "REDIS_URL", "redis://:%s@%s:%d/0".formatted(RedisServer.PASSWORD, host, redis.port()));
  }

  private DoctorRun check(ComposeStack stack) {
    return stack.check(folder, "--only", "VB501,VB502");
  }

  private static void isGood(DoctorRun run) {
    assertEquals(List.of("VB501", "VB502"), run.ids("ok"), run.outcome().out());
  }

  private static void isTold(DoctorRun run, String status, String message) {
    assertEquals(status, run.status("VB501"), run.message("VB501"));
    assertTrue(run.message("VB501").contains(message), run.message("VB501"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]"})
  void a_loopback_host_is_the_container_itself(String host) {
    try (var redis = RedisServer.start();
        var stack = stack(redis, host).start()) {
      isTold(check(stack), "error", "-web-1 is the container itself");
    }
  }

  @Test
  void a_database_and_a_mail_server_on_loopback_are_told_too() {
    try (var stack =
        new ComposeStack()
            .with("POSTGRES_HOST", "localhost")
            .with("POSTMARK_SERVER_TOKEN", "")
            .with("EMAIL_HOST", "localhost")
            .with("EMAIL_PORT", "2525")
            .start()) {
      var run = stack.check(folder, "--only", "VB101,VB603");

      assertEquals(List.of("VB101", "VB603"), run.ids("error"));
      assertTrue(run.message("VB101").contains("is the container itself"), run.message("VB101"));
      assertTrue(run.message("VB603").contains("is the container itself"), run.message("VB603"));
      var hint = run.check("VB603").get("fix_hint").getAsString();
      assertTrue(hint.contains("host.docker.internal:host-gateway"), hint);
    }
  }

  @Test
  void loopback_of_a_container_on_the_hosts_network_is_this_machine() {
    try (var redis = RedisServer.start();
        var stack = stack(redis, "localhost").network("web", "host").option("web").start()) {
      isGood(check(stack));
    }
  }

  @Test
  void loopback_that_containers_share_is_not_judged() {
    try (var redis = RedisServer.start();
        var stack = stack(redis, "localhost").command("web", "exec tail -f /dev/null")) {
      stack.network("scheduler", "container:" + stack.container("web")).start();

      isTold(check(stack), "skipped", "shares its network with another");
    }
  }

  @Test
  void a_container_is_found_by_its_own_name_and_by_its_aliases() {
    try (var redis = RedisServer.start()) {
      for (var host : List.of("the-cache", "")) {
        var stack =
            new ComposeStack()
                .relay("redis", 6379, redis.port())
                .option("redis", "--network-alias=the-cache");
        var name = host.isEmpty() ? stack.container("redis") : host;
        stack.with("REDIS_URL", "redis://:%s@%s/0".formatted(RedisServer.PASSWORD, name));
        try (stack) {
          isGood(check(stack.start()));
        }
      }
    }
  }

  @Test
  void this_machine_is_where_the_containers_say_that_it_is() {
    try (var redis = RedisServer.start();
        var stack =
            stack(redis, "host.docker.internal")
                .option("web", "--add-host=host.docker.internal:host-gateway")
                .start()) {
      isGood(check(stack));
    }
  }

  @Test
  void a_name_that_only_containers_know_and_means_themselves_is_told() {
    try (var redis = RedisServer.start();
        var stack =
            stack(redis, "redis.invalid").option("web", "--add-host=redis.invalid:127.0.0.1")) {
      isTold(check(stack.start()), "error", "redis.invalid in the container");
    }
  }

  @Test
  void a_name_that_no_container_knows_is_told() {
    try (var redis = RedisServer.start();
        var stack = stack(redis, "redis.invalid").command("web", NO_DNS).start()) {
      stack.await(() -> stack.shell("web", "cat /etc/resolv.conf").equals(NOBODY), "no DNS");

      isTold(check(stack), "error", "does not know the name redis.invalid");
    }
  }

  @Test
  void a_name_that_a_stopped_container_may_know_is_not_judged() {
    try (var redis = RedisServer.start();
        var stack =
            stack(redis, "host.docker.internal")
                .option("web", "--add-host=host.docker.internal:host-gateway")
                .start()
                .docker("kill", "web")) {
      isTold(check(stack), "skipped", "Only the containers know where host.docker.internal is");
    }
  }
}
