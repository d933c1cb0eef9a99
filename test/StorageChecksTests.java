package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storage in a volume of a real engine, and in buckets of real servers. */
class StorageChecksTests {

  private static final String OWNED = "mkdir /app/storage/private; chown -R 101:101 /app/storage";

  @TempDir private Path folder;

  private DoctorRun check(ComposeStack stack, String... more) {
    var arguments = new ArrayList<>(List.of("--only", "storage,PDV301"));
    arguments.addAll(List.of(more));
    return stack.check(folder, arguments.toArray(String[]::new));
  }

  private static void onlyBad(DoctorRun run, String... ids) {
    assertEquals(List.of(ids), run.ids("error", "warn", "fatal"), run.outcome().out());
  }

  @Test
  void a_volume_of_the_app_is_good_and_nothing_is_left_in_it() {
    try (var stack = new ComposeStack().volume(OWNED).start()) {
      var run = check(stack);

      onlyBad(run);
      assertEquals(
          List.of("PDV201", "PDV202", "PDV301", "VB202", "VB203", "VB205", "VB302"), run.ids("ok"));
      assertEquals("", stack.shell("web", "ls -A /app/storage/private"));
    }
  }

  @Test
  void a_volume_of_roots_is_told_and_given_to_the_app() {
    try (var stack = new ComposeStack().volume("mkdir /app/storage/private").start()) {
      var before = check(stack);
      var fixed = check(stack, "--fix");
      var again = check(stack, "--fix");

      onlyBad(before, "PDV201");
      assertTrue(before.message("PDV201").contains("/app/storage belongs to user 0"));
      onlyBad(fixed);
      assertTrue(fixed.check("PDV201").get("fixed").getAsBoolean());
      onlyBad(again);
      assertEquals("101 101", stack.shell("web", "stat -c '%u %g' /app/storage/private"));
    }
  }

  @Test
  void a_volume_that_is_too_big_to_be_given_is_told_with_the_reason() {
    try (var stack = new ComposeStack().volume("mkdir /app/storage/private").start()) {
      var script = "#!/bin/sh\nshift 3\ncase $1 in chown) exit 124; esac\nexec \"$@\"";
      stack.shell("web", "rm /bin/timeout; printf '%s' '" + script + "' > /bin/timeout");
      stack.shell("web", "chmod +x /bin/timeout");

      var run = check(stack, "--fix");

      assertTrue(
          run.message("PDV201").contains("--fix failed: did not end within 180 s."),
          run.message("PDV201"));
    }
  }

  @Test
  void a_container_without_tools_is_looked_into_all_the_same() {
    try (var stack = new ComposeStack().volume("mkdir /app/storage/private").start()) {
      stack.shell("web", "rm -f /bin/stat /usr/bin/stat");

      var run = check(stack);

      onlyBad(run, "PDV201");
      assertTrue(run.message("PDV201").contains("/app/storage/private belongs to user 0"));
    }
  }

  @Test
  void what_a_restore_left_to_root_is_told_and_given_to_the_app() {
    var restored =
        OWNED
            + "; cd /app/storage/private; mkdir -p runs/7/output; touch runs/7/a; mkdir -m 700"
            + " of-others; chown 1000 of-others";
    try (var stack =
        new ComposeStack().volume(restored + "; chown 1000 runs/7/a; chown 101 runs").start()) {
      var before = check(stack);
      var fixed = check(stack, "--fix");
      stack.shell("web", "mkdir -m 777 /app/storage/private/anybodys");
      var again = check(stack, "--fix");

      onlyBad(before, "PDV202");
      assertEquals("warn", before.status("PDV202"));
      assertTrue(
          before.message("PDV202").contains("django cannot write /app/storage/private/runs/7,"));
      onlyBad(fixed);
      assertTrue(fixed.check("PDV202").get("fixed").getAsBoolean());
      onlyBad(again);
    }
  }

  @Test
  void a_volume_that_is_too_big_to_be_looked_through_is_no_error() {
    try (var stack = new ComposeStack().volume(OWNED).start()) {
      stack.shell("web", "printf '#!/bin/sh\\nexec sleep 600' > /usr/bin/find");

      var run = check(stack, "--timeout", "4");

      onlyBad(run);
      assertEquals("info", run.status("PDV202"), run.message("PDV202"));
      assertTrue(run.message("PDV202").contains("within 2 s"));
    }
  }

  @Test
  void a_web_that_cannot_start_without_its_storage_is_no_second_error() {
    var script =
        "su django -c 'mkdir -p /app/storage/private' && exec tail -f /dev/null;"
            + " echo \"PermissionError: [Errno 13] Permission denied: '/app/storage/private'\";"
            + " sleep 2; exit 1";
    try (var stack =
        new ComposeStack()
            .volume("true")
            .command("web", script)
            .option("web", "--restart=always")
            .onlyCreated("worker", "scheduler")
            .start()) {
      stack.await(
          () -> Integer.parseInt(stack.inspect("web", "{{.RestartCount}}")) > 0, "a restart");

      var run = check(stack);
      var fixed = check(stack, "--fix", "--skip", "PDV301");

      onlyBad(run, "PDV201");
      assertTrue(run.message("PDV301").startsWith("Follows from PDV201"), run.message("PDV301"));
      assertTrue(fixed.check("PDV201").get("fixed").getAsBoolean());
    }
  }

  @Test
  void a_database_that_nobody_filled_follows_from_a_volume_of_roots() {
    var database =
        Postgres.seeded().run("delete from users_role", "delete from validations_validator");
    try (var stack = new ComposeStack().database(database).volume("true").start()) {
      var run = stack.check(folder, "--only", "initialization,storage,roles");

      onlyBad(run, "PDV201");
      assertTrue(run.message("PDV800").startsWith("Follows from PDV201"), run.message("PDV800"));
    }
  }

  @Test
  void a_service_that_has_not_noticed_a_repair_yet_is_told_to_be_late() {
    try (var stack =
        new ComposeStack()
            .volume("true")
            .command("web", "sleep 2; echo 'PermissionError: /app/storage/private'; exit 1")
            .option("web", "--restart=always")
            .onlyCreated("worker", "scheduler")
            .start()) {
      stack.await(
          () -> Integer.parseInt(stack.inspect("web", "{{.RestartCount}}")) > 0, "a restart");

      var run = check(stack, "--fix");

      onlyBad(run, "PDV301");
      assertTrue(
          run.message("PDV301").contains("PDV201 was mended just now"), run.message("PDV301"));
    }
  }

  @Test
  void a_container_that_ends_while_it_is_asked_tells_nothing_of_its_volume() {
    var ends =
        "chmod 1777 /tmp; rm /bin/timeout;"
            + " printf '%s\\n' '#!/bin/sh' 'test $(id -u) = 0 && shift 3 && exec \"$@\"'"
            + " 'touch /tmp/asked' 'sleep 9' > /bin/timeout;"
            + " chmod +x /bin/timeout; until test -e /tmp/asked; do sleep 0.1; done; exit 1";
    try (var stack =
        new ComposeStack()
            .volume(OWNED)
            .command("web", ends)
            .option("web", "--health-cmd=true")
            .start()) {
      stack.await(() -> stack.shell("web", "wc -l < /bin/timeout").equals("4"), "a script");

      var run = stack.check(folder, "--only", "VB203");

      onlyBad(run);
      assertTrue(run.message("VB203").contains("ended while it was asked"), run.message("VB203"));
    }
  }

  @Test
  void a_missing_folder_is_told_and_made_as_the_app() {
    try (var stack = new ComposeStack().volume("chown 101:101 /app/storage").start()) {
      var before = check(stack);
      var dry = check(stack, "--fix", "--dry-run");
      var left = stack.shell("web", "ls -A /app/storage");
      var fixed = check(stack, "--fix");

      onlyBad(before, "VB202");
      onlyBad(dry, "VB202");
      assertEquals("", left);
      onlyBad(fixed);
      assertTrue(fixed.check("VB202").get("fixed").getAsBoolean());
      assertEquals("101", stack.shell("web", "stat -c %u /app/storage/private"));
    }
  }

  @Test
  void a_volume_that_is_read_only_is_told() {
    try (var stack = new ComposeStack().volume(OWNED).readOnlyVolume().start()) {
      var run = check(stack);

      onlyBad(run, "VB203");
      assertTrue(run.message("VB203").contains("Read-only file system"));
    }
  }

  @Test
  void nothing_is_written_on_this_machine_for_a_stack_that_is_elsewhere() {
    var run = DoctorRun.with(DoctorRun.goodSettings(), folder, "--only", "storage");

    onlyBad(run);
    for (var id : List.of("PDV201", "VB202", "VB203", "PDV202", "VB201")) {
      assertEquals("skipped", run.status(id), id);
    }
  }

  @Test
  void a_development_folder_is_looked_at_here() throws Exception {
    Files.createFile(folder.resolve("manage.py"));
    var settings = Map.of("DEPLOYMENT_TARGET", "local_docker_compose", "REDIS_URL", "redis://a");
    var missing = DoctorRun.with(settings, folder, "--only", "storage");
    Files.createDirectories(folder.resolve("storage/private"));
    var there = DoctorRun.with(settings, folder, "--only", "storage");

    onlyBad(missing, "VB202");
    onlyBad(there);
  }

  private DoctorRun s3(String endpoint, String bucket) {
    var settings = DoctorRun.goodSettings();
    settings.put("STORAGE_BUCKET", bucket);
    settings.put("DATA_STORAGE_BACKEND", "s3");
    settings.put("AWS_S3_ENDPOINT_URL", endpoint);
    settings.put("AWS_S3_REGION_NAME", "eu-central-1");
    settings.put("AWS_ACCESS_KEY_ID", "canary-key-id");
    settings.put("AWS_SECRET_ACCESS_KEY", "canary-secret-key-of-s3");
    return DoctorRun.with(settings, folder, "--only", "VB201", "--timeout", "5");
  }

  @Test
  void a_bucket_of_s3_is_written_read_and_emptied() {
    try (var server = BucketServer.s3()) {
      server.makeBucket("media");

      var run = s3(server.address(), "media");

      onlyBad(run);
      assertEquals("ok", run.status("VB201"));
      assertEquals(List.of(), server.objects("media"));
    }
  }

  @Test
  void a_bucket_of_s3_that_is_not_there_is_told() {
    try (var server = BucketServer.s3()) {
      var run = s3(server.address(), "elsewhere");

      onlyBad(run, "VB201");
      assertTrue(run.message("VB201").contains("NoSuchBucket"), run.message("VB201"));
      run.outcome().outLacks("canary-secret-key-of-s3");
    }
  }

  @Test
  void an_endpoint_of_s3_where_nobody_listens_is_told() throws Exception {
    var run = s3("http://127.0.0.1:" + Ports.free(), "media");

    onlyBad(run, "VB201");
    assertTrue(run.message("VB201").contains("connection refused"), run.message("VB201"));
  }

  @Test
  void s3_is_not_for_the_docker_runner() {
    var settings = DoctorRun.goodSettings();
    settings.put("STORAGE_BUCKET", "media");
    settings.put("DATA_STORAGE_BACKEND", "s3");

    onlyBad(DoctorRun.with(settings, folder, "--only", "storage"), "VB205");
  }

  @Test
  void a_bucket_of_no_kind_is_the_settings_error() {
    var settings = DoctorRun.goodSettings();
    settings.put("STORAGE_BUCKET", "media");

    onlyBad(DoctorRun.with(settings, folder, "--only", "settings,storage"), "PDV003");
  }

  /** The demo stage has a metadata server, which gives out tokens. */
  private DoctorRun gcs(String endpoint, String bucket) {
    var settings = DoctorRun.goodSettings();
    settings.put("DEPLOYMENT_TARGET", "gcp");
    settings.put("STORAGE_BUCKET", bucket);
    settings.put("STORAGE_EMULATOR_HOST", endpoint);
    try (var stage = DemoStage.start(Scenario.healthy())) {
      settings.put("GCE_METADATA_HOST", stage.metadataHost());
      var run = DoctorRun.asProcess(settings, folder, "--only", "storage", "--timeout", "5");
      stage.secrets().forEach(run.outcome()::outLacks);
      return run;
    }
  }

  @Test
  void a_bucket_of_google_is_written_read_and_emptied() {
    try (var server = BucketServer.gcs()) {
      server.makeBucket("media");

      var run = gcs(server.address(), "media");

      onlyBad(run);
      assertEquals(List.of("VB201", "VB205"), run.ids("ok"));
      assertTrue(run.message("VB201").contains(", not known to be the app's own account)"));
      assertEquals(List.of(), server.objects("media"));
    }
  }

  @Test
  void a_bucket_of_google_that_is_not_there_is_told() {
    try (var server = BucketServer.gcs()) {
      var run = gcs(server.address(), "elsewhere");

      onlyBad(run, "VB201");
      assertTrue(run.message("VB201").contains("404"), run.message("VB201"));
    }
  }

  /** No emulator knows rights, so this is a small server of our own. */
  private DoctorRun refused(String account) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var body = "{\"error\":{\"code\":403,\"message\":\"no storage.objects.create access\"}}";
          exchange.sendResponseHeaders(403, body.length());
          exchange.getResponseBody().write(body.getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    server.start();
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var key = stage.writeServiceAccountKey(folder, account);
      var settings = DoctorRun.goodSettings();
      settings.put("DEPLOYMENT_TARGET", "gcp");
      settings.put("GCP_PROJECT_ID", "acme");
      settings.put("STORAGE_BUCKET", "media");
      settings.put("STORAGE_EMULATOR_HOST", "http://127.0.0.1:" + server.getAddress().getPort());
      settings.put("GOOGLE_APPLICATION_CREDENTIALS", key.toString());
      var run = DoctorRun.with(settings, folder, "--only", "VB201");
      stage.secrets().forEach(run.outcome()::outLacks);
      return run;
    } finally {
      server.stop(0);
    }
  }

  @Test
  void a_bucket_of_google_that_the_app_may_only_read_is_told() throws Exception {
    var run = refused("validibot-cloudrun-prod@acme.iam.gserviceaccount.com");

    onlyBad(run, "VB201");
    assertTrue(run.message("VB201").contains("cannot be written: 403 no storage.objects.create"));
  }

  @Test
  void what_somebody_else_may_not_do_with_a_bucket_says_nothing_about_the_app() throws Exception {
    var run = refused("backup@acme.iam.gserviceaccount.com");

    onlyBad(run);
    assertEquals("skipped", run.status("VB201"));
    assertTrue(run.message("VB201").contains("refuses backup@acme"), run.message("VB201"));
  }

  @Test
  void a_bucket_of_google_without_credentials_is_not_asked() {
    var settings = DoctorRun.goodSettings();
    settings.put("DEPLOYMENT_TARGET", "gcp");
    settings.put("STORAGE_BUCKET", "media");
    settings.put("NO_GCE_CHECK", "true");

    var run = DoctorRun.with(settings, folder, "--only", "VB201");

    assertEquals("skipped", run.status("VB201"));
  }
}
