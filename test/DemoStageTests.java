package test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import lib.demo.DemoStage;
import lib.demo.Exchange;
import lib.demo.Fault;
import lib.demo.Scenario;
import lib.demo.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo stage looks like a Cloud Run deployment to whoever knows only its URLs. */
class DemoStageTests {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String CALLBACKS = "/api/v1/validation-callbacks/";
  private static final String CALLBACK =
      """
      {"run_id": "00000000-0000-4000-8000-000000000000", "callback_id": "1", "callback_nonce": "%s",
       "status": "success", "result_uri": "gs://bucket/result.json"}
      """
          .formatted("n".repeat(43));
  private static final String FORGED = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl";
  private static final String GCLOUD = "32555940559.apps.googleusercontent.com";
  private static final String TASKS =
      "validibot-cloudrun-prod@demo-project.iam.gserviceaccount.com";
  private static final String METADATA = "/.well-known/oauth-protected-resource/mcp/mcp";
  private static final String SERVICES = "v2/projects/demo-project/locations/us-central1/services/";

  @TempDir Path directory;

  @Test
  void web_answers_through_googles_front_end() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var home = get(stage.web().resolve("/"));
      var health = get(stage.web().resolve("/health/"));

      assertEquals(302, home.statusCode());
      assertEquals("/accounts/login/", header(home, "Location"));
      assertEquals("Google Frontend", header(health, "Server"));
      assertEquals("DENY", header(health, "X-Frame-Options"));
      assertTrue(header(health, "Strict-Transport-Security").startsWith("max-age=31536000"));
    }
  }

  @Test
  void sign_in_page_links_another_host_first_and_then_files_that_are_there() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var page = get(stage.web().resolve("/accounts/login/"));
      var links = Pattern.compile("(?:href|src)=\"(.*?)\"").matcher(page.body()).results().toList();

      assertTrue(links.get(0).group(1).startsWith("https://fonts.example.invalid/"));
      var styles = get(stage.web().resolve(links.get(1).group(1)));
      var script = get(stage.web().resolve(links.get(2).group(1)));
      assertEquals(200, styles.statusCode());
      assertTrue(header(styles, "Content-Type").startsWith("text/css"));
      assertEquals(200, script.statusCode());
      assertTrue(header(script, "Content-Type").startsWith("text/javascript"));
      for (var field : List.of("csrfmiddlewaretoken", "login", "password", "next")) {
        assertTrue(page.body().contains("name=\"" + field + "\""), field);
      }
    }
  }

  @Test
  void worker_refuses_whoever_has_no_token_made_for_it() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var worker = stage.worker().resolve(CALLBACKS);
      var adc = stage.writeAuthorizedUser(directory, "764086051850-x", "ada@example.com");

      refused(403, "Error: Forbidden", get(worker));
      refused(401, "Error: Unauthorized", get(worker, bearer(FORGED)));
      refused(401, "Error: Unauthorized", get(worker, bearer(operator(stage, "access_token"))));
      refused(401, "Error: Unauthorized", get(worker, bearer(granted(read(adc), "id_token"))));
      refused(401, "Error: Unauthorized", get(worker, "Authorization", "Basic eDp5"));
    }
  }

  @Test
  void an_invoker_reaches_the_app_which_still_wants_a_task_identity() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var operator = bearer(operator(stage, "id_token"));

      assertEquals(200, get(stage.worker().resolve("/health/"), operator).statusCode());
      assertEquals(500, get(stage.worker(), operator).statusCode());
      var callback = get(stage.worker().resolve(CALLBACKS), operator);
      assertEquals(401, callback.statusCode());
      assertTrue(callback.body().contains("Invalid OIDC identity token."));
    }
  }

  @Test
  void the_task_identity_is_let_in() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var tasks = bearer(impersonated(stage, TASKS, stage.worker().toString(), true));
      var unnamed = bearer(impersonated(stage, TASKS, stage.worker().toString(), false));
      var callbacks = stage.worker().resolve(CALLBACKS);

      assertEquals(405, get(callbacks, tasks).statusCode());
      assertEquals(401, get(callbacks, unnamed).statusCode());
      var unknown = post(callbacks, CALLBACK, tasks);
      assertEquals(404, unknown.statusCode());
      assertEquals("{\"error\":\"Validation run not found\"}", unknown.body());
      var more = CALLBACK.replace("{", "{\"more\": 1, ");
      assertEquals(400, post(callbacks, more, tasks).statusCode());
      assertEquals(400, post(callbacks, "no JSON", tasks).statusCode());
      var noUuid = CALLBACK.replace("00000000-", "");
      assertEquals(500, post(callbacks, noUuid, tasks).statusCode());
    }
  }

  @Test
  void a_missing_slash_is_added_only_where_that_leads_somewhere() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      assertEquals("/health/", header(get(stage.web().resolve("/health")), "Location"));
      assertEquals(404, get(stage.web().resolve("/no%20such%20page")).statusCode());
    }
  }

  @Test
  void healthz_never_reaches_the_app() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      refused(404, "Error 404 (Not Found)!!1", get(stage.web().resolve("/healthz")));
    }
  }

  @Test
  void mcp_service_has_the_known_defect() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var root = json(get(stage.mcp().resolve("/")).body());
      var authenticated = root.getAsJsonObject("surfaces").getAsJsonObject("authenticated");
      var advertised = authenticated.get("oauth_metadata").getAsString();

      assertEquals("validibot-mcp", root.get("service").getAsString());
      for (var refusal :
          List.of(get(stage.mcp().resolve("/mcp")), post(stage.mcp().resolve("/mcp"), "{}"))) {
        assertEquals(401, refusal.statusCode());
        assertEquals("invalid_token", json(refusal.body()).get("error").getAsString());
        var challenge = header(refusal, "WWW-Authenticate");
        assertTrue(challenge.startsWith("Bearer error=\"invalid_token\""), challenge);
        assertTrue(challenge.contains(advertised + "/mcp\""), challenge);
      }
      assertEquals(404, get(URI.create(advertised)).statusCode());
      assertEquals(200, get(URI.create(advertised + "/mcp")).statusCode());
      var server = stage.mcp().resolve("/.well-known/oauth-authorization-server");
      assertEquals(200, get(server).statusCode());
    }
  }

  @Test
  void faults_of_the_edge_are_served_over_https_and_in_clear_where_told() throws Exception {
    var scenario = Scenario.healthy().with(Fault.HTTP_NOT_REDIRECTED, Fault.HSTS_MISSING);
    try (var stage = DemoStage.start(scenario)) {
      var inClear = URI.create("http://" + stage.web().getAuthority() + "/health/");
      var authority = Files.readString(stage.authority().orElseThrow());

      assertEquals("https", stage.web().getScheme());
      assertEquals("http", stage.worker().getScheme());
      assertTrue(authority.startsWith("-----BEGIN CERTIFICATE-----"), authority);
      assertEquals(200, get(inClear).statusCode());
      assertEquals("", header(get(inClear), "Strict-Transport-Security"));
    }
    try (var stage = DemoStage.start(Scenario.healthy().with(Fault.CERTIFICATE_UNTRUSTED))) {
      assertTrue(stage.authority().isEmpty());
      var inClear = HttpRequest.newBuilder(URI.create("http://" + stage.web().getAuthority()));
      assertThrows(IOException.class, () -> send(inClear));
    }
  }

  @Test
  void documented_shape_answers_as_the_older_documents_say() {
    try (var stage = DemoStage.start(Scenario.healthy().shaped(Shape.DOCUMENTED))) {
      for (var path : List.of("/", "/robots.txt", "/api/v1/docs/", "/api/v1/schema/")) {
        assertEquals(200, get(stage.web().resolve(path)).statusCode(), path);
      }
      for (var path : List.of("auth/me/", "orgs/", "workflows/", "users/")) {
        var answer = get(stage.web().resolve("/api/v1/" + path));
        assertEquals(401, answer.statusCode(), path);
        assertEquals("Bearer", header(answer, "WWW-Authenticate"), path);
      }
      var operator = bearer(operator(stage, "id_token"));
      var root = get(stage.worker(), operator);
      assertEquals(404, root.statusCode());
      assertEquals("application/json", header(root, "Content-Type"));
      var withoutNonce = CALLBACK.replaceFirst("\"callback_nonce.*?, *\\R?", "");
      var callback = post(stage.worker().resolve(CALLBACKS), withoutNonce, operator);
      assertEquals(404, callback.statusCode());
      assertTrue(callback.body().contains("Validation run not found"));
    }
  }

  /** Who asks. */
  private enum Caller {
    STRANGER,
    FORGER,
    OPERATOR
  }

  /** What somebody sees who asks for something while a fault is switched on. */
  private record Symptom(
      Fault fault, Caller caller, String method, String where, int status, String mark) {

    @Override
    public String toString() {
      return fault.id() + ": " + method + " " + where + " as " + caller + " is " + status;
    }
  }

  static Stream<Symptom> symptoms() {
    var web = "admin/" + SERVICES + "validibot-web";
    var worker = "admin/" + SERVICES + "validibot-worker";
    var scheduled = "worker/api/v1/scheduled/clear-sessions/";
    var execute = "worker/api/v1/execute-validation-run/";
    return Stream.of(
        stranger(Fault.WORKER_PUBLIC, "worker/health/", 200, "healthy"),
        operator(Fault.WORKER_PUBLIC, worker + ":getIamPolicy", 200, "allUsers"),
        stranger(Fault.IAM_CHECK_OFF, "worker/health/", 200, "healthy"),
        operator(Fault.IAM_CHECK_OFF, worker, 200, "\"invokerIamDisabled\":true"),
        operator(Fault.IAM_CHECK_OFF_PENDING, worker, 200, "\"invokerIamDisabled\":true"),
        stranger(Fault.IAM_CHECK_OFF_PENDING, "worker/", 403, "Error: Forbidden"),
        stranger(Fault.CALLBACK_PUBLIC, "worker" + CALLBACKS, 401, "OIDC"),
        stranger(Fault.CALLBACK_PUBLIC, "worker/", 403, "Error: Forbidden"),
        poster(Fault.CALLBACK_CSRF_ONLY, Caller.STRANGER, 403, "CSRF verification failed"),
        poster(Fault.CALLBACK_POST_PUBLIC, Caller.STRANGER, 401, "OIDC"),
        stranger(Fault.CALLBACK_POST_PUBLIC, "worker" + CALLBACKS, 403, "Error: Forbidden"),
        stranger(Fault.ROOT_PUBLIC, "worker/", 500, "Internal Server Error"),
        stranger(Fault.SCHEDULED_PUBLIC, scheduled, 401, "OIDC"),
        stranger(Fault.OTHER_ENDPOINTS_PUBLIC, execute, 401, "OIDC"),
        new Symptom(
            Fault.FORGED_TOKEN_ACCEPTED, Caller.FORGER, "GET", "worker/health/", 200, "healthy"),
        stranger(Fault.FORGED_TOKEN_ACCEPTED, "worker/health/", 403, "Error: Forbidden"),
        operator(Fault.INVOKER_MISSING, "worker/health/", 403, "Error: Forbidden"),
        stranger(Fault.HOMEPAGE_500, "web/accounts/login/", 500, "Server Error"),
        stranger(Fault.HOMEPAGE_MISSING, "web/", 404, "Page Not Found"),
        stranger(Fault.STATIC_MISSING, "web/static/css/project.5b1f0c3a9d27.css", 404, "<html"),
        stranger(Fault.API_OPEN, "web/api/v1/auth/me/", 200, "email"),
        stranger(Fault.ORGS_OPEN, "web/api/v1/orgs/", 200, "slug"),
        new Symptom(
            Fault.NONSENSE_TOKEN_ACCEPTED,
            Caller.FORGER,
            "GET",
            "web/api/v1/auth/me/",
            200,
            "email"),
        stranger(Fault.DOCS_BREAK_FOR_STRANGERS, "web/api/v1/docs/", 500, "Server Error"),
        stranger(
            Fault.SCHEMA_BREAKS_FOR_STRANGERS, "web/api/v1/schema/", 500, "INTERNAL_SERVER_ERROR"),
        stranger(Fault.API_OFF, "web/api/v1/auth/me/", 404, "Page Not Found"),
        stranger(Fault.LOGIN_OFF, "web/accounts/login/", 404, "Page Not Found"),
        stranger(Fault.WEB_ALLOWED_HOSTS, "web/health/", 400, "Bad Request (400)"),
        operator(Fault.WORKER_ALLOWED_HOSTS, "worker/health/", 400, "Bad Request (400)"),
        stranger(Fault.DATABASE_DOWN, "web/health/", 503, "connection failed"),
        operator(Fault.DATABASE_DOWN, "worker/health/", 503, "connection failed"),
        stranger(Fault.HEALTH_HIDDEN, "web/health/", 404, "no such route"),
        operator(Fault.WORKER_HEALTH_HIDDEN, "worker/health/", 404, "no such route"),
        stranger(Fault.CACHE_DOWN, "web/api/v1/license/features/", 500, "INTERNAL_SERVER_ERROR"),
        stranger(Fault.WEB_DOWN, "web/", 503, "not available yet"),
        stranger(Fault.WORKER_DOWN, "worker/", 403, "Error: Forbidden"),
        operator(Fault.WORKER_DOWN, "worker/", 503, "Error: Server Error"),
        poster(Fault.CALLBACK_ACCEPTED, Caller.OPERATOR, 200, "processed successfully"),
        poster(Fault.WORKER_WANTS_KEY, Caller.OPERATOR, 403, "Worker API key required."),
        stranger(Fault.WORKER_ROUTES_ON_WEB, "web" + CALLBACKS, 401, "OIDC"),
        stranger(Fault.CALLBACK_ON_WEB, "web" + CALLBACKS, 401, "OIDC"),
        stranger(Fault.SCHEDULED_ON_WEB, "web/api/v1/scheduled/clear-sessions/", 401, "OIDC"),
        operator(Fault.INGRESS_INTERNAL, "worker/", 404, "Error: Page not found"),
        operator(Fault.INGRESS_INTERNAL, worker, 200, "INGRESS_TRAFFIC_INTERNAL_ONLY"),
        stranger(Fault.WEB_INGRESS_INTERNAL, "web/", 404, "Error: Page not found"),
        stranger(Fault.WEB_PRIVATE, "web/", 403, "Error: Forbidden"),
        operator(Fault.WEB_MISSING, web, 404, "NOT_FOUND"),
        operator(Fault.WORKER_MISSING, worker, 404, "NOT_FOUND"),
        stranger(Fault.MCP_DOWN, "mcp/", 503, "not available yet"),
        stranger(Fault.MCP_PRIVATE, "mcp/", 403, "Error: Forbidden"),
        stranger(Fault.MCP_OPEN, "mcp/mcp", 400, "Invalid request"),
        stranger(Fault.MCP_ROOT_HIDDEN, "mcp/", 404, "Not Found"),
        stranger(Fault.MCP_ADVERTISES_NOWHERE, "mcp/", 200, "/mcp-server\""),
        stranger(Fault.MCP_OTHER_AUTHORIZATION_SERVER, "mcp" + METADATA, 200, "elsewhere"),
        stranger(Fault.MCP_OAUTH_OFF, "mcp" + METADATA, 404, "Not Found"),
        operator(Fault.MCP_ABSENT, "admin/" + SERVICES + "validibot-mcp", 404, "NOT_FOUND"),
        operator(Fault.ADMIN_DENIED, web, 403, "PERMISSION_DENIED"),
        operator(Fault.ADMIN_BUSY, web, 429, "RESOURCE_EXHAUSTED"),
        operator(Fault.ROLLOUT_FAILED, web, 200, "HEALTH_CHECK_CONTAINER_ERROR"),
        operator(Fault.ROLLOUT_UNDER_WAY, worker, 200, "\"reconciling\":true"),
        operator(Fault.OLD_REVISION_SERVES, web, 200, "\"revision\":\"validibot-web-00007\""),
        operator(Fault.TRAFFIC_PINNED, web, 200, "\"revision\":\"validibot-web-00007\""),
        operator(Fault.IMAGES_DIFFER, worker, 200, ":09e273f"),
        operator(Fault.REPOSITORIES_DIFFER, worker, 200, "/staging/"),
        operator(Fault.STAGE_OF_ANOTHER, worker, 200, "\"value\":\"another\""),
        operator(Fault.REVISION_OF_ANOTHER, worker, 200, "validibot-worker-00008"),
        operator(Fault.IMAGE_OLDER, web, 200, ":09e273f"),
        operator(Fault.VERSION_OLDER, web, 200, "v0.13.2"),
        operator(Fault.VERSIONS_DIFFER, worker, 200, "v0.13.2"),
        operator(Fault.PARKED, web, 200, "INGRESS_TRAFFIC_INTERNAL_ONLY"),
        stranger(Fault.PARKED, "web/", 404, "Error: Page not found"),
        operator(Fault.ALL_AUTHENTICATED, worker + ":getIamPolicy", 200, "allAuthenticatedUsers"),
        operator(Fault.GRANT_PENDING, worker + ":getIamPolicy", 200, "allUsers"),
        stranger(Fault.GRANT_PENDING, "worker/", 403, "Error: Forbidden"),
        operator(Fault.TAG_URL_OPEN, worker, 200, "\"tag\":\"before\""),
        operator(Fault.POLICY_DENIED, web + ":getIamPolicy", 403, "run.services.getIamPolicy"),
        stranger(Fault.WEB_REFUSED, "web/", 403, "Error: Forbidden"),
        operator(Fault.WEB_PROXIED, web + ":getIamPolicy", 200, "user:operator@example.com"),
        stranger(
            Fault.ISSUER_ELSEWHERE,
            "web/.well-known/openid-configuration",
            200,
            "\"issuer\": \"https://elsewhere.example.com\""));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @MethodSource("symptoms")
  void fault_shows(Symptom symptom) {
    try (var stage = DemoStage.start(Scenario.healthy().with(symptom.fault()))) {
      var answer = ask(stage, symptom);

      assertEquals(symptom.status(), answer.statusCode(), answer::body);
      assertTrue(answer.body().contains(symptom.mark()), answer::body);
    }
    try (var healthy = DemoStage.start(Scenario.healthy())) {
      var answer = ask(healthy, symptom);
      var alike = answer.statusCode() == symptom.status() && answer.body().contains(symptom.mark());
      assertEquals(symptom.mark().equals("Error: Forbidden") && guards(symptom), alike);
    }
  }

  /** Some faults must leave a refusal as it is: there the healthy stage answers alike. */
  private static boolean guards(Symptom symptom) {
    return symptom.where().startsWith("worker") && symptom.caller() == Caller.STRANGER;
  }

  @Test
  void another_way_to_the_worker_is_open_and_the_usual_one_is_not() {
    try (var stage = DemoStage.start(Scenario.healthy().with(Fault.ALIAS_OPEN))) {
      var alias = stage.alias().orElseThrow();

      assertEquals(401, get(alias.resolve(CALLBACKS)).statusCode());
      refused(403, "Error: Forbidden", get(stage.worker().resolve(CALLBACKS)));
    }
  }

  @Test
  void every_fault_shows_somewhere() {
    var shown = EnumSet.of(Fault.CREDENTIALS_EXPIRED, Fault.WORKER_HANGS, Fault.ALIAS_OPEN);
    shown.add(Fault.HEALTH_KEPT); // in a header: FaultTests
    // These show in the operator's own tokens, and for a while only: FaultTests and WaitingTests.
    shown.addAll(
        List.of(
            Fault.TOKEN_EXPIRED, Fault.WRONG_AUDIENCE, Fault.ADC_USER_TOKEN, Fault.EMAIL_MISSING));
    shown.addAll(EnumSet.range(Fault.DOOR_SHUTS_LATE, Fault.WEB_STARTS_LATE));
    // These show over https alone: EdgeTests.
    shown.addAll(EnumSet.range(Fault.CERTIFICATE_EXPIRING, Fault.HEADERS_MISSING));
    symptoms().forEach(symptom -> shown.add(symptom.fault()));
    // SignInTests show these.
    Stream.of(Fault.values()).filter(Fault::needsSignIn).forEach(shown::add);

    assertEquals(EnumSet.allOf(Fault.class), shown);
  }

  @Test
  void faults_have_ids_and_short_summaries() {
    assertEquals(Fault.WORKER_PUBLIC, Fault.named("worker-public").orElseThrow());
    assertTrue(Fault.named("nonesuch").isEmpty());
    for (var fault : Fault.values()) {
      assertEquals(fault, Fault.named(fault.id()).orElseThrow());
      assertTrue(fault.summary().length() <= 70, fault.summary());
    }
    assertEquals(Shape.CURRENT, Shape.named("0.14").orElseThrow());
  }

  @Test
  void a_hanging_worker_never_answers_and_does_not_hold_up_the_end() {
    var stage = DemoStage.start(Scenario.healthy().with(Fault.WORKER_HANGS));
    var request = HttpRequest.newBuilder(stage.worker().resolve("/health/"));
    request.setHeader("Authorization", "Bearer " + operator(stage, "id_token"));
    var pending = CLIENT.sendAsync(request.build(), BodyHandlers.ofString());
    var patient = Instant.now().plusSeconds(5);
    while (served(stage, "worker").isEmpty() && Instant.now().isBefore(patient)) {
      Thread.onSpinWait();
    }

    assertFalse(pending.isDone());
    assertEquals(0, served(stage, "worker").get(0).status());
    assertTimeoutPreemptively(Duration.ofSeconds(2), stage::close);
  }

  @Test
  void a_busy_admin_api_gives_in_at_the_third_request() {
    try (var stage = DemoStage.start(Scenario.healthy().with(Fault.ADMIN_BUSY))) {
      var statuses =
          Stream.generate(() -> admin(stage, SERVICES + "validibot-web").statusCode()).limit(4);

      assertEquals(List.of(429, 503, 200, 200), statuses.toList());
    }
  }

  @Test
  void admin_api_describes_a_good_rollout() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var worker = json(admin(stage, SERVICES + "validibot-worker").body());

      assertEquals(stage.worker().toString(), worker.get("uri").getAsString());
      assertEquals(2, worker.getAsJsonArray("urls").size());
      assertEquals(worker.get("generation"), worker.get("observedGeneration"));
      assertEquals(worker.get("latestReadyRevision"), worker.get("latestCreatedRevision"));
      assertEquals(worker.get("traffic"), worker.get("trafficStatuses"));
      assertEquals("INGRESS_TRAFFIC_ALL", worker.get("ingress").getAsString());
      var condition = worker.getAsJsonObject("terminalCondition");
      assertEquals("CONDITION_SUCCEEDED", condition.get("state").getAsString());
      assertTrue(worker.get("template").toString().contains("v0.14.0"));
      assertFalse(worker.has("reconciling"));
    }
  }

  @Test
  void admin_api_tells_who_may_invoke() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var web = admin(stage, SERVICES + "validibot-web:getIamPolicy").body();
      var worker = admin(stage, SERVICES + "validibot-worker:getIamPolicy").body();

      assertTrue(web.contains("roles/run.invoker") && web.contains("allUsers"), web);
      assertTrue(worker.contains("serviceAccount:" + TASKS), worker);
      assertFalse(worker.contains("allUsers"), worker);
    }
  }

  @ParameterizedTest(quoteTextArguments = false)
  @ValueSource(
      strings = {
        "apis/serving.knative.dev/v1/namespaces/demo-project/services",
        "v1/projects/demo-project/locations/-/services"
      })
  void admin_api_finds_services_in_any_region(String path) {
    try (var stage = DemoStage.start(Scenario.healthy().region("europe-west6").stage("dev"))) {
      var items = json(admin(stage, path).body()).getAsJsonArray("items");
      var web = items.get(0).getAsJsonObject();
      var labels = web.getAsJsonObject("metadata").getAsJsonObject("labels");

      assertEquals(3, items.size());
      assertEquals("validibot-web-dev", web.getAsJsonObject("metadata").get("name").getAsString());
      assertEquals("europe-west6", labels.get("cloud.googleapis.com/location").getAsString());
      assertEquals(stage.web().toString(), web.getAsJsonObject("status").get("url").getAsString());
    }
  }

  @Test
  void admin_api_refuses_as_google_does() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var web = stage.admin().resolve(SERVICES + "validibot-web");

      assertEquals("UNAUTHENTICATED", error(get(web), 401));
      assertEquals("UNAUTHENTICATED", error(get(web, bearer(operator(stage, "id_token"))), 401));
      assertEquals("NOT_FOUND", error(admin(stage, SERVICES + "nonesuch"), 404));
      var elsewhere = SERVICES.replace("us-central1", "us-west1") + "validibot-web";
      assertEquals("NOT_FOUND", error(admin(stage, elsewhere), 404));
      var foreign = SERVICES.replace("demo-project", "another") + "validibot-web";
      assertEquals("PERMISSION_DENIED", error(admin(stage, foreign), 403));
    }
  }

  @Test
  void refresh_token_becomes_tokens_of_the_operator() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var claims = claims(operator(stage, "id_token"));

      assertEquals(GCLOUD, claims.get("aud").getAsString());
      assertEquals("operator@example.com", claims.get("email").getAsString());
      assertTrue(claims.get("exp").getAsLong() > Instant.now().getEpochSecond());
      var stolen = adc(stage);
      stolen.addProperty("refresh_token", "1//stolen");
      assertEquals("invalid_grant", json(grant(stolen, 400)).get("error").getAsString());
    }
  }

  @Test
  void expired_credentials_are_an_invalid_grant() {
    try (var stage = DemoStage.start(Scenario.healthy().with(Fault.CREDENTIALS_EXPIRED))) {
      assertEquals("invalid_grant", json(grant(adc(stage), 400)).get("error").getAsString());
    }
  }

  @Test
  void service_account_key_signs_for_both_kinds_of_token() throws Exception {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var email = "ci@demo-project.iam.gserviceaccount.com";
      var key = read(stage.writeServiceAccountKey(directory, email));

      var idToken = asserted(key, signed(key, Map.of("target_audience", "" + stage.worker())), 200);
      var token = idToken.get("id_token").getAsString();
      assertEquals(email, claims(token).get("email").getAsString());
      assertEquals(200, get(stage.worker().resolve("/health/"), bearer(token)).statusCode());
      var access = asserted(key, signed(key, Map.of("scope", "cloud-platform")), 200);
      var services = stage.admin().resolve(SERVICES + "validibot-web");
      var bearer = bearer(access.get("access_token").getAsString());
      assertEquals(200, get(services, bearer).statusCode());
      asserted(key, signed(key, Map.of()).replaceFirst("\\.\\w", ".Z"), 400);
      asserted(key, "no JWT", 400);
      assertTrue(key.get("private_key").getAsString().lines().anyMatch(stage.secrets()::contains));
    }
  }

  @Test
  void iam_credentials_wants_an_access_token_and_an_account_of_the_project() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var access = bearer(operator(stage, "access_token"));
      var generate = "v1/projects/-/serviceAccounts/" + TASKS + ":generateAccessToken";
      var stranger = stage.iamCredentials().resolve(generate);
      var foreign = stage.iamCredentials().resolve(generate.replace("demo-project", "another"));

      assertEquals("UNAUTHENTICATED", error(post(stranger, "{}"), 401));
      assertEquals("PERMISSION_DENIED", error(post(foreign, "{}", access), 403));
      var token = json(post(stranger, "{}", access).body()).get("accessToken").getAsString();
      assertTrue(stage.secrets().contains(token));
    }
  }

  @Test
  void metadata_server_knows_its_machine() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      var host = URI.create("http://" + stage.metadataHost());
      var flavor = new String[] {"Metadata-Flavor", "Google"};
      var account = "/computeMetadata/v1/instance/service-accounts/default/";
      var identity = host.resolve(account + "identity?format=full&audience=" + stage.worker());

      assertEquals("Google", header(get(host.resolve("/")), "Metadata-Flavor"));
      assertEquals(403, get(host.resolve(account + "email")).statusCode());
      var token = get(identity, flavor).body();
      var email = get(host.resolve(account + "email"), flavor).body();
      assertEquals(email, claims(token).get("email").getAsString());
      assertEquals(200, get(stage.worker().resolve("/health/"), bearer(token)).statusCode());
      var access = json(get(host.resolve(account + "token"), flavor).body());
      assertTrue(stage.secrets().contains(access.get("access_token").getAsString()));
      var project = get(host.resolve("/computeMetadata/v1/project/project-id"), flavor);
      assertEquals("demo-project", project.body());
    }
  }

  @Test
  void environment_is_that_of_a_signed_in_operator_and_goes_away() throws IOException {
    var stage = DemoStage.start(Scenario.healthy());
    var environment = stage.environment();
    var gcloud = Path.of(environment.get("CLOUDSDK_CONFIG"));

    assertEquals(gcloud.toString(), stage.environment().get("CLOUDSDK_CONFIG"));
    assertEquals("default", Files.readString(gcloud.resolve("active_config")));
    var configuration = Files.readString(gcloud.resolve("configurations/config_default"));
    assertTrue(configuration.contains("account = operator@example.com"), configuration);
    assertTrue(configuration.contains("project = demo-project"), configuration);
    assertEquals(stage.tokens().toString(), adc(stage).get("token_uri").getAsString());
    assertTrue(stage.secrets().contains(adc(stage).get("refresh_token").getAsString()));
    assertTrue(environment.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN").endsWith("/"));
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(gcloud));
      assertEquals("rwx------", mode);
    }
    stage.close();
    stage.close();
    assertFalse(Files.exists(gcloud));
    assertThrows(IllegalStateException.class, stage::environment);
    assertThrows(IOException.class, () -> send(HttpRequest.newBuilder(stage.web())));
  }

  @Test
  void exchanges_tell_what_reached_which_server() {
    try (var stage = DemoStage.start(Scenario.healthy())) {
      get(stage.worker().resolve("/a?b=c"), bearer(FORGED));
      operator(stage, "id_token");

      assertEquals(
          List.of(
              new Exchange("worker", "GET", "/a?b=c", "Bearer " + FORGED, 401),
              new Exchange("tokens", "POST", "/token", "", 200)),
          stage.exchanges());
    }
  }

  @Test
  void nothing_but_daemons_works_for_the_stage() throws Exception {
    // Other tests have servers, too: threads belong to the group of the one that starts them.
    var group = new ThreadGroup("operator");
    var start = new FutureTask<>(() -> DemoStage.start(Scenario.healthy()));
    var operator = new Thread(group, start);
    operator.start();
    operator.join();
    try (var stage = start.get()) {
      get(stage.web());

      var threads = new Thread[99];
      var working = List.of(Arrays.copyOf(threads, group.enumerate(threads)));
      assertTrue(working.stream().anyMatch(it -> it.getName().equals("HTTP-Dispatcher")));
      assertEquals(List.of(), working.stream().filter(thread -> !thread.isDaemon()).toList());
    }
  }

  @Test
  void latency_is_added() {
    try (var stage = DemoStage.start(Scenario.healthy().delayed(Duration.ofMillis(150)))) {
      var began = System.nanoTime();
      get(stage.web());
      assertTrue(System.nanoTime() - began >= 150_000_000L);
    }
  }

  @Test
  void both_services_can_be_served_over_https() throws Exception {
    var tls = tls(directory.resolve("demo.p12"));
    try (var stage = DemoStage.start(Scenario.healthy().over(tls))) {
      var client = HttpClient.newBuilder().sslContext(tls).build();
      var request = HttpRequest.newBuilder(stage.web().resolve("/health/")).build();

      assertEquals("https", stage.worker().getScheme());
      assertEquals(200, client.send(request, BodyHandlers.ofString()).statusCode());
    }
  }

  private static Symptom stranger(Fault fault, String where, int status, String mark) {
    return new Symptom(fault, Caller.STRANGER, "GET", where, status, mark);
  }

  private static Symptom operator(Fault fault, String where, int status, String mark) {
    return new Symptom(fault, Caller.OPERATOR, "GET", where, status, mark);
  }

  private static Symptom poster(Fault fault, Caller caller, int status, String mark) {
    return new Symptom(fault, caller, "POST", "worker" + CALLBACKS, status, mark);
  }

  private static HttpResponse<String> ask(DemoStage stage, Symptom symptom) {
    var place = symptom.where().split("/", 2);
    var server =
        switch (place[0]) {
          case "web" -> stage.web();
          case "worker" -> stage.worker();
          case "mcp" -> stage.mcp();
          default -> stage.admin();
        };
    var kind = place[0].equals("admin") ? "access_token" : "id_token";
    var headers =
        switch (symptom.caller()) {
          case STRANGER -> new String[0];
          case FORGER -> bearer(FORGED);
          case OPERATOR -> bearer(operator(stage, kind));
        };
    var uri = server.resolve("/" + place[1]);
    return symptom.method().equals("GET") ? get(uri, headers) : post(uri, CALLBACK, headers);
  }

  private static void refused(int status, String mark, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode());
    assertTrue(answer.body().contains(mark), answer::body);
    assertEquals("Google Frontend", header(answer, "Server"));
    assertEquals("text/html; charset=UTF-8", header(answer, "Content-Type"));
    assertEquals("", header(answer, "X-Content-Type-Options"), "nothing of Django's");
  }

  private static HttpResponse<String> admin(DemoStage stage, String path) {
    return get(stage.admin().resolve(path), bearer(operator(stage, "access_token")));
  }

  private static String error(HttpResponse<String> answer, int status) {
    assertEquals(status, answer.statusCode(), answer::body);
    return json(answer.body()).getAsJsonObject("error").get("status").getAsString();
  }

  private static String operator(DemoStage stage, String kind) {
    return granted(adc(stage), kind);
  }

  private static JsonObject adc(DemoStage stage) {
    var gcloud = Path.of(stage.environment().get("CLOUDSDK_CONFIG"));
    return read(gcloud.resolve("legacy_credentials/operator@example.com/adc.json"));
  }

  private static String granted(JsonObject credentials, String kind) {
    return json(grant(credentials, 200)).get(kind).getAsString();
  }

  private static String grant(JsonObject credentials, int status) {
    var form =
        "grant_type=refresh_token&client_id="
            + credentials.get("client_id").getAsString()
            + "&refresh_token="
            + URLEncoder.encode(credentials.get("refresh_token").getAsString(), UTF_8);
    var answer = post(URI.create(credentials.get("token_uri").getAsString()), form);
    assertEquals(status, answer.statusCode(), answer::body);
    return answer.body();
  }

  private static String impersonated(
      DemoStage stage, String email, String audience, boolean includeEmail) {
    var generate = "v1/projects/-/serviceAccounts/" + email + ":generateIdToken";
    var body = new Gson().toJson(Map.of("audience", audience, "includeEmail", includeEmail));
    var access = bearer(operator(stage, "access_token"));
    var answer = post(stage.iamCredentials().resolve(generate), body, access);
    return json(answer.body()).get("token").getAsString();
  }

  private static String signed(JsonObject key, Map<String, String> wish) throws Exception {
    var claims = new JsonObject();
    claims.add("iss", key.get("client_email"));
    claims.add("aud", key.get("token_uri"));
    claims.addProperty("exp", Instant.now().getEpochSecond() + 600);
    wish.forEach(claims::addProperty);
    var unsigned =
        encoded("{\"alg\":\"RS256\"}".getBytes(UTF_8))
            + "."
            + encoded(claims.toString().getBytes(UTF_8));
    var pem = key.get("private_key").getAsString().replaceAll("-----.*?-----|\\s", "");
    var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
    var signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(KeyFactory.getInstance("RSA").generatePrivate(spec));
    signature.update(unsigned.getBytes(UTF_8));
    return unsigned + "." + encoded(signature.sign());
  }

  private static JsonObject asserted(JsonObject key, String assertion, int status) {
    var type = URLEncoder.encode("urn:ietf:params:oauth:grant-type:jwt-bearer", UTF_8);
    var form = "grant_type=" + type + "&assertion=" + URLEncoder.encode(assertion, UTF_8);
    var answer = post(URI.create(key.get("token_uri").getAsString()), form);
    assertEquals(status, answer.statusCode(), answer::body);
    return json(answer.body());
  }

  private static List<Exchange> served(DemoStage stage, String server) {
    return stage.exchanges().stream().filter(it -> it.server().equals(server)).toList();
  }

  private static SSLContext tls(Path store) throws Exception {
    var options = "-genkeypair -alias demo -keyalg RSA -dname CN=demo -ext san=ip:127.0.0.1";
    var command = new ArrayList<>(List.of((options + " -storepass changeit").split(" ")));
    command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString()));
    command.add(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    assertEquals(0, new ProcessBuilder(command).redirectErrorStream(true).start().waitFor());
    var password = "changeit".toCharArray();
    var keys = KeyStore.getInstance(store.toFile(), password);
    var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, password);
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(keys);
    var context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  private static HttpResponse<String> get(URI uri, String... headers) {
    return answered(HttpRequest.newBuilder(uri), headers);
  }

  private static HttpResponse<String> post(URI uri, String body, String... headers) {
    return answered(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)), headers);
  }

  private static HttpResponse<String> answered(HttpRequest.Builder request, String... headers) {
    try {
      return send(headers.length == 0 ? request : request.headers(headers));
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    }
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return CLIENT.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static JsonObject claims(String token) {
    return json(new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), UTF_8));
  }

  private static JsonObject read(Path file) {
    try {
      return json(Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
