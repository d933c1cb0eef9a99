package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines, systems and versions, as far as they are what Validibot knows. */
class CompatibilityChecksTests {

  private static final String ENGINE = "VB302,VB320,VB322,VB030";

  private static final String EVERYTHING = "docker,storage,compatibility,backups";

  @TempDir private Path folder;

  private DoctorRun check(String address, String... arguments) {
    return checkOf("self_hosted", address, arguments);
  }

  private DoctorRun checkOf(String target, String address, String... arguments) {
    var settings = DoctorRun.goodSettings();
    settings.put("DOCKER_HOST", address);
    settings.put("DEPLOYMENT_TARGET", target);
    return DoctorRun.with(settings, folder, arguments);
  }

  private static void onlyBad(DoctorRun run, String... ids) {
    assertEquals(List.of(ids), run.ids("error", "warn", "fatal"), run.outcome().out());
  }

  @Test
  void a_recent_rootless_engine_on_ubuntu_is_good() {
    try (var engine = RecordedEngine.docker("29.0.1", "Ubuntu 24.04.1 LTS", ",\"name=rootless\"")) {
      var run = check(engine.address(), "--only", ENGINE);

      assertEquals(List.of("VB030", "VB302", "VB320", "VB322"), run.ids("ok"));
    }
  }

  @Test
  void an_engine_of_roots_on_another_system_is_good_to_know() {
    try (var engine = RecordedEngine.docker("24.0.0", "Debian GNU/Linux 12 (bookworm)", "")) {
      var run = check(engine.address(), "--only", ENGINE);

      onlyBad(run);
      assertEquals(List.of("VB030", "VB322"), run.ids("info"));
    }
  }

  @Test
  void an_old_ubuntu_is_told() {
    try (var engine = RecordedEngine.docker("24.0.0", "Ubuntu 20.04.6 LTS", "")) {
      onlyBad(check(engine.address(), "--only", ENGINE), "VB030");
    }
  }

  @Test
  void an_old_docker_is_told_but_podmans_version_is_another_matter() {
    try (var old = RecordedEngine.docker("23.0.6", "Ubuntu 22.04 LTS", "");
        var podman = RecordedEngine.podman()) {
      var run = check(podman.address(), "--only", ENGINE);

      onlyBad(check(old.address(), "--only", ENGINE), "VB320");
      onlyBad(run);
      assertEquals("info", run.status("VB320"));
    }
  }

  @Test
  void no_engine_is_one_error_that_says_where_it_was_looked_for() {
    var run = check("unix:///nonexistent.sock", "--only", "docker,compatibility");

    onlyBad(run, "VB302");
    assertTrue(run.message("VB302").contains("there is no unix:///nonexistent.sock"));
  }

  @Test
  void where_there_is_no_engine_all_of_it_can_be_waived() {
    for (var target : List.of("self_hosted", "gcp")) {
      for (var waived : List.of("docker", "VB302")) {
        var run =
            checkOf(target, "unix:///nonexistent.sock", "--skip", waived, "--only", EVERYTHING);

        onlyBad(run);
        assertEquals("skipped", run.status("VB030"));
      }
    }
  }

  @Test
  void an_engine_that_is_not_asked_from_here_is_told() {
    var run = check("ssh://root@host.acme.test", "--only", "docker");

    onlyBad(run, "VB302");
    assertTrue(run.message("VB302").contains("only unix:// and tcp://"));
  }

  @Test
  void an_engine_that_talks_nonsense_is_one_error() {
    try (var engine = RecordedEngine.podman().answering("/containers/json", "<html>hello")) {
      var run = check(engine.address(), "--only", "docker,compatibility");

      onlyBad(run, "VB302");
      assertTrue(run.message("VB302").contains("does not answer as a container engine"));
    }
  }

  @Test
  void an_engine_that_never_answers_is_one_error_by_the_deadline() throws IOException {
    try (var silent = new ServerSocket(0)) {
      var run =
          check(
              "tcp://127.0.0.1:" + silent.getLocalPort(),
              "--only",
              "docker,compatibility",
              "--timeout",
              "1");

      onlyBad(run, "VB302");
      assertTrue(run.message("VB302").contains("no answer within 1.0 s"));
    }
  }

  @Test
  void on_google_cloud_there_is_no_engine_to_ask() {
    var run = checkOf("gcp", "unix:///nonexistent.sock", "--only", "docker,compatibility,backups");

    onlyBad(run);
    assertEquals("skipped", run.status("VB302"));
    assertEquals("skipped", run.status("VB310"));
    assertEquals("ok", run.status("PDV031"));
  }

  @Test
  void a_version_that_nobody_knows_is_told() {
    for (var version : List.of("v0.15.0", "v1.0.0", "0.3.9")) {
      var settings = DoctorRun.goodSettings();
      settings.put("VALIDIBOT_VERSION", version);

      onlyBad(DoctorRun.with(settings, folder, "--only", "PDV031"), "PDV031");
    }
  }

  @Test
  void an_older_version_needs_fewer_images() {
    try (var stack =
        new ComposeStack()
            .with("VALIDIBOT_VERSION", "v0.4.0")
            .with("VALIDATOR_IMAGE_TAG", "none")
            .start()) {
      var run = stack.check(folder, "--only", "VB310,PDV031");

      onlyBad(run, "VB310");
      assertTrue(run.message("VB310").contains("backend-fmu:none"));
      assertTrue(!run.message("VB310").contains("schematron"));
    }
  }

  @Test
  void a_restore_that_was_tried_long_ago_or_never_is_told() {
    var owned = "mkdir /app/storage/private; chown -R 101:101 /app/storage; ";
    var old = "touch -d '2020-01-01 00:00' /app/storage/private/.last-restore-test";
    try (var never = new ComposeStack().volume(owned).start();
        var longAgo = new ComposeStack().volume(owned + old).start()) {
      onlyBad(never.check(folder, "--only", "backups"), "VB411");
      var run = longAgo.check(folder, "--only", "backups", "--strict");

      onlyBad(run, "VB411");
      assertEquals(1, run.outcome().exit());
      assertTrue(run.message("VB411").matches("the last restore was tried \\d{4} days ago.*"));
    }
  }
}
