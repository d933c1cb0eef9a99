package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import lib.engine.Container;
import lib.engine.Engine;
import lib.engine.Engine.Failure;
import org.junit.jupiter.api.Test;

/** What our client of the engine makes of a real one's answers. */
class EngineTests {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static Engine engine() {
    return engine(ContainerEngine.shared().address());
  }

  private static Engine engine(String place) {
    return Engine.at(place, TIMEOUT);
  }

  private static Container worker(ComposeStack stack) throws IOException {
    return engine().inspect(stack.container("worker"));
  }

  @Test
  void an_exec_tells_both_streams_and_how_it_ended() throws Exception {
    try (var stack = new ComposeStack().start()) {
      var done =
          engine()
              .exec(worker(stack), "django", TIMEOUT, "sh", "-c", "id -un; echo bad >&2; exit 3");

      assertEquals("django\n", done.out());
      assertEquals("bad\n", done.err());
      assertEquals(3, done.exitCode());
    }
  }

  @Test
  void an_exec_of_much_output_is_read_whole() throws Exception {
    try (var stack = new ComposeStack().start()) {
      var done = engine().exec(worker(stack), "", TIMEOUT, "seq", "1", "100000");

      assertTrue(done.out().endsWith("\n100000\n"));
      assertEquals(100_000, done.out().lines().count());
    }
  }

  @Test
  void an_exec_that_hangs_is_ended_in_the_container_too() throws Exception {
    try (var stack = new ComposeStack().start()) {
      var done = engine().exec(worker(stack), "", Duration.ofSeconds(1), "sleep", "4711");

      assertEquals(143, done.exitCode());
      assertEquals("", stack.shell("worker", "pidof sleep || true"));
    }
  }

  @Test
  void an_exec_of_what_is_not_there_is_no_success() throws Exception {
    try (var stack = new ComposeStack().start()) {
      var worker = worker(stack);

      assertEquals(127, engine().exec(worker, "", TIMEOUT, "no-such-program").exitCode());
      assertEquals(126, engine().exec(worker, "nobody-here", TIMEOUT, "true").exitCode());
    }
  }

  @Test
  void an_exec_where_nothing_runs_is_refused() throws Exception {
    try (var stack = new ComposeStack().start()) {
      var worker = worker(stack);

      stack.docker("pause", "worker");
      var paused = assertThrows(Failure.class, () -> engine().exec(worker, "", TIMEOUT, "true"));
      stack.docker("unpause", "worker").docker("kill", "worker");
      var ended = assertThrows(Failure.class, () -> engine().exec(worker, "", TIMEOUT, "true"));

      assertTrue(paused.isNotRunning());
      assertTrue(ended.isNotRunning());
    }
  }

  @Test
  void a_log_is_read_with_and_without_a_terminal() throws Exception {
    var script = "seq 1 300; echo é >&2; exec tail -f /dev/null";
    try (var stack =
        new ComposeStack()
            .command("worker", script)
            .command("scheduler", script)
            .option("scheduler", "--tty")
            .start()) {
      for (var service : new String[] {"worker", "scheduler"}) {
        var container = engine().inspect(stack.container(service));
        stack.await(() -> log(container, 1000).contains("é"), "a whole log");

        assertEquals(301, log(container, 1000).lines().count(), service);
        assertEquals(2, log(container, 2).lines().count(), service);
      }
    }
  }

  private static String log(Container container, int lines) {
    try {
      return engine().log(container, lines);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_log_that_is_not_kept_is_a_failure() throws Exception {
    try (var stack = new ComposeStack().option("scheduler", "--log-driver=none").start()) {
      var container = engine().inspect(stack.container("scheduler"));

      assertThrows(Failure.class, () -> engine().log(container, 10));
    }
  }

  @Test
  void a_file_is_looked_at_in_a_stopped_container_too() throws Exception {
    var script = "mkdir -m 750 /app/storage/private; chown 101:7 /app/storage/private";
    try (var stack = new ComposeStack().volume(script).start().docker("kill", "worker")) {
      var worker = worker(stack);
      var entry = engine().entry(worker, "/app/storage/private").orElseThrow();

      assertEquals(new Engine.Entry(101, 7, 0750, true), entry);
      assertTrue(engine().file(worker, "/etc/passwd").orElseThrow().contains("django:x:101"));
      var stat = engine().stat(worker, "/app/storage/private").orElseThrow();
      assertTrue(OffsetDateTime.parse(stat.modified()).toInstant().isBefore(Instant.now()));
      assertTrue(stat.folder());
      assertFalse(engine().stat(worker, "/etc/passwd").orElseThrow().folder());
      assertEquals(Optional.empty(), engine().entry(worker, "/nowhere"));
      assertEquals(Optional.empty(), engine().stat(worker, "/nowhere"));
    }
  }

  @Test
  void a_container_is_read_with_what_the_checks_need_and_shows_no_secret() throws Exception {
    try (var stack = new ComposeStack().start()) {
      var web = engine().inspect(stack.container("web"));

      assertEquals("web", web.service());
      assertEquals(ContainerEngine.IMAGE, web.image());
      assertEquals("healthy", web.state().health());
      assertEquals("v0.14.0", web.version());
      assertTrue(web.address().matches("\\d+\\.\\d+\\.\\d+\\.\\d+"));
      assertEquals("127.0.0.1", web.ports().get(0).hostAddress());
      assertEquals("/app/storage", web.mounts().get(0).destination());
      assertFalse(web.toString().contains("canary"));
    }
  }

  @Test
  void an_image_is_there_or_not() throws Exception {
    assertTrue(engine().image(ContainerEngine.IMAGE).isPresent());
    assertEquals(Optional.empty(), engine().image("registry.acme.test:5000/a/b:7"));
  }

  @Test
  void whoever_is_no_engine_is_told() throws Exception {
    var nowhere = assertThrows(Failure.class, () -> engine("/nowhere.sock").version());
    var port = Ports.free();
    var closed = assertThrows(Failure.class, () -> engine("tcp://127.0.0.1:" + port).version());

    assertEquals("there is no /nowhere.sock", nowhere.getMessage());
    assertEquals("nobody listens at tcp://127.0.0.1:" + port, closed.getMessage());
  }
}
