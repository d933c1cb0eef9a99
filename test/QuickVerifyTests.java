package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import lib.demo.DemoStage;
import lib.demo.Exchange;
import lib.demo.Fault;
import lib.demo.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two questions, two lines. */
class QuickVerifyTests {

  private static Shell quick(String... arguments) {
    var command = new ArrayList<>(List.of("quick_verify.java"));
    command.addAll(List.of(arguments));
    return Shell.script(command.toArray(String[]::new));
  }

  @Test
  void healthy_stage_is_two_lines() {
    var out = quick("demo").exits(0).errIsQuiet().out().lines().toList();

    assertEquals(2, out.size(), out.toString());
    assertTrue(out.get(0).startsWith("✓ web responds: http://127.0.0.1:"), out.get(0));
    assertTrue(out.get(1).startsWith("✓ worker refuses strangers: http://"), out.get(1));
  }

  @Test
  void ingress_that_keeps_strangers_out_is_good_and_said() {
    quick("demo", "--break", "ingress-internal")
        .exits(0)
        .outContains("(Google's 404, by ingress internal; ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "worker-public   | 1 | ✗ worker refuses strangers | 500 from the app's container",
        "alias-open      | 1 | ✗ worker refuses strangers | 500 from the app's container",
        "homepage-500    | 1 | ✗ web responds             | 500 from the app",
        "database-down   | 1 | ✗ web responds             | 500 from the app",
        "web-private     | 1 | ✗ web responds             | 403 from Google's front end",
        "invoker-missing | 0 | ✓ worker refuses strangers | ✓ web responds",
        "callback-public | 0 | ✓ worker refuses strangers | ✓ web responds"
      })
  void two_answers_are_judged(String fault, int exit, String line, String detail) {
    quick("demo", "--break", fault).exits(exit).outContains(line).outContains(detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "qa                         | 'qa' is no stage",
        "demo --break admin-denied  | Failed to get service URL",
        "dev --shape documented     | for the demo stage only",
        "dev --project p            | No Google credentials"
      })
  void what_cannot_be_asked_is_exit_2(String arguments, String sentence) {
    quick(arguments.split(" ")).exits(2).outIs("").errContains(sentence);
  }

  @Test
  void google_404_without_known_ingress_is_not_verified() {
    try (var stage = DemoStage.start(Scenario.healthy().with(Fault.INGRESS_INTERNAL))) {
      quick("dev", "--web-url", stage.web().toString(), "--worker-url", stage.worker().toString())
          .exits(2)
          .outContains("✓ web responds")
          .outContains("? worker refuses strangers")
          .outContains("either the address is wrong, or ingress is internal");
    }
  }

  @Test
  void interrupted_run_tells_what_it_learnt() throws Exception {
    try (var stage = DemoStage.start(Scenario.healthy());
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var web = "http://127.0.0.1:" + silent.getLocalPort();
      var worker = stage.worker().toString();
      var shell = quick("dev", "--web-url", web, "--worker-url", worker);
      try (var running = shell.start()) {
        running.until(() -> !stage.exchanges().isEmpty(), "a request to the worker");
        Thread.sleep(2000); // for the answer to that to arrive
        running.signal("INT");
        running
            .within(Duration.ofMinutes(1))
            .exits(130)
            .outContains("✓ worker refuses strangers")
            .outContains("? Interrupted, not verified to the end");
      }
    }
  }

  @Test
  void long_wait_for_an_answer_is_said_now_and_then() throws Exception {
    try (var stage = DemoStage.start(Scenario.healthy());
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var worker = "http://127.0.0.1:" + silent.getLocalPort();

      quick("dev", "--web-url=" + stage.web(), "--worker-url=" + worker, "--cold-start=11")
          .exits(1)
          .errIs("1 of 2, 10 s, waiting: worker refuses strangers\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify_deployment.java", "quick_verify.java"})
  void long_look_up_is_said_now_and_then(String script) throws Exception {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"));
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var shell = Shell.script(script, "dev", "--deadline=11", "--timeout=60");
      stage.environment().forEach(shell::with);
      var api = "http://127.0.0.1:" + silent.getLocalPort() + "/";

      shell
          .with("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", api)
          .exits(2)
          .errContains("10 s, waiting: the look-up of the stage\n")
          .errContains("no answer by the deadline of 11.0 s");
    }
  }

  @Test
  void asks_each_service_once_and_sends_no_identity() {
    try (var stage = DemoStage.start(Scenario.healthy().stage("staging").app("acme"))) {
      var shell = quick("staging");
      stage.environment().forEach(shell::with);
      shell.exits(0);

      var asked = stage.exchanges();
      var worker = asked.stream().filter(it -> it.server().equals("worker")).toList();
      assertEquals(List.of("/"), worker.stream().map(Exchange::path).toList());
      assertTrue(
          asked.stream()
              .filter(it -> it.server().equals("web") || it.server().equals("worker"))
              .allMatch(it -> it.authorization().isEmpty()));
    }
  }

  @Test
  void junit_is_not_on_its_class_path() throws IOException {
    var header = Files.readString(Shell.REPO.resolve("quick_verify.java"));

    assertFalse(header.contains("junit"), "a dependency, or a source that needs one");
    assertFalse(header.contains("opentest4j"));
  }
}
