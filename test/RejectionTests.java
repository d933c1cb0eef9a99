package test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import lib.http.Http;
import lib.http.IdToken;
import lib.http.Reached;
import lib.http.Worker;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.Ingress;
import lib.target.Place;
import lib.target.Service;
import lib.target.Setting;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why Google refused the invoker, told from the invoker's own token; over real HTTP. */
class RejectionTests {

  private static final String PERSON =
      "\"aud\":\"32555940559.apps.googleusercontent.com\",\"email\":\"ada@example.com\"";

  /** The door of a worker: Google's refusal, by a clock that is some hours ahead of ours. */
  private static RawServer refusing(int status, int hoursAhead) {
    var time = Instant.now().plus(Duration.ofHours(hoursAhead)).atOffset(ZoneOffset.UTC);
    var page = "<html><body><h1>Error: No</h1></body></html>";
    return RawServer.saying(
        "HTTP/1.1 %d No\r\nDate: %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(
                status, DateTimeFormatter.RFC_1123_DATE_TIME.format(time), page.length(), page));
  }

  /** A token that was made now, for an hour. */
  private static String token(String claims) {
    var now = Instant.now().getEpochSecond();
    var json = "{\"iat\":%d,\"exp\":%d,%s}".formatted(now, now + 3599, claims);
    var encoder = Base64.getUrlEncoder().withoutPadding();
    return "eyJhbGciOiJSUzI1NiJ9." + encoder.encodeToString(json.getBytes(UTF_8)) + ".c2lnbmF0dXJl";
  }

  /** Knock with that token; own addresses are known when somebody looked the service up. */
  private static Verdict refused(RawServer door, String token, String... own) {
    var url = HttpUrl.get(door.url());
    var place = new Place(Optional.empty(), new Setting("r", Setting.Origin.DEFAULT, "default"));
    var known = List.of(own).stream().map(HttpUrl::get).toList();
    var service = new Service("validibot-worker", place, url, Ingress.ALL, known, false, true);
    var http = Http.client(Duration.ofSeconds(30), Optional.empty());
    var access = new Worker.Access(any -> new IdToken(token), false, false, List.of());
    var worker = new Worker(http, service, access, Duration.ofSeconds(30));
    var reply = worker.invoker().get("/");
    var broken = assertThrows(NotKept.class, () -> Reached.app(reply, worker.identity()));
    assertFalse(broken.getMessage().contains(token), "the token itself");
    return broken.verdict();
  }

  private static void assertTold(Status status, String why, String fix, Verdict verdict) {
    assertEquals(status, verdict.status(), verdict::toString);
    assertTrue(verdict.why().contains(why), verdict::toString);
    assertTrue(verdict.fix().get(verdict.fix().size() - 1).contains(fix), verdict::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "3, Wrong clock: the clock of this machine is 3 h behind Google's, had expired there",
    "-3, Wrong clock: the clock of this machine is 3 h ahead of Google's, is not valid there yet"
  })
  void wrong_clock_is_told_by_the_date_of_the_answer(int hours, String clock, String token) {
    try (var door = refusing(401, hours)) {
      var verdict = refused(door, token(PERSON));

      assertTold(Status.UNVERIFIED, clock, "set-ntp true", verdict);
      assertTrue(verdict.why().contains(token), verdict::toString);
    }
  }

  /** A signed request for a token names its time; where that is wrong, Google says just that. */
  @Test
  void wrong_clock_is_told_by_the_token_endpoint_too(@TempDir Path folder) throws IOException {
    var time = Instant.now().minus(Duration.ofDays(2)).atOffset(ZoneOffset.UTC);
    var said = "{\"error\":\"invalid_grant\",\"error_description\":\"Check your iat and exp.\"}";
    var answer =
        "HTTP/1.1 400 Bad\r\nDate: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(DateTimeFormatter.RFC_1123_DATE_TIME.format(time), said.length(), said);
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"));
        var tokens = RawServer.saying(answer)) {
      var key = stage.writeServiceAccountKey(folder, "ci@demo-project.iam.gserviceaccount.com");
      var moved = Files.readString(key).replace(stage.tokens().toString(), tokens.url());
      var script = Shell.jbang("quick_verify.java", "dev", "--project", "demo-project");

      IdentityTests.run(
              stage,
              script
                  .with("GOOGLE_APPLICATION_CREDENTIALS", Files.writeString(key, moved).toString())
                  .with("NO_GCE_CHECK", "true"))
          .exits(2)
          .errContains("invalid_grant (Check your iat and exp.)")
          .errContains("the clock of this machine is 48 h ahead of Google's: sudo timedatectl");
    }
  }

  @Test
  void address_that_cloud_run_was_not_told_of_is_a_wrong_audience() {
    try (var door = refusing(401, 0)) {
      var claims = "\"aud\":\"%s\",\"email\":\"ci@p.iam.gserviceaccount.com\"";
      var token = token(claims.formatted(door.url()));

      assertTold(
          Status.UNVERIFIED,
          "Cloud Run takes only tokens for its own run.app address",
          "services update validibot-worker --add-custom-audiences=" + door.url(),
          refused(door, token));
      assertTold(
          Status.FAILED,
          "the identity may lack the role",
          "--member=serviceAccount:ci@p.iam.gserviceaccount.com",
          refused(door, token, door.url()));
    }
  }

  @ParameterizedTest
  @CsvSource({"401, may be disabled", "403, granted minutes ago"})
  void token_that_is_as_it_should_be_leaves_the_role(int status, String more) {
    try (var door = refusing(status, 0)) {
      var verdict = refused(door, token(PERSON));

      assertTold(Status.FAILED, "the identity may lack the role", "user:ada@example.com", verdict);
      assertTrue(verdict.why().contains(more), verdict::toString);
    }
  }

  @Test
  void token_that_proves_nothing_is_told_as_that() {
    try (var door = refusing(401, 0)) {
      assertTold(
          Status.UNVERIFIED,
          "says that Google never verified it",
          "--impersonate-service-account",
          refused(door, token(PERSON + ",\"email_verified\":false")));
      assertTold(
          Status.UNVERIFIED,
          "no ID token at all",
          "gcloud auth login",
          refused(door, "opaque-words-of-somebody"));
    }
  }
}
