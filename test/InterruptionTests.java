package test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static test.RawServer.forever;
import static test.RawServer.say;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C, at moments when the script waits for somebody who takes their time. */
class InterruptionTests {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String NOTHING = "Interrupted: nothing was verified.";

  private static RawServer silent() {
    return RawServer.speaking((request, caller) -> Thread.sleep(Long.MAX_VALUE));
  }

  private static Shell script(DemoStage stage, String... words) {
    var script = Shell.jbang(words);
    stage.environment().forEach(script::with);
    return script;
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify_deployment.java", "quick_verify.java"})
  void look_up_is_left(String name) throws Exception {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"));
        var api = silent();
        var running =
            script(stage, name, "dev")
                .with("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", api.url() + "/")
                .start()) {
      running.until(() -> !api.asked().isEmpty(), "a question to the Admin API").signal("INT");

      running.within(PATIENCE).exits(130).outIs("").errIs(NOTHING + "\n");
    }
  }

  @Test
  void server_that_drips_is_left() throws Exception {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"));
        var web =
            RawServer.speaking(
                (request, caller) -> {
                  say(caller, "HTTP/1.1 200 OK\r\n\r\n");
                  forever(caller.getOutputStream(), new byte[] {'x'}, 50);
                });
        var running =
            script(
                    stage,
                    "verify_deployment.java",
                    "dev",
                    "-k=homepage", // with all tests, requests begin before they do
                    "--web-url=" + web.url(),
                    "--worker-url=" + stage.worker())
                .start()) {
      running.until(() -> !web.asked().isEmpty(), "a question to the web service").signal("INT");

      running
          .within(PATIENCE)
          .exits(130)
          .outContains("There was no answer yet.")
          .outContains("? Interrupted, dev is not verified to the end: ");
    }
  }

  @Test
  void gcloud_is_ended(@TempDir Path folder) throws Exception {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"))) {
      var gcloud = folder.resolve("gcloud");
      Files.writeString(gcloud, "#!/bin/sh\necho $$ >\"$0.pid\"\nsleep 600\n");
      assertTrue(gcloud.toFile().setExecutable(true));
      var pid = folder.resolve("gcloud.pid");
      var script =
          script(stage, "quick_verify.java", "dev")
              .with("CLOUDSDK_CONFIG", folder.toString())
              .with("CLOUDSDK_CORE_ACCOUNT", "ada@example.com")
              .with("PATH", folder + File.pathSeparator + System.getenv("PATH"));
      try (var running = script.start()) {
        running.until(() -> !text(pid).isEmpty(), "a start of gcloud").signal("INT");

        running.within(PATIENCE).exits(130).outIs("").errIs(NOTHING + "\n");
        var child = ProcessHandle.of(Long.parseLong(text(pid)));
        assertFalse(child.filter(ProcessHandle::isAlive).isPresent(), "it lives on");
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
