package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The container engine and the services on it, with a real engine. */
class DockerChecksTests {

  /** Debian's own Docker is older than the 24.0 that is asked for. */
  private static final String[] USUAL = {
    "--only", "docker,storage,compatibility,backups", "--skip", "VB320"
  };

  @TempDir private Path folder;

  private DoctorRun check(ComposeStack stack) {
    return stack.check(folder, USUAL);
  }

  private static void onlyBad(DoctorRun run, String... ids) {
    assertEquals(List.of(ids), run.ids("error", "warn", "fatal"), run.outcome().out());
  }

  @Test
  void a_healthy_stack_is_good_and_found_from_another_folder() {
    try (var stack = new ComposeStack().database(Postgres.seeded()).start()) {
      var run = stack.check(folder, "--skip", "VB320,cache,tasks");

      onlyBad(run);
      assertEquals(0, run.outcome().exit());
      assertEquals("ok", run.status("VB101"));
      for (var id : List.of("VB302", "PDV301", "PDV303", "PDV304", "VB310", "PDV306")) {
        assertEquals("ok", run.status(id), id);
      }
    }
  }

  @Test
  void what_a_proxy_before_the_engine_forbids_is_not_judged() {
    try (var stack = new ComposeStack().start();
        var proxy = RawServer.speaking(DockerChecksTests::forbidCommands)) {
      var run =
          DoctorRun.with(
              Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + proxy.port()),
              folder,
              "--compose-project",
              stack.project(),
              "--only",
              "VB302,VB203,PDV306");

      onlyBad(run);
      assertEquals("ok", run.status("VB302"), run.message("VB302"));
      for (var id : List.of("VB203", "PDV306")) {
        assertEquals("skipped", run.status(id), id);
        assertTrue(run.message(id).contains("the engine answered 403"), run.message(id));
      }
    }
  }

  /** Hand on all but commands, as a socket proxy does that is to show containers only. */
  private static void forbidCommands(String request, Socket caller) throws IOException {
    if (request.contains("/exec")) {
      RawServer.say(caller, "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    var address = UnixDomainSocketAddress.of(ContainerEngine.shared().socket());
    try (var engine = SocketChannel.open(address)) {
      var last = request.replaceFirst("\r\n", "\r\nConnection: close\r\n");
      engine.write(ByteBuffer.wrap(last.getBytes(StandardCharsets.ISO_8859_1)));
      Channels.newInputStream(engine).transferTo(caller.getOutputStream());
    }
  }

  @Test
  void an_old_engine_is_told() {
    try (var stack = new ComposeStack().start()) {
      var run = stack.check(folder, "--only", "VB320");

      onlyBad(run, "VB320");
      assertTrue(run.message("VB320").contains("older than 24.0"));
    }
  }

  @Test
  void a_stopped_worker_is_told() {
    try (var stack = new ComposeStack().start().docker("kill", "worker")) {
      var run = check(stack);

      onlyBad(run, "PDV301");
      assertEquals(1, run.outcome().exit());
      assertTrue(run.message("PDV301").contains("worker-1 is exited"));
    }
  }

  @Test
  void an_error_that_ended_a_worker_is_told() {
    var script = "echo 'redis.exceptions.ConnectionError: no Redis'; echo bye; exit 3";
    try (var stack = new ComposeStack().command("worker", script).start()) {
      stack.await("worker", "{{.State.Status}}", "exited");

      var run = check(stack);

      onlyBad(run, "PDV301");
      assertTrue(
          run.message("PDV301")
              .contains("exit code 3: redis.exceptions.ConnectionError: no Redis"));
    }
  }

  @Test
  void a_service_that_was_never_made_is_told() {
    try (var stack = new ComposeStack().lacking("scheduler").start()) {
      var run = check(stack);

      onlyBad(run, "PDV301");
      assertTrue(run.message("PDV301").contains("no container of service scheduler"));
    }
  }

  @Test
  void a_crash_loop_is_told_once_with_its_reason_and_without_secrets() {
    var secret = "canary-in-a-log-7Hq2";
    var script =
        "echo 'Traceback (most recent call last):';"
            + " echo \"django.core.exceptions.ImproperlyConfigured: $WORKER_API_KEY is wrong\";"
            + " echo 'worker exiting'; exit 1";
    try (var stack =
        new ComposeStack()
            .with("WORKER_API_KEY", secret)
            .command("web", script)
            .option("web", "--restart=always", "--health-cmd=true")
            .onlyCreated("worker", "scheduler")
            .start()) {
      stack.await(
          () -> Integer.parseInt(stack.inspect("web", "{{.RestartCount}}")) > 0, "a restart");

      var run = check(stack);

      onlyBad(run, "PDV301");
      var message = run.message("PDV301");
      assertTrue(message.contains("web-1 starts over and over"), message);
      assertTrue(message.contains("ImproperlyConfigured: [hidden] is wrong"), message);
      assertTrue(message.contains("never started, because web is not healthy"), message);
      assertFalse((run.outcome().out() + run.outcome().err()).contains(secret));
    }
  }

  @Test
  void a_database_that_starts_over_and_over_is_told_with_the_reason() {
    var script =
        "sleep 1; echo '[1] FATAL:  database files are incompatible with server';"
            + " echo 'DETAIL:  initialized by version 15, not compatible with 17'; exit 1";
    try (var stack =
        new ComposeStack()
            .database(Postgres.seeded())
            .command("postgres", script)
            .option("postgres", "--restart=always")
            .start()) {
      stack.await(
          () -> Integer.parseInt(stack.inspect("postgres", "{{.RestartCount}}")) > 1, "restarts");

      var run = stack.check(folder, "--only", "VB101");

      onlyBad(run, "VB101");
      assertTrue(
          run.message("VB101").contains("FATAL: database files are incompatible with server"),
          run.message("VB101"));
      assertTrue(run.message("VB101").contains("over and over"), run.message("VB101"));
    }
  }

  @Test
  void a_paused_worker_is_told() {
    try (var stack = new ComposeStack().start().docker("pause", "worker")) {
      var run = check(stack);

      onlyBad(run, "PDV301");
      assertTrue(run.message("PDV301").contains("is paused"));
      stack.docker("unpause", "worker");
    }
  }

  private static final String STAYS = "exec tail -f /dev/null";

  @ParameterizedTest
  @CsvSource({
    "{$SITE_URL}, '', error, serves no site",
    "{$SITE_URL}, https://validibot.acme.test, ok, caddy",
    "validibot.acme.test, '', ok, caddy"
  })
  void a_caddy_without_a_site_is_told(String site, String variable, String status, String message) {
    var script = "mkdir -p /etc/caddy; echo '%s {' > /etc/caddy/Caddyfile; touch /done; " + STAYS;
    try (var stack =
        new ComposeStack()
            .command("caddy", script.formatted(site))
            .option("caddy", "--env=SITE_URL=" + variable)
            .start()) {
      stack.await(() -> stack.shell("caddy", "ls /").contains("done"), "a Caddyfile");

      var run = stack.check(folder, "--only", "PDV301");

      assertEquals(status, run.status("PDV301"), run.message("PDV301"));
      assertTrue(run.message("PDV301").contains(message), run.message("PDV301"));
      if (status.equals("error")) {
        var hint = run.check("PDV301").get("fix_hint").getAsString();
        assertTrue(hint.contains("SITE_URL=https://validibot.acme.test"), hint);
        assertTrue(hint.contains(".self-hosted/.build up -d caddy"), hint);
      }
    }
  }

  @Test
  void an_mcp_that_starts_over_and_over_is_told() {
    try (var stack =
        new ComposeStack()
            .command("mcp", "echo 'httpx.HTTPError: redirected'; exit 1")
            .option("mcp", "--restart=always", "--env=VALIDIBOT_API_BASE_URL=http://web:8000")
            .start()) {
      stack.await(
          () -> Integer.parseInt(stack.inspect("mcp", "{{.RestartCount}}")) > 0, "a restart");

      var run = check(stack);

      onlyBad(run, "PDV301");
      assertTrue(run.message("PDV301").contains("mcp-1 starts over and over"));
      assertTrue(run.message("PDV301").contains("httpx.HTTPError: redirected"));
      var hint = run.check("PDV301").get("fix_hint").getAsString();
      assertTrue(hint.contains("the public address"), hint);
    }
  }

  @ParameterizedTest
  @CsvSource({"exit 0, no, ok", "exit 0, always, warn", "exit 3, no, warn"})
  void another_container_may_end_when_its_work_is_done(
      String script, String policy, String status) {
    try (var stack =
        new ComposeStack()
            .command("extra", policy.equals("no") ? script : STAYS)
            .option("extra", "--restart=" + policy)
            .start()) {
      if (!policy.equals("no")) {
        stack.docker("stop", "extra");
      }
      stack.await("extra", "{{.State.Status}}", "exited");

      assertEquals(status, check(stack).status("PDV301"));
    }
  }

  @Test
  void a_worker_that_ends_now_and_then_is_told_though_it_runs() {
    var twice = "test -e /tmp/once && touch /tmp/twice; touch /tmp/once; exit 1";
    var script = "test -e /tmp/twice && " + STAYS + "; " + twice;
    try (var stack =
        new ComposeStack()
            .command("worker", script)
            .option("worker", "--restart=always", "--health-cmd=true", "--health-interval=1s")
            .start()
            .await("worker", "{{.State.Health.Status}}", "healthy")) {
      var run = stack.check(folder, "--only", "PDV301");

      onlyBad(run, "PDV301");
      assertEquals("warn", run.status("PDV301"));
      assertTrue(run.message("PDV301").contains("worker-1 restarted 2 times, last at 20"));
    }
  }

  @Test
  void an_unhealthy_web_is_told_with_what_its_check_says() {
    try (var stack =
        new ComposeStack()
            .option(
                "web",
                "--health-cmd=echo 'curl: (22) The requested URL returned error: 400'; exit 1",
                "--health-interval=1s",
                "--health-retries=1")
            .onlyCreated("worker", "scheduler")
            .start()
            .await("web", "{{.State.Health.Status}}", "unhealthy")) {
      var run = check(stack);

      onlyBad(run, "PDV301");
      assertTrue(run.message("PDV301").contains("is unhealthy: curl: (22)"));
      assertTrue(run.message("PDV301").contains("because web is not healthy"));
    }
  }

  @Test
  void a_web_that_waits_for_its_database_is_no_second_error() {
    try (var stack =
        new ComposeStack()
            .database(Postgres.empty())
            .command("web", "echo 'Waiting for Postgres at postgres:5432'; exec tail -f /dev/null")
            .option("web", "--health-cmd=exit 1", "--health-interval=1s", "--health-retries=1")
            .onlyCreated("worker", "scheduler")
            .start()
            .await("web", "{{.State.Health.Status}}", "unhealthy")
            .docker("kill", "postgres")) {
      var run = stack.check(folder, "--only", "docker,VB101", "--skip", "VB320");

      onlyBad(run, "VB101");
      var message = run.message("PDV301");
      assertTrue(message.startsWith("Follows from VB101"), message);
      assertTrue(message.contains("Waiting for Postgres at postgres:5432"), message);
    }
  }

  @Test
  void a_health_check_without_its_program_is_a_known_defect() {
    try (var stack =
        new ComposeStack()
            .option(
                "scheduler",
                "--health-cmd=pgrep -f beat",
                "--health-interval=1s",
                "--health-retries=1")
            .start()
            .await("scheduler", "{{.State.Health.Status}}", "unhealthy")) {
      var run = check(stack);

      onlyBad(run);
      assertEquals("info", run.status("PDV305"));
      assertEquals("ok", run.status("PDV301"));
    }
  }

  @Test
  void a_rebuilt_image_that_does_not_run_yet_is_told() {
    try (var stack = new ComposeStack().ownImage().start().rebuilt()) {
      var run = check(stack);

      onlyBad(run, "PDV303");
      assertEquals(0, run.outcome().exit());
      assertTrue(run.message("PDV303").contains("older build"));
    }
  }

  @Test
  void another_image_of_one_service_is_told() {
    try (var stack = new ComposeStack().imageOf("worker").start()) {
      var run = check(stack);

      onlyBad(run, "PDV303");
      assertTrue(run.message("PDV303").contains("different images"));
    }
  }

  @Test
  void another_version_of_one_service_is_told() {
    try (var stack =
        new ComposeStack().option("scheduler", "--env=VALIDIBOT_VERSION=v0.13.0").start()) {
      var run = check(stack);

      onlyBad(run, "PDV303");
      assertTrue(run.message("PDV303").contains("scheduler-1 v0.13.0"));
    }
  }

  @Test
  void a_port_that_is_open_to_the_world_is_told() {
    try (var stack = new ComposeStack().option("web", "--publish=0.0.0.0::8000").start()) {
      var run = check(stack);

      onlyBad(run, "PDV304");
      assertEquals("warn", run.status("PDV304"));
    }
  }

  /** Addresses that this machine has not, so the answers are recorded ones. */
  @ParameterizedTest
  @CsvSource({
    "web, 8000, 127.0.0.2, ok, on loopback at most",
    "web, 8000, 203.0.113.5, warn, published at 203.0.113.5",
    "web, 8000, 10.1.2.3, info, published at 10.1.2.3",
    "web, 9000, 0.0.0.0, ok, on loopback at most",
    "postgres, 5432, 0.0.0.0, warn, open on all interfaces",
    "redis, 6379, '::', error, open on all interfaces",
    "redis, 6379, 192.168.0.1, warn, published at 192.168.0.1",
    "other, 6379, 0.0.0.0, warn, open on all interfaces",
    "mcp, 8080, 0.0.0.0, info, open on all interfaces"
  })
  void a_port_is_as_open_as_its_address(
      String service, String port, String address, String status, String message) {
    try (var engine = RecordedEngine.docker("24.0.0", "Ubuntu 24.04", "")) {
      var services = Stream.of("web", service).distinct().toList();
      var list = services.stream().map("{\"Id\":\"%s\"}"::formatted).toList();
      engine.answering("/containers/json", list.toString());
      for (var each : services) {
        var ports =
            each.equals(service)
                ? "{\"%s/tcp\":[{\"HostIp\":\"%s\",\"HostPort\":\"%s\"}]}"
                    .formatted(port, address, port)
                : "{}";
        engine.answering("/containers/" + each + "/json", RECORDED.formatted(each, ports));
      }
      var settings = DoctorRun.goodSettings();
      settings.put("DOCKER_HOST", engine.address());
      settings.put("REDIS_URL", "redis://redis:6379/0");

      var run = DoctorRun.with(settings, folder, "--only", "PDV304");

      assertEquals(status, run.status("PDV304"), run.message("PDV304"));
      assertTrue(run.message("PDV304").contains(message), run.message("PDV304"));
    }
  }

  private static final String RECORDED =
      "{\"Id\":\"%1$s\",\"Name\":\"/%1$s\",\"State\":{\"Status\":\"running\"},"
          + "\"Config\":{\"Labels\":{\"com.docker.compose.service\":\"%1$s\"}},"
          + "\"NetworkSettings\":{\"Ports\":%2$s}}";

  @Test
  void missing_images_of_validators_are_named() {
    try (var stack =
        new ComposeStack()
            .with("VALIDATOR_IMAGE_REGISTRY", "registry.acme.test:5000/validibot")
            .with("VALIDATOR_IMAGE_TAG", "7")
            .start()) {
      var run = check(stack);

      onlyBad(run, "VB310");
      assertTrue(
          run.message("VB310")
              .contains("registry.acme.test:5000/validibot/validibot-validator-backend-shacl:7"));
    }
  }

  /** Only a registry gives an image its digest, so these answers are recorded ones. */
  @Test
  void what_is_no_text_is_not_quoted() throws IOException {
    var settings = DoctorRun.goodSettings();
    try (var garbage =
        Listener.saying("\u0000\u009b31m\u00ff\u00fe\u001b]0;\u0007 what?\r\n\r\n")) {
      settings.put("DOCKER_HOST", "tcp://127.0.0.1:" + garbage.port());

      var run = DoctorRun.with(settings, folder, "--only", "VB302");

      onlyBad(run, "VB302");
      assertTrue(run.message("VB302").matches("[ -~]+"), run.message("VB302"));
      assertTrue(run.message("VB302").contains("what?"), run.message("VB302"));
    }
  }

  @ParameterizedTest
  @CsvSource({"digest", "signed-digest"})
  void images_pinned_by_digest_are_looked_for_by_it(String policy) {
    var tag = "0.14@sha256:" + "0123456789abcdef".repeat(4);
    var settings = DoctorRun.goodSettings();
    settings.put("VALIDATOR_BACKEND_IMAGE_POLICY", policy);
    settings.put("VALIDATOR_IMAGE_REGISTRY", "registry.acme.test/validibot");
    settings.put("VALIDATOR_IMAGE_TAG", tag);
    try (var engine = RecordedEngine.docker("24.0.0", "Ubuntu 24.04", "")) {
      settings.put("DOCKER_HOST", engine.address());
      var name = "registry.acme.test/validibot/validibot-validator-backend-%s:" + tag;
      for (var slug : List.of("energyplus", "fmu", "schematron", "shacl")) {
        engine.answering("/images/" + name.formatted(slug) + "/json", "{\"Id\":\"sha256:1\"}");
      }
      var lacking = DoctorRun.with(settings, folder, "--only", "VB310");
      var last = name.formatted("portfolio-manager");
      engine.answering("/images/" + last + "/json", "{\"Id\":\"sha256:1\"}");
      var whole = DoctorRun.with(settings, folder, "--only", "VB310");

      onlyBad(lacking, "VB310");
      assertTrue(lacking.message("VB310").contains("missing: " + last + "."));
      onlyBad(whole);
      assertEquals("ok", whole.status("VB310"));
    }
  }

  @ParameterizedTest
  @CsvSource({"digest", "Signed-Digest"})
  void images_that_the_policy_refuses_are_told_though_they_are_there(String policy) {
    try (var stack = new ComposeStack().with("VALIDATOR_BACKEND_IMAGE_POLICY", policy).start()) {
      var run = check(stack);

      onlyBad(run, "VB310");
      assertTrue(run.message("VB310").contains("names images by tag"), run.message("VB310"));
    }
  }

  @Test
  void a_worker_that_may_not_use_the_engine_is_told() {
    try (var stack = new ComposeStack().closedSocket().start()) {
      var run = check(stack);

      onlyBad(run, "PDV306");
      assertTrue(run.message("PDV306").contains("no right to use it"), run.message("PDV306"));
      assertEquals("ok", run.status("PDV301"));
    }
  }

  @Test
  void a_worker_that_does_not_reach_the_engine_is_told() {
    try (var stack = new ComposeStack().option("worker", "--env=NOTHING=more").start()) {
      var run = check(stack);

      onlyBad(run, "PDV306");
      assertTrue(run.message("PDV306").contains("not in the container"));
    }
  }

  @Test
  void settings_of_another_machine_are_told_apart_from_a_stopped_engine() throws Exception {
    var file = folder.resolve("copied.env");
    Files.writeString(file, "SITE_URL=https://validibot.acme.test\n");

    var run = DoctorRun.asProcess(Map.of(), folder, "--env-file", "copied.env", "--only", "VB302");

    onlyBad(run, "VB302");
    var hint = run.check("VB302").get("fix_hint").getAsString();
    assertTrue(hint.contains("copied.env is of a stack on another machine"), hint);
  }

  @Test
  void a_stack_that_is_nowhere_is_told() {
    var settings = DoctorRun.goodSettings();
    settings.put("DOCKER_HOST", ContainerEngine.shared().address());

    var run =
        DoctorRun.with(
            settings, folder, "--compose-project", "absent", "--only", "docker", "--skip", "VB320");

    onlyBad(run, "PDV301");
    assertTrue(run.message("PDV301").contains("has no containers of the Compose project"));
  }
}
