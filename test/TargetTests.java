package test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static test.IdentityTests.asInvoker;
import static test.IdentityTests.assertBelow;
import static test.IdentityTests.of;
import static test.IdentityTests.run;
import static test.IdentityTests.untilHungUp;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.demo.DemoStage;
import lib.demo.Exchange;
import lib.demo.Fault;
import lib.demo.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import test.Shell.Outcome;

/** From a stage to its two services, and what is said when the way there is not clear. */
class TargetTests {

  private static final String VERIFY = Shell.REPO.resolve("verify_deployment.java").toString();
  private static final String QUICK = Shell.REPO.resolve("quick_verify.java").toString();
  private static final String RUN_API = "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN";
  private static final String JUST = ".envs/.production/.google-cloud/.just";
  private static final String PLACE = "/v2/projects/demo-project/locations/us-central1/services/";
  private static final String SEARCH = "/services";
  private static final String SETTINGS =
      """
      [core]
      project = %1$s-project
      [run]
      region = %1$s-region
      """;

  @TempDir Path folder;

  @ParameterizedTest(name = "{0} of {1}, given by {2}", quoteTextArguments = false)
  @CsvSource({
    "dev, validibot, default, validibot-web-dev, validibot-worker-dev",
    "staging, acme, variable, acme-web-staging, acme-worker-staging",
    "prod, acme, option, acme-web, acme-worker",
    "dev, acme, file, acme-web-dev, acme-worker-dev"
  })
  void each_stage_has_its_own_services(
      String name, String app, String way, String web, String worker) throws IOException {
    try (var stage = DemoStage.start(Scenario.healthy().stage(name).app(app))) {
      var option = way.equals("option") ? "--app-name=" + app : "--no-color";
      var script = operator(stage, QUICK, name, option).without("GCP_APP_NAME").in(folder);
      if (way.equals("variable")) {
        script.with("GCP_APP_NAME", app);
      } else if (way.equals("file")) {
        write(JUST, "export GCP_APP_NAME=\"" + app + "\"\n");
      }

      run(stage, script).exits(0).outContains(stage.web() + "").outContains(stage.worker() + "");

      assertEquals(List.of(PLACE + web, PLACE + worker), lookedUp(stage));
    }
  }

  @Test
  void both_services_are_asked_for_at_once() throws IOException {
    var both = new CyclicBarrier(2);
    try (var stage = dev();
        var api = new FakeServer(path -> met(both) ? service(stage, path) : FakeServer.HTML_404)) {
      run(stage, operator(stage, QUICK, "dev").with(RUN_API, api.url())).exits(0);
    }
  }

  /** Where settings come from; each source is added to all those that it beats. */
  private enum Source {
    DEFAULT("project (not set)", "region us-west1 (default)", "app name validibot (default)"),
    GCLOUD("project g-project (gcloud", "region g-region (gcloud", "app name validibot (default)"),
    ENV_FILE(
        "project f-project (env file " + JUST + ")",
        "region f-region (env file " + JUST + ")",
        "app name f-app (env file " + JUST + ")"),
    ENVIRONMENT(
        "project e-project (environment GCP_PROJECT_ID)",
        "region e-region (environment GCP_REGION)",
        "app name e-app (environment GCP_APP_NAME)"),
    OPTION(
        "project o-project (--project)",
        "region o-region (--region)",
        "app name o-app (--app-name)");

    private final List<String> shown;

    Source(String... shown) {
      this.shown = List.of(shown);
    }

    boolean isIn(Source strongest) {
      return compareTo(strongest) <= 0;
    }
  }

  @ParameterizedTest
  @EnumSource
  void stronger_source_wins_and_is_shown(Source strongest) throws IOException {
    try (var stage = dev()) {
      var options = "--project=o-project --region=o-region --app-name=o-app".split(" ");
      var script = shown(stage, Source.OPTION.isIn(strongest) ? options : new String[0]);
      if (Source.GCLOUD.isIn(strongest)) {
        write("configurations/config_default", SETTINGS.formatted("g"));
        script.with("CLOUDSDK_CONFIG", folder.toString());
      }
      if (Source.ENV_FILE.isIn(strongest)) {
        write(
            JUST,
            """
            export GCP_PROJECT_ID="f-project"
            export GCP_REGION="f-region"
            export GCP_APP_NAME="f-app"
            """);
      }
      if (Source.ENVIRONMENT.isIn(strongest)) {
        script.with("GCP_PROJECT_ID", "e-project").with("GCP_REGION", "e-region");
        script.with("GCP_APP_NAME", "e-app");
      } else {
        script.with("GCP_PROJECT_ID", "").with("GCP_REGION", " "); // empty is not set
      }

      shows(run(stage, script), strongest.shown.toArray(String[]::new));
      assertEquals(List.of(), of(stage, "admin"));
    }
  }

  @Test
  void gclouds_active_configuration_counts() throws IOException {
    try (var stage = dev()) {
      write("configurations/config_default", SETTINGS.formatted("g"));
      write("configurations/config_other", SETTINGS.formatted("other"));
      write("active_config", "other\n");
      var script = shown(stage).with("CLOUDSDK_CONFIG", folder.toString());

      shows(run(stage, script), "project other-project (gcloud", "region other-region (gcloud");
    }
  }

  @Test
  void gclouds_own_variables_beat_its_files_and_are_named() throws IOException {
    try (var stage = dev()) {
      write("configurations/config_other", SETTINGS.formatted("other"));
      write("configurations/config_third", SETTINGS.formatted("third"));
      write("active_config", "other\n");
      var script =
          shown(stage)
              .with("CLOUDSDK_CONFIG", folder.toString())
              .with("CLOUDSDK_ACTIVE_CONFIG_NAME", "third")
              .with("CLOUDSDK_CORE_PROJECT", "v-project");

      var outcome = run(stage, script);

      shows(outcome, "region third-region (gcloud", "project v-project (");
      outcome.outContains("CLOUDSDK_CORE_PROJECT");
    }
  }

  @Test
  void env_file_is_read_as_a_shell_would_read_it() throws IOException {
    try (var stage = dev()) {
      write(JUST, "export GCP_APP_NAME=not-asked\n");
      write(
          "my.just",
          """
          # export GCP_APP_NAME="commented-out"
          export GCP_PROJECT_ID="overwritten"
          export GCP_PROJECT_ID="two words"   # and a comment
            export GCP_REGION='us-$1'
          GCP_APP_NAME=acme # bare
          SUPERUSER_NAME=Admin User
          echo "Using project $GCP_PROJECT_ID"
          [ -n "$GCP_PROJECT_ID" ] || exit 1
          gcloud config set project "$GCP_PROJECT_ID" && export GCP_ZONE="$(zone)"
          export OTHER="1" && export ANOTHER=2
          export PATH="$HOME/bin:$PATH"
          this is no assignment
          """);

      shows(
          run(stage, shown(stage, "--env-file", folder.resolve("my.just").toString())),
          "project two words (env file my.just)",
          "region us-$1 (env file my.just)",
          "app name acme (env file my.just)");
    }
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(
      strings = {
        "\"${PROJECT}\"",
        "$(gcloud config get project)",
        "`id`",
        "\"${PROJECT:-$(gcloud config get project)}\"",
        "${PROJECT:-'p'}"
      })
  void value_that_needs_a_shell_is_no_guess(String value) throws IOException {
    try (var stage = dev()) {
      var file = write(JUST, "# the project\nexport GCP_PROJECT_ID=" + value + "\n");
      var script = operator(stage, QUICK, "dev").in(folder);

      run(stage, script.without("GCP_PROJECT_ID"))
          .exits(2)
          .outIs("")
          .errContains(file + ", line 2, GCP_PROJECT_ID: bash ")
          .errContains("set GCP_PROJECT_ID in the environment");
      assertEquals(List.of(), stage.exchanges());
    }
  }

  @Test
  void nothing_is_known_of_a_file_with_an_open_quote() throws IOException {
    try (var stage = dev()) {
      var file = write(JUST, "export NOTE=it's\nexport GCP_PROJECT_ID=meant\n");
      var script = operator(stage, QUICK, "dev").in(folder).without("GCP_PROJECT_ID");

      run(stage, script.with("CLOUDSDK_CORE_PROJECT", "another"))
          .exits(2)
          .outIs("")
          .errContains(file + ", line 1, NOTE: a quote is not closed");
      assertEquals(List.of(), stage.exchanges());
    }
  }

  @Test
  void value_that_needs_a_shell_does_not_matter_where_something_stronger_is_set()
      throws IOException {
    try (var stage = dev()) {
      write(JUST, "export GCP_PROJECT_ID=\"$PROJECT\"\n");

      run(stage, operator(stage, QUICK, "dev").in(folder)).exits(0);
    }
  }

  @Test
  void region_that_nobody_configured_is_searched_for_once() {
    try (var stage = dev()) {
      var script = withoutRegion(operator(stage, VERIFY, "dev", "-vv", "-k", "homepage"));

      run(stage, script)
          .exits(0)
          .errContains("us-west1 has no validibot-web-dev: using us-central1")
          .outContains("  region us-central1 (")
          .outLacks("  region us-west1");

      assertEquals(1, asked(stage).stream().filter(it -> it.endsWith(SEARCH)).count());
    }
  }

  @Test
  void several_regions_are_listed_and_none_is_chosen() {
    try (var stage = dev();
        var api = new FakeServer(TargetTests::twoRegions)) {
      var script = withoutRegion(operator(stage, QUICK, "dev")).with(RUN_API, api.url());

      var outcome = run(stage, script).errContains("europe-west1, us-east4 have services");

      failed(outcome, "us-west1 (default)", "Give --region, one of them", "europe-west1");
      var searches = api.asked().stream().filter(it -> it.path().contains("/locations/-/"));
      assertEquals(2, searches.count(), "one for each page");
    }
  }

  @ParameterizedTest(name = "region {0}", quoteTextArguments = false)
  @CsvSource({"configured, it does not exist there.", "not configured, nor in any other region."})
  void region_without_the_services_is_said(String region, String said) {
    var missing = Scenario.healthy().stage("dev").with(Fault.WEB_MISSING, Fault.WORKER_MISSING);
    try (var stage = DemoStage.start(missing)) {
      var script = operator(stage, QUICK, "dev").with("GCP_REGION", "us-west1");
      var configured = region.equals("configured");

      var outcome = run(stage, configured ? script : withoutRegion(script));

      var source = configured ? "us-west1 (environment GCP_REGION)" : "us-west1 (default)";
      failed(outcome, source, said);
      var searched = asked(stage).stream().anyMatch(it -> it.endsWith(SEARCH));
      assertEquals(!configured, searched);
    }
  }

  @Test
  void worker_alone_missing_is_said_of_the_region_that_was_asked() {
    var scenario = Scenario.healthy().stage("dev").region("us-west1");
    try (var stage = DemoStage.start(scenario.with(Fault.WORKER_MISSING))) {
      var outcome = run(stage, withoutRegion(operator(stage, QUICK, "dev")));

      failed(outcome, "us-west1 (default)", "it does not exist there");
      outcome.errContains("URL of validibot-worker-dev in");
    }
  }

  /** What may be wrong with the Admin API, or with what is asked of it. */
  private enum Trouble {
    MISSING("it does not exist there."),
    DENIED("operator@example.com is not allowed to look (roles/run.viewer is needed), or it does"),
    UNAUTHENTICATED("the Admin API does not accept the token of operator@example.com"),
    BUSY("the Admin API is busy (503) and stayed so"),
    CLOSED("127.0.0.1: connection refused"),
    SILENT("127.0.0.1: no answer within 1.0 s"),
    HTML_INSTEAD("127.0.0.1 answered 200, but not in JSON"),
    HTML_404("127.0.0.1 answered 404, but not in JSON"),
    ERROR_500("the Admin API answered 500. It said: INTERNAL Sorry."),
    REDIRECT("answered 302"),
    NOT_ENABLED("the Cloud Run Admin API is not enabled in this project (gcloud services enable"),
    NO_DEFAULT_ADDRESS("its default address is switched off. Give the address that it has instead"),
    NO_ADDRESS("the Admin API knows the service, but it has no address (yet)");

    private final String said;

    Trouble(String said) {
      this.said = said;
    }

    DemoStage stage() {
      var scenario = Scenario.healthy().stage("dev");
      return DemoStage.start(
          switch (this) {
            case MISSING -> scenario.with(Fault.WEB_MISSING);
            case DENIED -> scenario.with(Fault.ADMIN_DENIED);
            default -> scenario;
          });
    }

    FakeServer.Answer answer() {
      var error = "{\"error\": {\"status\": \"%s\", \"message\": \"Sorry.\"}}";
      return switch (this) {
        case UNAUTHENTICATED -> FakeServer.json(401, error.formatted("UNAUTHENTICATED"));
        case BUSY -> FakeServer.json(503, error.formatted("UNAVAILABLE"));
        case HTML_INSTEAD -> new FakeServer.Answer(200, "text/html", "<p>Sign in", Map.of());
        case HTML_404 -> FakeServer.HTML_404;
        case ERROR_500 -> FakeServer.json(500, error.formatted("INTERNAL"));
        case NOT_ENABLED ->
            FakeServer.json(403, error.formatted("DENIED").replace("Sorry", "it is disabled"));
        case NO_DEFAULT_ADDRESS -> FakeServer.json(200, "{\"defaultUriDisabled\": true}");
        case REDIRECT -> FakeServer.redirect("http://127.0.0.1:1/");
        default -> FakeServer.json(200, "{\"reconciling\": true}");
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void trouble_is_told_with_service_place_and_the_line_to_try(Trouble trouble) throws IOException {
    try (var stage = trouble.stage();
        var api = new FakeServer(path -> trouble.answer());
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var url =
          switch (trouble) {
            case MISSING, DENIED -> stage.admin().toString();
            case CLOSED -> "http://127.0.0.1:" + closed.getLocalPort() + "/";
            case SILENT -> "http://127.0.0.1:" + silent.getLocalPort() + "/";
            default -> api.url();
          };
      var script = operator(stage, QUICK, "dev", "--timeout=1", "--deadline=3").with(RUN_API, url);

      var outcome = run(stage, script);

      failed(outcome, "us-central1 (environment GCP_REGION)", trouble.said);
      outcome.outIs("");
      assertEquals(List.of(), of(stage, "web"), "nothing runs");
      if (trouble == Trouble.BUSY) {
        assertTrue(api.asked().size() > 2, "it is asked again");
      }
    }
  }

  @Test
  void api_that_is_busy_at_first_is_asked_again() {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev").with(Fault.ADMIN_BUSY))) {
      run(stage, operator(stage, QUICK, "dev")).exits(0);

      var statuses =
          of(stage, "admin").stream()
              .filter(it -> it.path().endsWith("-web-dev"))
              .map(Exchange::status);
      assertEquals(List.of(429, 503, 200), statuses.toList());
    }
  }

  @Test
  void api_that_hangs_is_left_by_the_deadline_of_the_run() throws Exception {
    try (var stage = dev();
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var waited = untilHungUp(silent);
      var script = operator(stage, QUICK, "dev", "--deadline=2");

      run(stage, script.with(RUN_API, "http://127.0.0.1:" + silent.getLocalPort()))
          .exits(2)
          .errContains("Failed to get service URL");

      assertBelow(Duration.ofSeconds(8), waited);
    }
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "http://run.example.com/, plain http",
    "http://127.0.0.1.example.com/, plain http",
    "run.example.com, no URL"
  })
  void api_that_no_token_may_go_to_is_not_asked(String url, String said) {
    try (var stage = dev()) {
      var outcome = run(stage, operator(stage, QUICK, "dev").with(RUN_API, url)).exits(2).outIs("");

      outcome.errContains(said).errContains(url).errContains(RUN_API);
      assertEquals(List.of(), stage.exchanges(), "not even for a token");
    }
  }

  @Test
  void no_project_is_told_with_the_ways_to_give_one() {
    try (var stage = dev()) {
      var script = operator(stage, QUICK, "dev").with("CLOUDSDK_ACTIVE_CONFIG_NAME", "empty");

      var outcome = run(stage, script.without("GCP_PROJECT_ID")).exits(2).outIs("");

      outcome.errContains("--project").errContains("GCP_PROJECT_ID").errContains("gcloud config");
      outcome.errContains("validibot-web-dev and validibot-worker-dev");
      assertTrue(said(outcome).startsWith("Failed to get service URL"), said(outcome));
      assertEquals(List.of(), stage.exchanges());
    }
  }

  @Test
  void services_at_addresses_given_by_hand_are_looked_up_for_googles_word() {
    try (var stage = dev()) {
      var script = operator(stage, VERIFY, "dev", "-q", web(stage), worker(stage));

      run(stage, script).exits(0).outContains("dev is good: ").errLacks("Not looked up");

      assertTrue(asked(stage).contains(PLACE + "validibot-web-dev"), "" + asked(stage));
      var policy = PLACE + "validibot-worker-dev:getIamPolicy";
      assertTrue(asked(stage).stream().anyMatch(it -> it.startsWith(policy)), "" + asked(stage));
      assertEquals(2, asInvoker(stage).size());
    }
  }

  @Test
  void two_questions_at_addresses_given_by_hand_need_no_look_up() {
    try (var stage = dev()) {
      run(stage, operator(stage, QUICK, "dev", web(stage), worker(stage))).exits(0);

      assertEquals(List.of(), of(stage, "admin"));
    }
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "ROLLOUT_FAILED, false, ✗ web is rolled out",
    "ROLLOUT_FAILED, true, ✗ web is rolled out",
    "ALL_AUTHENTICATED, true, ✗ IAM policy of the worker lets no stranger in"
  })
  void address_given_by_hand_hides_nothing_that_google_tells(
      Fault fault, boolean both, String said) {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev").with(fault))) {
      var more = both ? worker(stage) : "--no-color";

      run(stage, operator(stage, VERIFY, "dev", web(stage), more)).exits(1).outContains(said);
    }
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "no project, ''",
    "denied, operator@example.com is not allowed to look",
    "elsewhere, region us-west1 (--region): it does not exist there.",
    "no API, The Admin API's address is no URL: nonsense",
    "silent, no answer in time"
  })
  void what_google_does_not_tell_of_addresses_given_by_hand_is_said(String why, String said)
      throws IOException {
    var scenario = Scenario.healthy().stage("dev");
    try (var stage =
            DemoStage.start(why.equals("denied") ? scenario.with(Fault.ADMIN_DENIED) : scenario);
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var region = why.equals("elsewhere") ? "--region=us-west1" : "--no-color";
      var script =
          operator(stage, VERIFY, "dev", "--deadline=9", web(stage), worker(stage), region);
      switch (why) {
        case "no project" -> script.without("GCP_PROJECT_ID");
        case "no API" -> script.with(RUN_API, "nonsense");
        case "silent" -> script.with(RUN_API, "http://127.0.0.1:" + silent.getLocalPort());
        default -> {}
      }

      run(stage, script)
          .exits(0)
          .errContains(said)
          .outContains(
              "Google told nothing of web and worker: no roll-out, revision or IAM was judged.")
          .outContains("dev is good as far as asked: ");
    }
  }

  @Test
  void service_of_that_name_elsewhere_is_not_the_one_on_this_machine() {
    try (var stage = dev();
        var another = dev()) {
      run(stage, operator(stage, VERIFY, "dev", web(another), worker(stage)))
          .exits(0)
          .errContains(another.web() + "/ is no address of it.")
          .outContains("Google told nothing of web: no roll-out");
    }
  }

  @Test
  void parked_stage_is_told_as_that_at_the_address_of_its_load_balancer() {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev").with(Fault.PARKED))) {
      for (var script : List.of(VERIFY, QUICK)) {
        run(stage, operator(stage, script, "dev", web(stage)))
            .exits(2)
            .errContains("dev is parked or in maintenance");
      }
      run(stage, operator(stage, VERIFY, "dev", web(stage), worker(stage)))
          .exits(2)
          .outContains("A stage that is parked or in maintenance looks like this.")
          .outLacks("✗ homepage");
    }
  }

  @Test
  void web_address_alone_needs_no_credentials_and_leaves_the_worker_out() {
    try (var stage = dev()) {
      run(stage, stranger(VERIFY, "dev", "-k", "homepage or root", web(stage)))
          .exits(0)
          .outContains("  worker  outside this target: ")
          .outContains("The worker was not asked: it is outside this target.");
      run(stage, stranger(QUICK, "dev", web(stage))).exits(0).outContains("outside this target");

      assertEquals(List.of("web"), servers(stage));
    }
  }

  @Test
  void worker_address_alone_leaves_web_out() {
    try (var stage = dev()) {
      run(stage, stranger(QUICK, "dev", worker(stage))).exits(0).outContains("outside this target");

      assertEquals(List.of("worker"), servers(stage));
    }
  }

  @Test
  void web_address_and_a_project_meant_for_it_look_the_worker_up() {
    try (var stage = dev()) {
      run(stage, operator(stage, QUICK, "dev", web(stage)))
          .exits(0)
          .outContains("worker refuses strangers: " + stage.worker());

      assertEquals(
          List.of(PLACE + "validibot-web-dev", PLACE + "validibot-worker-dev"), lookedUp(stage));
    }
  }

  @Test
  void web_address_and_gclouds_project_of_any_day_leave_the_worker_out() {
    try (var stage = dev()) {
      var script = operator(stage, VERIFY, "dev", "-vv", "-k", "homepage", web(stage));

      run(stage, script.without("GCP_PROJECT_ID"))
          .exits(0)
          .outContains("  project demo-project (gcloud")
          .outContains("  worker  outside this target: ")
          .outLacks("no project to look it up in");

      assertEquals(List.of(), of(stage, "admin"));
    }
  }

  @Test
  void web_address_and_a_project_without_credentials_leave_the_worker_out() {
    try (var stage = dev()) {
      var script = stranger(QUICK, "dev", web(stage)).with("GCP_PROJECT_ID", "demo-project");

      run(stage, script).exits(0).outContains("no Google credentials to look it up with");
    }
  }

  @Test
  void strangers_tests_run_without_credentials_and_the_invokers_are_left_open() {
    try (var stage = dev()) {
      run(stage, stranger(VERIFY, "dev", web(stage), worker(stage)))
          .exits(2)
          .outContains("a stranger: no Google credentials found")
          .outContains("No Google credentials to call the worker. Tried, in this order:")
          .outContains("--anonymous")
          .outContains("dev could not be verified: 2 not verified, 36 passed, 27 skipped");

      assertEquals(List.of(), asInvoker(stage));
    }
  }

  @Test
  void strangers_tests_are_all_there_is_where_that_is_said() {
    try (var stage = dev()) {
      run(stage, stranger(VERIFY, "dev", "--anonymous", web(stage), worker(stage)))
          .exits(0)
          .outContains("Only what a stranger can see was asked (--anonymous).")
          .outContains("dev is good as far as asked: 36 passed, 29 skipped");
      run(stage, operator(stage, VERIFY, "dev", "-q", "--anonymous", "-k", "Worker")).exits(0);

      assertEquals(List.of(), asInvoker(stage), "credentials serve to look up, and no more");
    }
  }

  @ParameterizedTest(name = "of {0}", quoteTextArguments = false)
  @CsvSource({"dev, .dev", "staging, .staging", "prod, .production"})
  void load_balancers_address_is_read_from_the_stages_own_file(String name, String place)
      throws IOException {
    var scenario = Scenario.healthy().stage(name);
    try (var stage = DemoStage.start(scenario.with(Fault.WEB_INGRESS_INTERNAL));
        var balancer = DemoStage.start(scenario)) {
      var file = ".envs/" + place + "/.google-cloud/.django";
      write(file, "SUPERUSER_NAME=Admin User\nSITE_URL=" + balancer.web() + "\n");

      run(stage, operator(stage, QUICK, name).in(folder))
          .exits(0)
          .errContains(
              "ingress internal-and-cloud-load-balancing: asking it at SITE_URL of " + file)
          .outContains("web responds: " + balancer.web());

      assertEquals(List.of(), of(stage, "web"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "WEB_INGRESS_INTERNAL | 1 | ✗ issuer is the public address",
        "CERTIFICATE_EXPIRED  | 1 | ✗ certificate is good and lasts",
        "CERTIFICATE_EXPIRING | 0 | ! certificate is good and lasts",
        "HSTS_MISSING         | 0 | ! HSTS is sent",
        "HEADERS_MISSING      | 0 | ! security headers are sent",
        "MCP_ABSENT           | 0 | ✓ security headers are sent"
      })
  void public_address_is_asked_where_the_stage_and_its_env_file_agree_on_it(
      Fault fault, int exit, String said) throws IOException {
    try (var site = DemoStage.start(Scenario.healthy().stage("dev").with(fault));
        var asked = issuer(site.web().toString())) {
      var more = site.authority().map(it -> "--cacert=" + it).orElse("--no-color");

      run(site, publicAddress(asked, site.web().toString(), more)).exits(exit).outContains(said);

      var others = site.exchanges().stream().filter(it -> it.path().equals("/"));
      assertEquals(fault == Fault.CERTIFICATE_EXPIRED, others.findAny().isEmpty());
    }
  }

  @Test
  void public_address_where_nobody_answers_is_told() throws IOException {
    try (var asked = issuer("http://127.0.0.1:1")) {
      publicAddress(asked, "http://127.0.0.1:1")
          .exits(1)
          .outContains("✗ issuer is the public address")
          .outContains("asked: GET http://127.0.0.1:1/.well-known/openid-configuration");
    }
  }

  @Test
  void address_of_an_env_file_that_was_not_deployed_is_not_asked() throws IOException {
    try (var site = dev();
        var asked = issuer("")) {
      run(site, publicAddress(asked, site.web().toString()))
          .exits(0)
          .outContains("✓ issuer is the public address");

      assertEquals(List.of(), site.exchanges());
    }
  }

  /** The smoke tests of the public address, for a stage that is asked at another. */
  private Shell publicAddress(FakeServer asked, String site, String... more) throws IOException {
    write(".envs/.dev/.google-cloud/.django", "SITE_URL=" + site + "\n");
    var words = List.of(VERIFY, "dev", "-v", "-k", "PublicAddress or issuer", "--anonymous");
    var web = "--web-url=" + asked.url().replaceFirst("/$", "");
    return stranger(
            Stream.of(words, List.of(web), List.of(more))
                .flatMap(List::stream)
                .toArray(String[]::new))
        .in(folder);
  }

  /** A web service that calls that its own address, or the one at which it is asked. */
  private static FakeServer issuer(String address) {
    var own = new AtomicReference<>(address);
    var headers =
        Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Content-Security-Policy", "default-src 'self'",
            "Permissions-Policy", "camera=()");
    var server =
        new FakeServer(
            path ->
                new FakeServer.Answer(
                    200, "application/json", "{\"issuer\": \"" + own.get() + "\"}", headers));
    own.compareAndSet("", server.url());
    return server;
  }

  @ParameterizedTest(name = "SITE_URL {0}", quoteTextArguments = false)
  @CsvSource({
    "(no file), --web-url",
    "SITE_URL=, --web-url",
    "SITE_URL=www.example.org, www.example.org",
    "SITE_URL=\"https://$DOMAIN\", line 1, SITE_URL: bash stops: $DOMAIN in it is not set"
  })
  void web_behind_a_load_balancer_needs_an_address(String content, String said) throws IOException {
    var scenario = Scenario.healthy().stage("dev").with(Fault.WEB_INGRESS_INTERNAL);
    try (var stage = DemoStage.start(scenario)) {
      if (content.startsWith("SITE_URL")) {
        write(".envs/.dev/.google-cloud/.django", content + "\n");
      }

      run(stage, operator(stage, QUICK, "dev").in(folder))
          .exits(2)
          .outIs("")
          .errContains(said)
          .errContains("ingress internal-and-cloud-load-balancing")
          .errContains("--web-url")
          .errLacks("SITE_URL in the environment"); // nobody reads it there
      assertEquals(List.of(), of(stage, "web"));
    }
  }

  /** Words that cannot be meant, and what is said of them. */
  private record Mistake(String said, String... words) {

    @Override
    public String toString() {
      return String.join(" ", words);
    }
  }

  static Stream<Mistake> mistakes() {
    return Stream.of(
        new Mistake("'qa' is no stage: dev, staging, prod or demo", "qa"),
        new Mistake("--web-url': no http or https URL", "dev", "--web-url", "example.org"),
        new Mistake("origin is wanted: https://x.org", "dev", "--web-url", "https://x.org/path"),
        new Mistake("wanted: https://x.org:8443", "dev", "--worker-url=https://x.org:8443/?a=b"),
        new Mistake("user or password", "dev", "--worker-url", "https://ada:s3cret@x.org"),
        new Mistake("'soon' is no number of seconds", "dev", "--timeout", "soon"),
        new Mistake("'0' is no number of seconds above 0", "dev", "--deadline", "0"),
        new Mistake("--env-file", "dev", "--env-file", ""),
        new Mistake("/no/such/.just: no such file", "dev", "--env-file", "/no/such/.just"),
        new Mistake("it is a folder", "dev", "--env-file", "/"),
        new Mistake("--project", "dev", "--project", ""),
        new Mistake("--region", "dev", "--region", ""),
        new Mistake("--app-name", "dev", "--app-name", ""),
        new Mistake("--impersonate-service-account", "dev", "--impersonate-service-account", ""));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @MethodSource("mistakes")
  void mistake_is_told_in_a_sentence(Mistake mistake) {
    try (var stage = dev()) {
      var words = Stream.concat(Stream.of(QUICK), Stream.of(mistake.words()));

      run(stage, operator(stage, words.toArray(String[]::new)))
          .exits(2)
          .outIs("")
          .errContains(mistake.said())
          .errLacks("s3cret")
          .errLacks("Exception")
          .errLacks("java.io");
      assertEquals(List.of(), stage.exchanges());
    }
  }

  @Test
  void env_file_that_is_no_text_is_told() throws IOException {
    var file = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    stranger(QUICK, "dev", "--env-file", file.toString())
        .exits(2)
        .errContains(file + ": it is not UTF-8 text");
  }

  @Test
  void unknown_stage_in_the_environment_is_told_as_that() {
    stranger(QUICK).with("SMOKE_TEST_STAGE", "qa").exits(2).errContains("SMOKE_TEST_STAGE is 'qa'");
  }

  /** The script as somebody runs it whom Google does not know. */
  private static Shell stranger(String... words) {
    return Shell.script(words).with("NO_GCE_CHECK", "true");
  }

  /** The script as the operator runs it who has signed in to gcloud. */
  private static Shell operator(DemoStage stage, String... words) {
    var script = Shell.script(words);
    stage.environment().forEach(script::with);
    return script;
  }

  /** The script that shows its settings, and needs no look-up to do so. */
  private Shell shown(DemoStage stage, String... options) {
    var words =
        Stream.concat(
            Stream.of(VERIFY, "dev", "-vv", "-k", "homepage", "--anonymous"),
            Stream.concat(Stream.of(web(stage), worker(stage)), Stream.of(options)));
    return stranger(words.toArray(String[]::new)).in(folder);
  }

  private static void shows(Outcome outcome, String... settings) {
    outcome.exits(0);
    for (var setting : settings) {
      outcome.outContains("\n  " + setting);
    }
  }

  private static Shell withoutRegion(Shell script) {
    return script
        .without("GCP_REGION")
        .with("CLOUDSDK_ACTIVE_CONFIG_NAME", "empty")
        .with("CLOUDSDK_CORE_ACCOUNT", "operator@example.com");
  }

  /** A look-up failed: this is how that is told. */
  private static void failed(Outcome outcome, String region, String what) {
    failed(outcome, region, what, region.replaceFirst(" .*", ""));
  }

  private static void failed(Outcome outcome, String region, String what, String look) {
    outcome.exits(2).errContains(what);
    var project = "project demo-project (environment GCP_PROJECT_ID), region " + region + ":\n";
    outcome.errContains(project);
    var said = said(outcome);
    var service = said.replaceFirst("(?s)^Failed to get service URL of (\\S+) in project.*", "$1");
    assertFalse(service.equals(said), said);
    var place = " --region=" + look + " --project=demo-project";
    var last = "\n  gcloud run services describe " + service + place;
    assertTrue(said.endsWith(last), said);
  }

  /** What the script says on stderr; JBang says there that it builds. */
  private static String said(Outcome outcome) {
    return outcome
        .err()
        .lines()
        .filter(it -> !it.contains("jbang"))
        .collect(Collectors.joining("\n"));
  }

  private static String web(DemoStage stage) {
    return "--web-url=" + stage.web();
  }

  private static String worker(DemoStage stage) {
    return "--worker-url=" + stage.worker();
  }

  private static DemoStage dev() {
    return DemoStage.start(Scenario.healthy().stage("dev"));
  }

  private static List<String> asked(DemoStage stage) {
    return of(stage, "admin").stream().map(Exchange::path).toList();
  }

  /** What was looked up, sorted; both look-ups go out at once. */
  private static List<String> lookedUp(DemoStage stage) {
    return asked(stage).stream().sorted().toList();
  }

  private static List<String> servers(DemoStage stage) {
    return List.copyOf(
        stage.exchanges().stream()
            .map(Exchange::server)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private Path write(String name, String content) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private static FakeServer.Answer service(DemoStage stage, String path) {
    var url = path.contains("-worker-") ? stage.worker() : stage.web();
    var json = Map.of("uri", url.toString(), "ingress", "INGRESS_TRAFFIC_ALL");
    return FakeServer.json(200, new Gson().toJson(json));
  }

  /** Only the second path of the v1 API is there, and its list has two pages. */
  private static FakeServer.Answer twoRegions(String path) {
    if (!path.startsWith("/v1/projects/demo-project/locations/-/services")) {
      return FakeServer.json(404, "{\"error\": {\"status\": \"NOT_FOUND\"}}");
    }
    var second = path.contains("continue=more");
    var items =
        Stream.of("validibot-web-dev", "validibot-worker-dev")
            .map(name -> item(name, second ? "europe-west1" : "us-east4"))
            .toList();
    var metadata = second ? Map.of() : Map.of("continue", "more");
    return FakeServer.json(200, new Gson().toJson(Map.of("metadata", metadata, "items", items)));
  }

  private static Map<String, Object> item(String name, String region) {
    var labels = Map.of("cloud.googleapis.com/location", region);
    return Map.of("metadata", Map.of("name", name, "labels", labels));
  }

  private static boolean met(CyclicBarrier others) {
    try {
      others.await(10, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      return false;
    }
  }

  /** A server on loopback that answers as a test says, and remembers who asked for what. */
  static final class FakeServer implements AutoCloseable {

    static final Answer HTML_404 =
        new Answer(404, "text/html", "<title>404</title>Not here.", Map.of());

    /** What it says. */
    record Answer(int status, String type, String body, Map<String, String> headers) {}

    /** What it was asked. */
    record Asked(String path, String authorization, String body) {}

    /** What it says to whom. */
    interface Answering {
      Answer to(String path);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    FakeServer(Answering answering) {
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server.setExecutor(threads);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              var path = exchange.getRequestURI().toString();
              var authorization = exchange.getRequestHeaders().getFirst("Authorization");
              var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
              asked.add(new Asked(path, authorization == null ? "" : authorization, body));
              var answer = answering.to(path);
              answer.headers().forEach(exchange.getResponseHeaders()::set);
              exchange.getResponseHeaders().set("Content-Type", answer.type());
              var bytes = answer.body().getBytes(UTF_8);
              exchange.sendResponseHeaders(answer.status(), bytes.length);
              exchange.getResponseBody().write(bytes);
            }
          });
      server.start();
    }

    static Answer json(int status, String body) {
      return new Answer(status, "application/json", body, Map.of());
    }

    static Answer redirect(String location) {
      return new Answer(302, "text/html", "Found", Map.of("Location", location));
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    List<Asked> asked() {
      return new ArrayList<>(asked);
    }

    @Override
    public void close() {
      server.stop(0);
      threads.shutdownNow();
    }
  }
}
