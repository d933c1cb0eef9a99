package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lib.demo.DemoStage;
import lib.demo.Fault;
import lib.demo.Scenario;
import lib.google.Addresses;
import lib.google.Closed;
import lib.google.Cloud;
import lib.google.Deployment;
import lib.google.Expected;
import lib.google.Newest;
import lib.google.Open;
import lib.google.Purpose;
import lib.google.SameBuild;
import lib.http.McpAuthorization;
import lib.report.NotKept;
import lib.report.Redaction;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.CannotVerify;
import lib.target.Environment;
import lib.target.Expectations;
import lib.target.Stage;
import lib.target.Target.Part;
import lib.target.TargetOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import test.TargetTests.FakeServer;

/** What is made of Google's word, where it says what the demo stage does not. */
class CloudTests {

  private static final Gson GSON = new Gson();
  private static final String LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
  private static final String REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
  private static final String MCP = "-mcp-";
  private static final String OLD = "validibot-web-dev-00006-abc";
  private static final String NEW = "validibot-web-dev-00007-xyz";

  /** The options of a script that has no others. */
  private record Probe(TargetOptions where, Expectations expectations) {}

  /** Both services as Google describes them, and the policies of both. */
  private final Map<String, Object> service = new LinkedHashMap<>();

  private final List<Map<String, Object>> bindings = new ArrayList<>();

  /** How the MCP service differs from them. */
  private final Map<String, Object> mcp = new LinkedHashMap<>();

  private int statusOfMcp = 200;

  /** How the web service differs from the worker. */
  private final Map<String, Object> web = new LinkedHashMap<>();

  private List<String> options = List.of();

  /** What is said instead of the policies of both. */
  private String policy = "";

  @TempDir Path folder;

  CloudTests() {
    service.put("generation", "7");
    service.put("observedGeneration", "7");
    service.put("ingress", "INGRESS_TRAFFIC_ALL");
    service.put("terminalCondition", condition("Ready", "CONDITION_SUCCEEDED"));
    service.put("traffic", List.of(Map.of("type", LATEST, "percent", 100)));
    service.put("trafficStatuses", List.of(Map.of("type", LATEST, "percent", 100)));
    service.put("latestReadyRevision", "projects/p/locations/r/services/s/revisions/" + NEW);
    service.put("latestCreatedRevision", "projects/p/locations/r/services/s/revisions/" + NEW);
    service.put("template", Map.of("containers", List.of(container("x/y/z:1", "v0.14.0"))));
  }

  @Test
  void requests_that_are_split_are_not_those_of_the_newest_revision() {
    var both = List.of(share(NEW, 10), share(OLD, 90));
    service.put("traffic", both);
    service.put("trafficStatuses", both);

    judged("FAILED", newest(), "are split, on purpose", OLD + " (90%)", NEW + " (10%)");
  }

  @Test
  void requests_that_are_to_go_to_another_revision_do_not_stay_with_the_newest() {
    service.put("traffic", List.of(share(OLD, 100)));

    judged("FAILED", newest(), "do not go where the service wants them, which is " + OLD);
  }

  @Test
  void revision_that_is_not_ready_is_not_the_one_that_serves() {
    service.put("latestReadyRevision", OLD);

    judged("FAILED", newest(), "not ready, and an old one serves", OLD, NEW);
  }

  @Test
  void what_google_does_not_tell_is_not_verified() {
    service.put("trafficStatuses", List.of());
    judged("UNVERIFIED", newest(), "does not tell which revision");
    service.remove("terminalCondition");
    judged("UNVERIFIED", rolledOut(), "does not tell how the last roll-out");
  }

  @Test
  void tag_without_a_share_of_the_requests_changes_nothing() {
    var tag = Map.of("type", REVISION, "revision", OLD, "tag", "t", "uri", "https://t---x.run.app");
    service.put("trafficStatuses", List.of(Map.of("type", LATEST, "percent", 100), tag));

    judged("PASSED", newest());
    judged("PASSED", rolledOut());
  }

  @Test
  void part_that_failed_is_quoted_and_a_stale_success_is_none() {
    service.put("terminalCondition", condition("Ready", "CONDITION_FAILED"));
    service.put("conditions", List.of(condition("RoutesReady", "CONDITION_FAILED")));
    judged("FAILED", rolledOut(), "Ready is CONDITION_FAILED, BECAUSE: Ready, so", "RoutesReady,");

    service.put("terminalCondition", condition("Ready", "CONDITION_SUCCEEDED"));
    service.put("observedGeneration", "6");
    judged("UNVERIFIED", rolledOut(), "under way");
    service.put("reconciling", true);
    judged("SKIPPED", newest(), "is not over: see there");
  }

  @Test
  void roll_out_that_ends_is_seen_when_it_is_asked_for_again() {
    service.put("reconciling", true);

    judged(
        "PASSED",
        deployment -> {
          var cloud = deployment.cloud();
          var early = assertThrows(NotKept.class, () -> Newest.isRolledOut(cloud.latest("web")));
          assertTrue(early.mayChange());
          service.remove("reconciling");
          Newest.isRolledOut(cloud.latest("web"));
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "user:ada@example.com  | roles/run.invoker           | -    | PASSED     | -",
        "allUsers              | roles/run.invoker           | true | FAILED     | condition: true",
        "allUsers              | roles/run.invoker_withcond_1 | -   | FAILED     | withcond",
        "allUsers              | roles/run.servicesInvoker   | -    | FAILED     | servicesInvoker",
        "allAuthenticatedUsers | roles/run.admin             | -    | FAILED     | Google account",
        "allUsers              | roles/run.viewer            | -    | WARNING    | its settings",
        "allAuthenticatedUsers | roles/run.developer         | -    | FAILED     | or delete it",
        "allUsers              | projects/p/roles/mine       | -    | UNVERIFIED |"
            + " run.routes.invoke"
      })
  void policies_are_read_as_google_would(
      String member, String role, String condition, String status, String said) {
    var binding = new HashMap<String, Object>(Map.of("role", role, "members", List.of(member)));
    if (condition != null) {
      binding.put("condition", Map.of("title", "t", "expression", condition));
    }
    bindings.add(binding);

    judged(status, byPolicy(), said == null ? new String[0] : new String[] {said});
  }

  /** What cannot be read grants nothing to anybody, and says so of nobody. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"etag\":\"ACAB\"} | PASSED",
        "{} | UNVERIFIED",
        "{\"policy\":{\"bindings\":[]}} | UNVERIFIED",
        "{\"bindings\":{\"role\":\"roles/run.invoker\",\"members\":[\"allUsers\"]}} | UNVERIFIED",
        "{\"bindings\":[{\"role\":\"roles/run.invoker\",\"members\":\"allUsers\"}]} | UNVERIFIED"
      })
  void what_is_no_policy_is_no_word_of_googles(String json, String status) {
    policy = json;

    judged(status, byPolicy(), status.equals("PASSED") ? "" : "what came is no IAM policy");
  }

  @Test
  void container_that_takes_the_requests_is_the_one_with_a_port() {
    var app = new HashMap<>(container("x/y/app:2", "v0.14.1"));
    app.put("ports", List.of(Map.of("containerPort", 8000)));
    service.put("template", Map.of("containers", List.of(container("proxy:1", "v9"), app)));

    judged("PASSED", expecting("--expect-image=app:2", "--expect-version=0.14.1"));
    judged("FAILED", expecting("--expect-image=proxy:1"), "x/y/app:2");
  }

  @Test
  void two_services_of_one_image_and_version_are_of_one_build() {
    judged(
        "PASSED",
        deployment -> {
          var cloud = deployment.cloud();
          SameBuild.of(cloud.service("web"), cloud.service("worker"));
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "web | web | PASSED | ",
        "web | (none) | PASSED | ",
        "web | (a secret) | PASSED | ",
        "web | worker | FAILED | people find errors only",
        "worker | Worker | PASSED | ",
        "worker | web | FAILED | nothing that is validated is ever done",
        "worker | (none) | WARNING | or one that is kept elsewhere",
        "worker | (a secret) | WARNING | or one that is kept elsewhere"
      })
  void role_is_that_of_the_service(String role, String told, String status, String said) {
    Map<String, Object> variable =
        switch (told) {
          case "(none)" -> Map.of("name", "OTHER", "value", "1");
          case "(a secret)" -> Map.of("name", "APP_ROLE", "valueSource", Map.of());
          default -> Map.of("name", "APP_ROLE", "value", told);
        };
    service.put(
        "template",
        Map.of("containers", List.of(Map.of("image", "x/y/z:1", "env", List.of(variable)))));

    judged(
        status,
        deployment -> Purpose.of(deployment.cloud().service(role), role, Stage.DEV),
        said == null ? "" : said);
  }

  @Test
  void expected_revision_may_be_an_old_one() {
    service.put("trafficStatuses", List.of(share(OLD, 100)));
    judged("FAILED", expecting("--expect-revision=" + OLD), "and are to go to " + NEW + " (100%)");

    service.put("traffic", List.of(share(OLD, 100)));
    judged("PASSED", expecting("--expect-revision=" + OLD));
    judged("FAILED", expecting("--expect-revision=" + NEW), "requests go to " + OLD + " (100%)");
    judged("UNVERIFIED", expecting("--expect-revision=other-1"), "a revision of none of");
    judged("UNVERIFIED", expecting("--expect-image=z:1"), "Google does not tell what those run");
  }

  @Test
  void version_that_a_service_does_not_have_cannot_be_compared() {
    service.put("template", Map.of("containers", List.of(Map.of("image", "x/y/z:1"))));

    judged("UNVERIFIED", expecting("--expect-version=0.14.0"), "VALIDIBOT_VERSION (not set)");
  }

  @Test
  void image_that_is_not_told_is_no_proof_of_one_build() {
    service.remove("template");

    judged(
        "UNVERIFIED",
        deployment -> {
          var cloud = deployment.cloud();
          SameBuild.of(cloud.service("web"), cloud.service("worker"));
        });
  }

  @Test
  void grant_to_everybody_behind_an_internal_ingress_is_still_one() {
    var scenario = Scenario.healthy().with(Fault.WORKER_PUBLIC, Fault.INGRESS_INTERNAL);
    try (var stage = DemoStage.start(scenario)) {
      var deployment = found(stage.environment(), Stage.DEMO);

      var policy = verdict(deployment, byPolicy());
      var addresses =
          verdict(
              deployment, it -> Addresses.refuseStrangers(it.cloud(), it.worker().orElseThrow()));

      assertEquals(Status.FAILED, policy.status());
      assertTrue(policy.why().contains("its ingress alone keeps"), policy.why());
      assertEquals(Status.PASSED, addresses.status(), addresses.toString());
    }
  }

  @Test
  void site_that_answers_although_the_ingress_is_internal_is_another_service() throws IOException {
    service.put("ingress", "INGRESS_TRAFFIC_INTERNAL_ONLY");
    service.put("scaling", Map.of("minInstanceCount", 1));
    var file =
        Files.createDirectories(folder.resolve(".envs/.dev/.google-cloud")).resolve(".django");
    try (var site = DemoStage.start(Scenario.healthy().stage("dev"))) {
      Files.writeString(file, "SITE_URL=" + site.web() + "\n");

      judged(
          "FAILED",
          deployment -> Open.toEverybody(deployment.cloud(), deployment.web().orElseThrow()),
          "302 to /accounts/login/ from the app",
          "its ingress is internal",
          "leads to is not this service");
    }
  }

  @Test
  void stage_is_parked_only_when_its_mcp_service_is_too() {
    service.put("ingress", "INGRESS_TRAFFIC_INTERNAL_ONLY");
    parked("parked or in maintenance: validibot-web-dev, validibot-worker-dev, validibot-mcp-dev");
    mcp.put("ingress", "INGRESS_TRAFFIC_ALL");
    parked("A stage that is parked or in maintenance looks like this, too");
  }

  @Test
  void stage_whose_mcp_service_nobody_may_see_is_parked_all_the_same() {
    service.put("ingress", "INGRESS_TRAFFIC_INTERNAL_ONLY");
    statusOfMcp = 403;
    parked("parked or in maintenance: validibot-web-dev, validibot-worker-dev have");
  }

  @ParameterizedTest(name = "ingress {0}, known as {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "ALL                    | https://mcp.example.org/mcp | https://own.example.org/",
        "INTERNAL_LOAD_BALANCER | https://mcp.example.org/mcp | https://mcp.example.org/",
        "INTERNAL_LOAD_BALANCER | https://own.example.org/mcp | was not given (--mcp-url)",
        "INTERNAL_LOAD_BALANCER | ''                          | was not given (--mcp-url)",
        "INTERNAL_ONLY          | https://mcp.example.org/mcp | was not given (--mcp-url)"
      })
  void mcp_service_is_asked_where_it_can_answer(String ingress, String known, String said) {
    var env = List.of(Map.of("name", "VALIDIBOT_MCP_BASE_URL", "value", known));
    mcp.put("uri", "https://own.example.org");
    mcp.put("ingress", "INGRESS_TRAFFIC_" + ingress);
    mcp.put("template", Map.of("containers", List.of(Map.of("env", env))));
    judged("PASSED", deployment -> mcp(deployment, said));
  }

  @Test
  void mcp_service_may_send_clients_to_the_address_that_it_is_set_up_with() {
    var known = "http://127.0.0.1:MCP_PORT/mcp";
    var env = List.of(Map.of("name", "VALIDIBOT_MCP_BASE_URL", "value", known));
    mcp.put("uri", "http://localhost:MCP_PORT");
    mcp.put("template", Map.of("containers", List.of(Map.of("env", env))));
    judged(
        "PASSED",
        deployment -> {
          var asked = deployment.mcp().orElseThrow();
          assertEquals("localhost", asked.service().url().host());
          McpAuthorization.of(asked);
        });
  }

  @Test
  void mcp_service_that_nobody_may_see_is_outside_and_the_others_are_not() {
    statusOfMcp = 403;
    judged(
        "PASSED",
        deployment -> {
          mcp(deployment, "the Admin API does not tell whether there is validibot-mcp-dev");
          assertTrue(deployment.web().isPresent() && deployment.worker().isPresent());
        });
  }

  @Test
  void service_without_an_address_of_its_own_is_known_at_the_one_given_for_it() {
    web.put("uri", "");
    web.put("defaultUriDisabled", true);
    options = List.of("--web-url=https://site.example.org");

    judged(
        "PASSED",
        deployment -> {
          var service = deployment.web().orElseThrow().service();
          assertEquals("https://site.example.org", service.address());
          assertEquals(List.of(), deployment.cloud().untold());
          Newest.isRolledOut(deployment.cloud().latest("web"));
        });
  }

  private static void mcp(Deployment deployment, String said) {
    var part = deployment.target().mcp();
    var told = part instanceof Part.Within it ? it.service().url() : part;

    assertTrue(told.toString().contains(said), told.toString());
  }

  private void parked(String said) {
    var problem = assertThrows(CannotVerify.class, () -> judged("PASSED", deployment -> {}));

    assertTrue(problem.getMessage().contains(said), problem.getMessage());
  }

  private static Consumer<Deployment> byPolicy() {
    return deployment -> Closed.byPolicy(deployment.cloud(), deployment.worker().orElseThrow());
  }

  private static Consumer<Deployment> newest() {
    return deployment -> Newest.serves(deployment.cloud().service("web"));
  }

  private static Consumer<Deployment> rolledOut() {
    return deployment -> Newest.isRolledOut(deployment.cloud().service("web"));
  }

  private static Consumer<Deployment> expecting(String... options) {
    var expectations = parsed(options).expectations;
    return deployment -> {
      Cloud cloud = deployment.cloud();
      if (!expectations.revisions.isEmpty()) {
        Expected.revisions(cloud, expectations);
      }
      if (expectations.image.isPresent()) {
        Expected.image(cloud, expectations);
      }
      if (expectations.version.isPresent()) {
        Expected.version(cloud, expectations);
      }
    };
  }

  private void judged(String status, Consumer<Deployment> question, String... said) {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"));
        var api =
            new FakeServer(
                path ->
                    FakeServer.json(path.contains(MCP) ? statusOfMcp : 200, json(stage, path)))) {
      var variables = new HashMap<>(stage.environment());
      variables.put("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", api.url());
      var deployment = found(variables, Stage.DEV);
      var verdict = verdict(deployment, question);

      assertEquals(status, verdict.status().name(), verdict.toString());
      for (var words : said) {
        assertTrue(verdict.toString().contains(words), verdict.toString());
      }
    }
  }

  private Deployment found(Map<String, String> variables, Stage stage) {
    return Deployment.find(
        stage,
        parsed(options.toArray(String[]::new)).where,
        new Environment(variables, folder),
        new Redaction(),
        Instant.now().plusSeconds(60),
        true,
        seconds -> {});
  }

  private static Verdict verdict(Deployment deployment, Consumer<Deployment> question) {
    try {
      question.accept(deployment);
      return Verdict.passed();
    } catch (NotKept e) {
      return e.verdict();
    }
  }

  private String json(DemoStage stage, String path) {
    if (path.contains(":getIamPolicy")) {
      return policy.isEmpty() ? GSON.toJson(Map.of("bindings", bindings)) : policy;
    }
    var json = new LinkedHashMap<>(service);
    json.put("uri", (path.contains("-worker-") ? stage.worker() : stage.web()).toString());
    if (path.contains(MCP)) {
      json.putAll(mcp);
    }
    if (path.contains("-web-")) {
      json.putAll(web);
    }
    return GSON.toJson(json).replace("MCP_PORT", "" + stage.mcp().getPort());
  }

  private static Probe parsed(String... options) {
    var probe = new Probe(new TargetOptions(), new Expectations());
    OptionsTests.read(
        it -> {
          probe.where.declare(it);
          probe.expectations.declare(it);
        },
        options);
    return probe;
  }

  private static Map<String, String> condition(String type, String state) {
    return Map.of("type", type, "state", state, "reason", "BECAUSE", "message", type + ", so");
  }

  private static Map<String, Object> share(String revision, int percent) {
    return Map.of("type", REVISION, "revision", revision, "percent", percent);
  }

  private static Map<String, Object> container(String image, String version) {
    var variable = Map.of("name", "VALIDIBOT_VERSION", "value", version);
    return Map.of("image", image, "env", List.of(variable));
  }
}
