package test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static test.RawServer.say;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lib.demo.DemoStage;
import lib.demo.Exchange;
import lib.demo.Fault;
import lib.demo.Scenario;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import test.Shell.Outcome;
import test.TargetTests.FakeServer;

/** Who a script is to Google: every kind of credential, in its order, and where each may go. */
class IdentityTests {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String SERVICE_ACCOUNT = "ci@demo-project.iam.gserviceaccount.com";
  private static final String TASKS = "validibot-cloudrun-dev@demo-project.iam.gserviceaccount.com";
  private static final String FOREIGN = "x@another.iam.gserviceaccount.com";
  private static final String OPERATOR = "operator@example.com";
  private static final String ADA = "ada@example.com";
  private static final String MACHINE = "runner@demo-project.iam.gserviceaccount.com";
  private static final String GCLOUD_CLIENT = "32555940559.apps.googleusercontent.com";
  private static final String ADC_CLIENT = "764086051850-x.apps.googleusercontent.com";
  private static final String KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS";

  private static final Set<String> GOOGLES_APIS = Set.of("admin", "iamcredentials");

  /** What {@code ./jbang} and a JBang of this machine need to start a script that is built. */
  private static final Set<String> NEEDED =
      Set.of(
          ("jbang java javac mvn sh bash env cat cksum cut dirname grep head id ln mkdir mktemp mv"
                  + " readlink rm rmdir sed sleep sort tail tr uname which")
              .split(" "));

  /** A PATH on which there is no gcloud. */
  @TempDir static Path programs;

  @TempDir Path folder;

  @BeforeAll
  static void leave_gcloud_out() throws IOException {
    for (var name : NEEDED) {
      for (var found : onPath(name).limit(1).toList()) {
        program(programs.resolve(name), "exec '" + found + "' \"$@\"");
      }
    }
  }

  /** How credentials are laid out for a script. */
  private interface Layout {
    Shell apply(Shell script, DemoStage stage, Path folder) throws IOException;
  }

  /**
   * One kind of credential.
   *
   * @param as what the script says who it is
   * @param email whom the worker meets
   * @param callback what the worker answers to that one's callback
   */
  private record Kind(String name, Layout layout, String as, String email, int callback) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind("a key file", IdentityTests::key, SERVICE_ACCOUNT, SERVICE_ACCOUNT, 401),
        new Kind(
            "a person's file, of gcloud's client",
            (script, stage, folder) ->
                script.with(KEY_FILE, user(stage, folder, GCLOUD_CLIENT).toString()),
            "the user of application default credentials",
            ADA,
            401),
        new Kind(
            "the well-known file",
            (script, stage, folder) -> {
              var file = user(stage, folder, GCLOUD_CLIENT);
              Files.move(file, folder.resolve("application_default_credentials.json"));
              return script.with("CLOUDSDK_CONFIG", folder.toString());
            },
            "the user of application default credentials",
            ADA,
            401),
        new Kind("gcloud's account", IdentityTests::gcloud, OPERATOR, OPERATOR, 401),
        new Kind(
            "gcloud's account, in the home folder", IdentityTests::atHome, OPERATOR, OPERATOR, 401),
        new Kind(
            "the account of another configuration",
            (script, stage, folder) ->
                withAda(script, stage, folder).with("CLOUDSDK_ACTIVE_CONFIG_NAME", "other"),
            ADA,
            ADA,
            401),
        new Kind(
            "the account of a variable",
            (script, stage, folder) ->
                withAda(script, stage, folder).with("CLOUDSDK_CORE_ACCOUNT", ADA),
            ADA,
            ADA,
            401),
        new Kind(
            "the metadata server",
            (script, stage, folder) ->
                script.without("NO_GCE_CHECK").with("GCE_METADATA_HOST", stage.metadataHost()),
            "the service account of this machine",
            MACHINE,
            401),
        new Kind(
            "gcloud's account, impersonating by gcloud's property",
            (script, stage, folder) ->
                gcloud(script, stage, folder)
                    .with("CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT", TASKS),
            TASKS + " (impersonated by " + OPERATOR + ")",
            TASKS,
            404),
        new Kind(
            "a key file, impersonating by gcloud's configuration",
            (script, stage, folder) -> {
              configured(stage, "[auth]\nimpersonate_service_account = " + TASKS + "\n");
              return key(gcloud(script, stage, folder), stage, folder);
            },
            TASKS + " (impersonated by " + SERVICE_ACCOUNT + ")",
            TASKS,
            404));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @MethodSource("kinds")
  void invoker_is_let_in_without_a_gcloud_process(Kind kind) throws IOException {
    try (var stage = stage()) {
      var script = verify(stage, "-vv", "-k", "root or invoker");
      var gcloud = gcloud("echo started >\"$0.started\"; exit 1");
      kind.layout().apply(script, stage, folder);

      run(stage, on(gcloud, script)).exits(0).outContains("  as      " + kind.as() + "\n");

      var met = asInvoker(stage);
      assertEquals(List.of(200, kind.callback()), met.stream().map(Exchange::status).toList());
      var claims = claims(met.get(0));
      assertEquals(kind.email(), claims.get("email").getAsString());
      var person = kind.email().endsWith("example.com");
      var audience = person ? GCLOUD_CLIENT : stage.worker().toString();
      assertEquals(audience, claims.get("aud").getAsString());
      assertFalse(Files.exists(gcloud.resolve("gcloud.started")), "gcloud was started");
    }
  }

  @Test
  void option_to_impersonate_beats_gclouds_property_and_needs_no_gcloud_at_all() {
    try (var stage = stage()) {
      var script =
          verify(stage, "-q", "-k", "invoker", "--impersonate-service-account", TASKS)
              .with("CLOUDSDK_CONFIG", stage.environment().get("CLOUDSDK_CONFIG"))
              .with("CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT", FOREIGN)
              .with("PATH", programs.toString());

      run(stage, script).exits(0);

      var token = claims(asInvoker(stage).get(0));
      assertEquals(TASKS, token.get("email").getAsString());
      assertEquals(stage.worker().toString(), token.get("aud").getAsString());
    }
  }

  @Test
  void impersonation_that_is_not_allowed_is_told_as_that() throws IOException {
    try (var stage = stage()) {
      var script =
          gcloud(quick(stage, "--impersonate-service-account", FOREIGN), stage, folder)
              .with("PATH", programs.toString());

      run(stage, script)
          .exits(2)
          .errContains("gcloud's account " + OPERATOR)
          .errContains(FOREIGN)
          .errContains("PERMISSION_DENIED")
          .errContains("roles/iam.serviceAccountTokenCreator");
    }
  }

  @Test
  void application_default_user_looks_up_and_gclouds_account_calls_the_worker() throws IOException {
    try (var stage = stage()) {
      var script =
          gcloud(verify(stage, "-k", "invoker"), stage, folder)
              .with(KEY_FILE, user(stage, folder, ADC_CLIENT).toString());

      run(stage, script)
          .exits(0)
          .outContains("the user of application default credentials; to the worker " + OPERATOR)
          .outContains("because Cloud Run refuses ID tokens of")
          .outContains("gcloud auth login --update-adc");

      assertEquals(OPERATOR, claims(asInvoker(stage).get(0)).get("email").getAsString());
    }
  }

  @Test
  void application_default_user_alone_leaves_the_invokers_tests_open() throws IOException {
    try (var stage = stage()) {
      var script =
          verify(stage, "-k", "root or invoker")
              .with(KEY_FILE, user(stage, folder, ADC_CLIENT).toString());

      run(stage, script)
          .exits(2)
          .outContains("No Google credentials to call the worker")
          .outContains("  gcloud auth login --update-adc\n")
          .outContains("2 not verified, 1 passed");

      assertEquals(List.of(), asInvoker(stage));
    }
  }

  /** A file that is no credential, and a word of the sentence that tells so. */
  private record Broken(String content, String word) {

    @Override
    public String toString() {
      return content.isEmpty() ? "an empty file" : content.strip();
    }
  }

  static Stream<Broken> broken() {
    return Stream.of(
        new Broken("", "no credentials file"),
        new Broken("{\"type\": ", "no credentials file"),
        new Broken("[]", "no credentials file"),
        new Broken("{\"installed\": {\"client_id\": \"x\"}}", "type"),
        new Broken(
            """
            {"type": "service_account", "client_id": "1", "client_email": "%s",
             "private_key_id": "1", "private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEow==\\n"}
            """
                .formatted(SERVICE_ACCOUNT),
            "key"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @MethodSource("broken")
  void broken_file_is_told_in_words(Broken broken) throws IOException {
    try (var stage = stage()) {
      var file = Files.writeString(folder.resolve("broken.json"), broken.content());

      var outcome = run(stage, quick(stage).with(KEY_FILE, file.toString()));

      var line = line(outcome.exits(2), KEY_FILE);
      assertTrue(line.contains(file + ": "), line);
      assertTrue(line.contains(broken.word()), line);
      assertInWords(line);
    }
  }

  @Test
  void wrong_key_is_refused_and_told_in_words() throws IOException {
    try (var stage = stage();
        var other = stage()) {
      var key = read(stage.writeServiceAccountKey(folder, SERVICE_ACCOUNT));
      var wrong = read(other.writeServiceAccountKey(folder, SERVICE_ACCOUNT));
      wrong.add("token_uri", key.get("token_uri"));
      var file = Files.writeString(folder.resolve("wrong.json"), wrong.toString());

      var outcome = run(stage, quick(stage).with(KEY_FILE, file.toString())).exits(2);

      lacks(outcome, other.secrets());
      var line = line(outcome, KEY_FILE);
      assertTrue(line.contains("Invalid JWT Signature"), line);
      assertInWords(line);
    }
  }

  @Test
  void missing_file_falls_through_and_that_is_said() throws IOException {
    try (var stage = stage()) {
      var script = gcloud(verify(stage, "-k", "invoker"), stage, folder);

      run(stage, script.with(KEY_FILE, "/no/such/key.json"))
          .exits(0)
          .outContains("  as      " + OPERATOR)
          .errContains("/no/such/key.json");
    }
  }

  @ParameterizedTest(name = "services looked up: {0}")
  @ValueSource(booleans = {true, false})
  void revoked_sign_in_falls_through_and_the_one_who_asks_is_named(boolean lookedUp)
      throws IOException {
    try (var stage = stage()) {
      var file = user(stage, folder, GCLOUD_CLIENT);
      var user = read(file);
      user.addProperty("refresh_token", "1//0revoked");
      Files.writeString(file, user.toString());
      var addresses =
          lookedUp ? "--no-color" : "--web-url=" + stage.web() + " --worker-url=" + stage.worker();
      var words = ("-k invoker " + addresses).split(" ");
      var script = gcloud(verify(stage, words), stage, folder);

      var outcome = run(stage, script.with(KEY_FILE, file.toString())).exits(0);

      assertEquals(OPERATOR, claims(asInvoker(stage).get(0)).get("email").getAsString());
      outcome.outContains("  as      " + OPERATOR + "\n");
    }
  }

  @Test
  void expired_sign_in_ends_with_all_that_was_tried_in_order() throws IOException {
    try (var stage = DemoStage.start(dev().with(Fault.CREDENTIALS_EXPIRED))) {
      var script = gcloud(quick(stage), stage, folder).with("PATH", programs.toString());

      var outcome = run(stage, script).exits(2).outIs("");

      outcome
          .errContains("No Google credentials to look up the services. Tried, in this order:")
          .errContains("gcloud's account " + OPERATOR + ": invalid_grant")
          .errContains("the gcloud command: not on the PATH")
          .errContains("  gcloud auth login --update-adc\n");
      inOrder(outcome, KEY_FILE, "application default", "gcloud's account", "the gcloud command");
    }
  }

  @Test
  void nothing_at_all_is_told_in_order_and_gcloud_is_not_started() throws IOException {
    try (var stage = stage()) {
      var gcloud = gcloud("echo started >\"$0.started\"; exit 1");

      var outcome = run(stage, on(gcloud, quick(stage))).exits(2).outIs("");

      inOrder(
          outcome,
          KEY_FILE + ": none found",
          "application default credentials: none found",
          "gcloud's account: none found",
          "metadata server: not asked: NO_GCE_CHECK is set",
          "the gcloud command: not started: gcloud has no active account",
          "gcloud auth login --update-adc");
      assertFalse(Files.exists(gcloud.resolve("gcloud.started")), "gcloud was started");
      assertEquals(List.of(), stage.exchanges());
    }
  }

  @Test
  void metadata_server_that_hangs_is_left_in_seconds() throws Exception {
    try (var stage = stage();
        var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var waited = untilHungUp(silent);
      var script =
          quick(stage)
              .without("NO_GCE_CHECK")
              .with("GCE_METADATA_HOST", "127.0.0.1:" + silent.getLocalPort());

      run(stage, script)
          .exits(2)
          .errContains("metadata server: this machine is not on Google Cloud");

      assertBelow(Duration.ofSeconds(3), waited);
    }
  }

  @Test
  void metadata_server_of_a_busy_machine_is_waited_for() throws Exception {
    try (var stage = stage();
        var busy =
            RawServer.speaking(
                (request, caller) -> {
                  Thread.sleep(1000);
                  say(caller, "HTTP/1.1 200 OK\r\nMetadata-Flavor: Google\r\n\r\n");
                })) {
      var script =
          quick(stage)
              .without("NO_GCE_CHECK")
              .with("GCE_METADATA_HOST", "127.0.0.1:" + busy.port());

      run(stage, script).exits(2).errLacks("this machine is not on Google Cloud");

      assertTrue(busy.asked().size() > 1, "a token was asked of it");
    }
  }

  @ParameterizedTest(name = "{1}, for a {0}")
  @CsvSource({
    "key, connection refused",
    "person, connection refused",
    "person, a page with 200",
    "person, a page with 500",
    "person, an error in JSON"
  })
  void token_endpoint_that_gives_none_is_told_in_words(String holder, String trouble)
      throws IOException {
    var page = "<html><title>Sign in to the network</title></html>";
    var answer =
        switch (trouble) {
          case "a page with 200" -> new FakeServer.Answer(200, "text/html", page, Map.of());
          case "a page with 500" -> new FakeServer.Answer(500, "text/html", page, Map.of());
          default -> FakeServer.json(400, "{\"error\": \"invalid_client\"}");
        };
    try (var stage = stage();
        var endpoint = new FakeServer(path -> answer);
        var closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var file =
          holder.equals("key")
              ? stage.writeServiceAccountKey(folder, SERVICE_ACCOUNT)
              : user(stage, folder, GCLOUD_CLIENT);
      moved(
          file,
          trouble.equals("connection refused")
              ? closed.getLocalPort()
              : URI.create(endpoint.url()).getPort());

      var outcome = run(stage, quick(stage).with(KEY_FILE, file.toString())).exits(2);

      var line = line(outcome, KEY_FILE);
      assertInWords(line);
      assertTrue(
          trouble.contains("page") || line.matches(".*(refused|connect|invalid_client).*"), line);
    }
  }

  @ParameterizedTest(name = "of a {0}")
  @ValueSource(strings = {"key", "person"})
  void token_endpoint_that_hangs_is_left_by_the_deadline(String holder) throws Exception {
    try (var stage = stage();
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var waited = untilHungUp(silent);
      var file =
          holder.equals("key")
              ? stage.writeServiceAccountKey(folder, SERVICE_ACCOUNT)
              : user(stage, folder, GCLOUD_CLIENT);
      moved(file, silent.getLocalPort());
      var script = quick(stage, "--deadline", "2").with(KEY_FILE, file.toString());

      assertInWords(run(stage, script).exits(2).outIs("").err());

      assertBelow(Duration.ofSeconds(8), waited);
    }
  }

  @Test
  void credentials_are_not_sent_to_a_token_endpoint_over_plain_http() throws IOException {
    try (var stage = stage()) {
      var file = user(stage, folder, GCLOUD_CLIENT);
      var user = read(file);
      user.addProperty("token_uri", "http://oauth2.example.com/token");
      Files.writeString(file, user.toString());

      run(stage, quick(stage).with(KEY_FILE, file.toString()))
          .exits(2)
          .errContains("refused to send credentials over plain http to oauth2.example.com");
    }
  }

  /** How many there are decides which thread reads what gcloud says. */
  @ParameterizedTest(name = "on {0} processors", quoteTextArguments = false)
  @ValueSource(ints = {1, 3, 4})
  void gcloud_that_fails_is_quoted(int processors) throws IOException {
    try (var stage = stage()) {
      var gcloud =
          gcloud(
              """
              echo "WARNING: Python 3.8 is no longer supported." >&2
              echo "ERROR: (gcloud.auth.print-access-token) Reauthentication failed." >&2
              echo "Please run: gcloud auth login" >&2
              exit 1
              """);
      var script =
          script(stage, "quick_verify.java", "dev")
              .asProcess()
              .withJvm("-XX:ActiveProcessorCount=" + processors);

      run(stage, on(gcloud, script).with("CLOUDSDK_CORE_ACCOUNT", ADA))
          .exits(2)
          .errContains("gcloud's account " + ADA + ": none found")
          .errContains(
              "the gcloud command: gcloud said: ERROR: (gcloud.auth.print-access-token)"
                  + " Reauthentication failed.");
    }
  }

  /** A tick is half a second, or longer on a busy machine. */
  @Test
  void gcloud_that_hangs_is_left_by_the_deadline_and_ended() throws IOException {
    try (var stage = stage()) {
      var gcloud = gcloud("echo $$ >\"$0.pid\"; while :; do echo >>\"$0.ticks\"; sleep 0.5; done");
      var script = quick(stage, "--deadline", "2").with("CLOUDSDK_CORE_ACCOUNT", ADA);

      run(stage, on(gcloud, script).asProcess()).exits(2).outIs("");

      var ticks = Files.readAllLines(gcloud.resolve("gcloud.ticks")).size();
      assertTrue(ticks < 16, ticks + " ticks");
      var pid = Long.parseLong(Files.readString(gcloud.resolve("gcloud.pid")).strip());
      assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }
  }

  /** That nobody vouches for us says nothing of the stage, and strangers need nobody to. */
  @Test
  void gcloud_that_hangs_keeps_no_stranger_waiting() throws IOException {
    try (var stage = stage()) {
      var gcloud = gcloud("while :; do echo >>\"$0.ticks\"; sleep 0.5; done");
      var words = "-k;homepage or root or invoker;--deadline;6;--web-url;%s;--worker-url;%s";
      var script = verify(stage, words.formatted(stage.web(), stage.worker()).split(";"));

      run(stage, on(gcloud, script).with("CLOUDSDK_CORE_ACCOUNT", ADA))
          .exits(2)
          .outContains("dev could not be verified: 2 not verified, 2 passed");

      var ticks = Files.readAllLines(gcloud.resolve("gcloud.ticks")).size();
      assertTrue(ticks < 24, ticks + " ticks");
    }
  }

  @Test
  void gcloud_that_failed_once_is_not_asked_by_every_test() throws IOException {
    try (var stage = stage()) {
      var gcloud = gcloud("echo \"$@\" >>\"$0.log\"; echo ERROR: no. >&2; exit 1");
      var web = "--web-url=" + stage.web();
      var worker = "--worker-url=" + stage.worker();
      var script = on(gcloud, verify(stage, "-q", "-k", "invoker", web, worker));

      run(stage, script.with("CLOUDSDK_CORE_ACCOUNT", ADA)).exits(2);

      assertEquals("auth print-access-token\n", Files.readString(gcloud.resolve("gcloud.log")));
    }
  }

  @Test
  void tokens_of_gcloud_stand_on_no_command_line_and_in_no_output() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/cmdline")), "there is no /proc to look into");
    try (var stage = stage()) {
      var tokens = granted(stage);
      Files.writeString(folder.resolve("access_token"), tokens.get("access_token").getAsString());
      Files.writeString(folder.resolve("id_token"), tokens.get("id_token").getAsString());
      var gcloud =
          gcloud(
              """
              echo "$@" >>"$0.log"
              cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' >>"$0.seen"
              case $2 in
                print-identity-token) cat "${0%/*}/id_token" ;;
                *) cat "${0%/*}/access_token" ;;
              esac
              """);
      var script = on(gcloud, verify(stage, "-vv", "-k", "root or invoker"));

      run(stage, script.with("CLOUDSDK_CORE_ACCOUNT", OPERATOR))
          .exits(0)
          .outContains("  as      " + OPERATOR + " (by the gcloud command)");

      assertEquals(List.of(200, 401), asInvoker(stage).stream().map(Exchange::status).toList());
      assertEquals(
          "auth print-access-token\nauth print-identity-token\n",
          Files.readString(gcloud.resolve("gcloud.log")));
      var seen = Files.readString(gcloud.resolve("gcloud.seen"));
      assertTrue(seen.contains("print-identity-token"), "the command lines were seen");
      stage.secrets().forEach(secret -> assertFalse(seen.contains(secret), "on a command line"));
    }
  }

  @Test
  void real_gcloud_is_not_needed_where_its_files_do() throws IOException {
    try (var stage = stage()) {
      var config = signedInByGcloud(stage, "");
      var script = verify(stage, "-q", "-k", "invoker").with("CLOUDSDK_CONFIG", config.toString());
      var gcloud = gcloud("echo started >\"$0.started\"; exit 1");

      run(stage, on(gcloud, script)).exits(0);
      assertFalse(Files.exists(gcloud.resolve("gcloud.started")), "gcloud was started");

      delete(config.resolve("legacy_credentials"));
      var again = verify(stage, "-k", "invoker").with("CLOUDSDK_CONFIG", config.toString());
      run(stage, quietly(again))
          .exits(0)
          .outContains("  as      " + SERVICE_ACCOUNT + " (by the gcloud command)");
      var audience = claims(asInvoker(stage).get(3)).get("aud").getAsString();
      assertEquals(stage.worker().toString(), audience);
    }
  }

  /** Who impersonates needs the role on the account; the account itself does not have it. */
  @Test
  void real_gcloud_is_asked_for_its_own_account_when_that_impersonates() throws IOException {
    try (var stage = stage()) {
      var config = signedInByGcloud(stage, "[auth]\nimpersonate_service_account = " + TASKS + "\n");
      delete(config.resolve("legacy_credentials"));
      var script = verify(stage, "-q", "-k", "invoker").with("CLOUDSDK_CONFIG", config.toString());

      run(stage, quietly(script)).exits(0);

      var calls = of(stage, "iamcredentials").stream().map(Exchange::path).toList();
      var account = "/v1/projects/-/serviceAccounts/" + TASKS;
      assertEquals(List.of(account + ":generateAccessToken", account + ":generateIdToken"), calls);
    }
  }

  /** Sign in with a key, by the real gcloud, into a directory of its own. */
  private Path signedInByGcloud(DemoStage stage, String more) throws IOException {
    assumeTrue(onPath("gcloud").findAny().isPresent(), "there is no gcloud on the PATH");
    var key = stage.writeServiceAccountKey(folder, SERVICE_ACCOUNT);
    var config = Files.createDirectory(folder.resolve("config"));
    quietly(Shell.run("gcloud", "auth", "activate-service-account", "--key-file=" + key))
        .with("CLOUDSDK_CONFIG", config.toString())
        .exits(0);
    Files.delete(key);
    var configuration = config.resolve("configurations").resolve("config_default");
    Files.writeString(configuration, Files.readString(configuration) + more);
    return config;
  }

  /** Keep the real gcloud from asking anybody but this test. */
  private static Shell quietly(Shell script) {
    return script
        .with("CLOUDSDK_CORE_DISABLE_PROMPTS", "1")
        .with("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "1")
        .with("CLOUDSDK_CORE_CHECK_GCE_METADATA", "0")
        .with("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "1");
  }

  /**
   * Run a script to its end, and expect what must hold for every run: identity tokens reach the
   * worker alone, access tokens Google's APIs alone, and no secret reaches any output.
   */
  static Outcome run(DemoStage stage, Shell script) {
    var outcome = script.within(PATIENCE);
    var secrets = stage.secrets();
    for (var exchange : stage.exchanges()) {
      var token = exchange.authorization().replaceFirst("^Bearer ", "");
      if (secrets.contains(token)) {
        var allowed = token.startsWith("ya29.") ? GOOGLES_APIS : Set.of("worker");
        assertTrue(
            allowed.contains(exchange.server()),
            () -> token.substring(0, 5) + "... reached " + exchange.server() + exchange.path());
      }
      assertTrue(secrets.stream().noneMatch(exchange.path()::contains), exchange::path);
    }
    lacks(outcome, secrets);
    return outcome;
  }

  /** The start of a secret is a leak, too: long texts are cut. */
  private static void lacks(Outcome outcome, Set<String> secrets) {
    for (var secret : secrets) {
      var start = secret.substring(0, Math.min(secret.length(), 40));
      outcome.outLacks(start).errLacks(start);
    }
  }

  /** What reached a server of the stage. */
  static List<Exchange> of(DemoStage stage, String server) {
    return stage.exchanges().stream().filter(it -> it.server().equals(server)).toList();
  }

  /** What reached the worker with an identity token that Google made. */
  static List<Exchange> asInvoker(DemoStage stage) {
    return of(stage, "worker").stream()
        .filter(it -> stage.secrets().contains(it.authorization().replaceFirst("^Bearer ", "")))
        .sorted((one, other) -> Integer.compare(rank(one), rank(other)))
        .toList();
  }

  /** Tests run at the same time, so the order of what they ask has to be made. */
  private static int rank(Exchange exchange) {
    return exchange.path().equals("/health/") ? 0 : 1;
  }

  private static Scenario dev() {
    return Scenario.healthy().stage("dev");
  }

  private static DemoStage stage() {
    return DemoStage.start(dev());
  }

  /** The script on a machine that knows the project, but has no credentials yet. */
  private static Shell script(DemoStage stage, String... words) {
    var script = Shell.script(words);
    stage.environment().entrySet().stream()
        .filter(variable -> !variable.getKey().equals("CLOUDSDK_CONFIG"))
        .forEach(variable -> script.with(variable.getKey(), variable.getValue()));
    return script;
  }

  private static Shell verify(DemoStage stage, String... options) {
    return script(stage, words("verify_deployment.java", options));
  }

  private static Shell quick(DemoStage stage, String... options) {
    return script(stage, words("quick_verify.java", options));
  }

  private static String[] words(String script, String... options) {
    return Stream.concat(Stream.of(script, "dev"), Stream.of(options)).toArray(String[]::new);
  }

  private static Shell key(Shell script, DemoStage stage, Path folder) {
    return script.with(KEY_FILE, stage.writeServiceAccountKey(folder, SERVICE_ACCOUNT).toString());
  }

  private static Path user(DemoStage stage, Path folder, String client) {
    return stage.writeAuthorizedUser(folder, client, ADA);
  }

  private static Shell gcloud(Shell script, DemoStage stage, Path folder) {
    return script.with("CLOUDSDK_CONFIG", config(stage).toString());
  }

  /** Where gcloud's files are without CLOUDSDK_CONFIG; what JBang keeps stays where it is. */
  private static Shell atHome(Shell script, DemoStage stage, Path folder) throws IOException {
    Files.createSymbolicLink(
        Files.createDirectory(folder.resolve(".config")).resolve("gcloud"), config(stage));
    var home = Path.of(System.getProperty("user.home"));
    var cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"));
    var jbang = Optional.ofNullable(System.getenv("JBANG_DIR"));
    return script
        .without("CLOUDSDK_CONFIG")
        .with("HOME", folder.toString())
        .with("XDG_CACHE_HOME", cache.orElse(home.resolve(".cache").toString()))
        .with("JBANG_DIR", jbang.orElse(home.resolve(".jbang").toString()));
  }

  /** Two people have signed in; the operator is the active one. */
  private static Shell withAda(Shell script, DemoStage stage, Path folder) throws IOException {
    var place = Files.createDirectories(config(stage).resolve("legacy_credentials").resolve(ADA));
    Files.move(user(stage, folder, GCLOUD_CLIENT), place.resolve("adc.json"));
    Files.writeString(
        config(stage).resolve("configurations").resolve("config_other"),
        "[core]\naccount = " + ADA + "\n");
    return gcloud(script, stage, folder);
  }

  private static void configured(DemoStage stage, String more) throws IOException {
    var file = config(stage).resolve("configurations").resolve("config_default");
    Files.writeString(file, Files.readString(file) + more);
  }

  private static Path config(DemoStage stage) {
    return Path.of(stage.environment().get("CLOUDSDK_CONFIG"));
  }

  /** Write a gcloud that does what a test wants. */
  private Path gcloud(String commands) throws IOException {
    program(folder.resolve("gcloud"), commands);
    return folder;
  }

  private static void program(Path file, String commands) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private static Stream<Path> onPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(place -> Path.of(place).toAbsolutePath().resolve(program))
        .filter(file -> Files.isExecutable(file) && Files.isRegularFile(file));
  }

  private static Shell on(Path place, Shell script) {
    return script.with("PATH", place + File.pathSeparator + System.getenv("PATH"));
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Point a file of credentials at another token endpoint. */
  private static Path moved(Path file, int port) throws IOException {
    var json = read(file);
    json.addProperty("token_uri", "http://127.0.0.1:" + port + "/token");
    return Files.writeString(file, json.toString());
  }

  /** How long the first caller waits for an answer: seen from this end, start-up is no part. */
  static CompletableFuture<Duration> untilHungUp(ServerSocket server) {
    return CompletableFuture.supplyAsync(
        () -> {
          var began = System.nanoTime();
          try (var caller = server.accept()) {
            began = System.nanoTime();
            caller.getInputStream().readAllBytes();
          } catch (IOException e) {
            // reset, which is an end, too
          }
          return Duration.ofNanos(System.nanoTime() - began);
        },
        task -> new Thread(task, "silent-server").start());
  }

  static void assertBelow(Duration limit, CompletableFuture<Duration> waited) throws Exception {
    var time = waited.get(10, TimeUnit.SECONDS);
    assertTrue(time.compareTo(limit) < 0, time::toString);
  }

  /** Tokens such as gcloud prints for its account. */
  private static JsonObject granted(DemoStage stage) throws IOException {
    var adc = config(stage).resolve("legacy_credentials").resolve(OPERATOR).resolve("adc.json");
    var user = read(adc);
    var form =
        "grant_type=refresh_token&client_id=%s&refresh_token=%s"
            .formatted(
                user.get("client_id").getAsString(), user.get("refresh_token").getAsString());
    var request =
        HttpRequest.newBuilder(URI.create(user.get("token_uri").getAsString()))
            .POST(BodyPublishers.ofString(form))
            .build();
    try {
      var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      return JsonParser.parseString(answer.body()).getAsJsonObject();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private static JsonObject claims(Exchange exchange) {
    var claims = exchange.authorization().split("\\.")[1];
    var json = new String(Base64.getUrlDecoder().decode(claims), UTF_8);
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private static JsonObject read(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  /** The line of stderr that tells of something. */
  private static String line(Outcome outcome, String about) {
    return outcome
        .errContains(about)
        .err()
        .lines()
        .filter(it -> it.contains(about))
        .findFirst()
        .get();
  }

  /** What Java says of an exception is not for people. */
  private static void assertInWords(String line) {
    for (var jargon :
        List.of("Exception", "Cannot invoke", "JsonReader", "java.", "<html", "{\"")) {
      assertFalse(line.contains(jargon), line);
    }
  }

  private static void inOrder(Outcome outcome, String... parts) {
    var at = 0;
    for (var part : parts) {
      outcome.errContains(part);
      var next = outcome.err().indexOf(part, at);
      assertTrue(next >= 0, () -> part + " is too early in:\n" + outcome.err());
      at = next;
    }
  }
}
