package test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All that a deployment needs is broken at once, in each way in which a server can be: every check
 * that asks it says so, and the run ends, which the harness sees to.
 */
class BrokenDependenciesTests {

  @TempDir private Path folder;

  /** How it is broken. */
  private enum Manner {
    NOBODY_LISTENS,
    NOT_ROUTED,
    NEVER_ANSWERS,
    SPEAKS_GARBAGE,
    DRIPS
  }

  /** An address, and what answers there, if anything does. */
  private record Place(String host, int port, Optional<Listener> listener)
      implements AutoCloseable {

    static Place broken(Manner manner) throws IOException {
      return switch (manner) {
        case NOBODY_LISTENS -> new Place("127.0.0.1", Ports.free(), Optional.empty());
        case NOT_ROUTED ->
            new Place("192.0.2.1", 9, Optional.empty()); // for documentation only, RFC 5737
        case NEVER_ANSWERS -> at(Listener.silent());
        case SPEAKS_GARBAGE -> at(Listener.saying("\u0001\u0007 what? \r\n\r\n{]<\r\n"));
        case DRIPS -> at(Listener.dripping());
      };
    }

    private static Place at(Listener listener) {
      return new Place("127.0.0.1", listener.port(), Optional.of(listener));
    }

    @Override
    public void close() throws IOException {
      if (listener.isPresent()) {
        listener.get().close();
      }
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  @ParameterizedTest
  @EnumSource
  void every_broken_dependency_is_told(Manner manner) throws Exception {
    try (var place = Place.broken(manner)) {
      var settings = DoctorRun.goodSettings();
      settings.remove("POSTMARK_SERVER_TOKEN");
      settings.put("DATABASE_URL", "postgres://validibot:canary-pw@" + place + "/validibot");
      settings.put("REDIS_URL", "redis://:canary-pw@" + place + "/0");
      settings.put("EMAIL_HOST", place.host());
      settings.put("EMAIL_PORT", "" + place.port());
      settings.put("DOCKER_HOST", "tcp://" + place);
      settings.put("STORAGE_BUCKET", "media");
      settings.put("DATA_STORAGE_BACKEND", "s3");
      settings.put("AWS_S3_ENDPOINT_URL", "http://" + place);
      settings.put("AWS_ACCESS_KEY_ID", "canary-key-id");
      settings.put("AWS_SECRET_ACCESS_KEY", "canary-secret-key-of-s3");

      var run = run(settings, "VB101,VB501,VB401,PDV404,VB603,VB302,VB201");

      assertEquals(
          List.of("VB101", "VB201", "VB302", "VB501", "VB603"),
          run.ids("error", "warn", "fatal"),
          run.outcome().out());
      run.outcome().outLacks("canary").exits(1);
    }
  }

  /** A broken database or cache would explain these, so they are asked by themselves. */
  @ParameterizedTest
  @EnumSource
  void a_broken_site_bucket_of_google_or_broker_is_told(Manner manner) throws Exception {
    try (var place = Place.broken(manner);
        var stage = DemoStage.start(Scenario.healthy())) {
      var account = "validibot-cloudrun-prod@acme.iam.gserviceaccount.com";
      var key = stage.writeServiceAccountKey(folder, account);
      var settings = DoctorRun.goodSettings();
      settings.put("DEPLOYMENT_TARGET", "gcp");
      settings.put("STORAGE_BUCKET", "media");
      settings.put("GOOGLE_APPLICATION_CREDENTIALS", "" + key);
      if (!manner.equals(Manner.NOT_ROUTED)) { // credentials go to an emulator here, or to Google
        settings.put("STORAGE_EMULATOR_HOST", "" + place);
      }
      settings.put("SITE_URL", "https://" + PublicSite.HOST);
      settings.put("DJANGO_ALLOWED_HOSTS", PublicSite.HOST + ",localhost");
      settings.put(
          "JAVA_TOOL_OPTIONS",
          "-Dhttps.proxyHost=%s -Dhttps.proxyPort=%d".formatted(place.host(), place.port()));
      var local =
          Map.of("DEPLOYMENT_TARGET", "local_docker_compose", "REDIS_URL", "redis://" + place);

      var google = run(settings, "VB201,PDV900");
      var broker = run(local, "VB401,PDV404");

      assertEquals(List.of("PDV900", "VB201"), google.ids("error", "warn", "fatal"));
      assertEquals(List.of("VB401"), broker.ids("error", "warn", "fatal"));
    }
  }

  private DoctorRun run(Map<String, String> settings, String only) {
    return DoctorRun.asProcess(settings, folder, "--timeout", "4", "--only", only);
  }
}
