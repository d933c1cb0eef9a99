package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Env files and the containers that were made of them, found by the labels of a real engine. */
class ContainerSettingsTests {

  private static final String[] BAD = {"error", "warn", "fatal"};

  @TempDir private Path home;
  @TempDir private Path elsewhere;

  @Test
  void containers_made_of_the_files_as_they_are_have_no_drift() throws IOException {
    writeFiles(DoctorRun.goodSettings());
    try (var stack = stack().start()) {
      var run = stack.check(elsewhere, "--only", "settings,security");

      assertEquals(List.of(), run.ids(BAD));
      assertEquals("ok", run.status("PDV001"));
      assertEquals("ok", run.status("PDV005"));
    }
  }

  @Test
  void edited_added_and_removed_variables_are_named_for_each_service() throws IOException {
    var edited = DoctorRun.goodSettings();
    edited.put("WORKER_API_KEY", "canary-other-worker-key-4711");
    edited.put("EMAIL_HOST", "mail.acme.org");
    edited.remove("VALIDATOR_BACKEND_IMAGE_POLICY");
    writeFiles(edited);
    try (var stack = stack().start()) {
      var run = stack.check(elsewhere, "--only", "settings,security");

      assertEquals(List.of("PDV005"), run.ids(BAD));
      for (var service : List.of("web", "worker", "scheduler")) {
        assertTrue(
            run.message("PDV005")
                .contains(
                    stack.container(service)
                        + ": another value than in the files: WORKER_API_KEY; only in the files:"
                        + " EMAIL_HOST; in no file any more: VALIDATOR_BACKEND_IMAGE_POLICY"),
            run.message("PDV005"));
      }
      run.outcome().outLacks("canary");
    }
  }

  @Test
  void a_worker_that_still_has_the_old_broker_is_no_second_finding() throws IOException {
    var edited = DoctorRun.goodSettings();
    try (var redis = RedisServer.start()) {
      var broker = "redis://:" + RedisServer.PASSWORD + "@redis:6379/";
      edited.put("REDIS_URL", broker + "1");
      writeFiles(edited);
      try (var stack =
          stack().with("REDIS_URL", broker + "0").relay("redis", 6379, redis.port()).start()) {
        var run = stack.check(elsewhere, "--only", "PDV005,PDV404");

        assertEquals(List.of("PDV005"), run.ids(BAD));
        assertTrue(run.message("PDV404").contains("PDV005 tells"), run.message("PDV404"));
      }
    }
  }

  @Test
  void switch_to_another_settings_module_has_no_effect_in_a_file() throws IOException {
    var pro = DoctorRun.goodSettings();
    pro.put("DJANGO_SETTINGS_MODULE", "config.settings.production_pro");
    writeFiles(pro);
    try (var stack = stack().with("DJANGO_SETTINGS_MODULE", "config.settings.production").start()) {
      var run = stack.check(elsewhere, "--only", "settings,security");

      assertEquals(List.of("PDV004"), run.ids(BAD));
    }
  }

  @Test
  void containers_of_another_deployment_are_left_alone() throws IOException {
    var other = DoctorRun.goodSettings();
    other.put("SITE_URL", "https://other.acme.test");
    var file = write(elsewhere.resolve("other.env"), other);
    try (var stack = stack().start()) {
      var run =
          stack.check(elsewhere, "--only", "settings,security", "--env-file", file.toString());

      assertEquals(List.of("PDV001"), run.ids(BAD));
      assertTrue(run.message("PDV001").contains("SITE_URL (env file other.env) is not that of"));
    }
  }

  /** A stack whose labels say that it was started from the folder of the env files. */
  private ComposeStack stack() throws IOException {
    Files.writeString(home.resolve("docker-compose.production.yml"), "services: {}\n");
    var stack = new ComposeStack();
    for (var service : List.of("web", "worker", "scheduler", "redis")) {
      stack.option(
          service,
          "--label",
          "com.docker.compose.project.working_dir=" + home,
          "--label",
          "com.docker.compose.project.config_files=" + home + "/docker-compose.production.yml");
    }
    return stack;
  }

  private void writeFiles(Map<String, String> settings) throws IOException {
    var folder = Files.createDirectories(home.resolve(".envs/.production/.self-hosted"));
    write(folder.resolve(".django"), settings);
    write(folder.resolve(".postgres"), Map.of());
  }

  private static Path write(Path file, Map<String, String> settings) throws IOException {
    var lines =
        settings.entrySet().stream()
            .map(it -> it.getKey() + "='" + it.getValue() + "'\n")
            .collect(Collectors.joining());
    Files.writeString(file, lines);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
