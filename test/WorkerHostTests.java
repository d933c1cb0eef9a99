package test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static test.IdentityTests.asInvoker;
import static test.IdentityTests.of;
import static test.IdentityTests.run;

import com.google.gson.Gson;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import test.TargetTests.FakeServer;

/** A person's token is good for every service that person may invoke, so not any host gets it. */
class WorkerHostTests {

  /** Names that lead to this machine in these tests, without asking anybody. */
  private static final List<String> NAMES =
      List.of(
          "localhost",
          "worker.example.org",
          "validibot-worker-dev-x-uc.a.run.app",
          "worker.run.app.example.org",
          "validibotrun.app",
          "127.0.0.1.example.org");

  private static final HeldCertificate AUTHORITY =
      new HeldCertificate.Builder().certificateAuthority(0).build();

  @TempDir static Path shared;

  @TempDir Path folder;

  @BeforeAll
  static void name_this_machine() throws IOException {
    Files.writeString(shared.resolve("hosts"), "127.0.0.1 " + String.join(" ", NAMES) + "\n");
    Files.writeString(shared.resolve("ca.pem"), AUTHORITY.certificatePem());
  }

  @Test
  void worker_on_this_machine_gets_it() {
    try (var stage = DemoStage.start(dev())) {
      var worker = "http://localhost:" + stage.worker().getPort();

      run(stage, invoker(stage, stage.web().toString(), worker)).exits(0);

      assertEquals(2, asInvoker(stage).size());
    }
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(strings = {"worker.example.org", "worker.run.app.example.org", "validibotrun.app"})
  void another_host_gets_none(String name) {
    try (var stage = overTls()) {
      var worker = at(stage, name);

      run(stage, invoker(stage, stage.web().toString(), worker))
          .exits(2)
          .outContains("The identity token is not sent to " + name)
          .outContains("--trust-worker-host");

      assertEquals(List.of(), of(stage, "worker"));
      assertEquals(List.of(), of(stage, "tokens"), "none is even made");
    }
  }

  @ParameterizedTest(name = "{0} {1}", quoteTextArguments = false)
  @CsvSource({"worker.example.org, --trust-worker-host", "validibot-worker-dev-x-uc.a.run.app, -v"})
  void host_that_is_trusted_or_googles_gets_one_for_itself(String name, String option) {
    try (var stage = overTls()) {
      var key = stage.writeServiceAccountKey(folder, "ci@demo-project.iam.gserviceaccount.com");
      var script = invoker(stage, stage.web().toString(), at(stage, name), option);

      run(stage, script.with("GOOGLE_APPLICATION_CREDENTIALS", key.toString()));

      var sent = asInvoker(stage);
      assertEquals(2, sent.size());
      assertEquals(at(stage, name), audience(sent.get(0).authorization()));
    }
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @ValueSource(
      strings = {
        "worker.example.org",
        "validibot-worker-dev-x-uc.a.run.app",
        "127.0.0.1.example.org"
      })
  void plain_http_gets_none_whatever_is_said(String name) {
    try (var stage = DemoStage.start(dev());
        var worker = new FakeServer(path -> FakeServer.json(200, "{\"status\": \"healthy\"}"))) {
      var url = worker.url().replace("127.0.0.1", name).replaceFirst("/$", "");

      run(stage, invoker(stage, stage.web().toString(), url, "--trust-worker-host"))
          .exits(2)
          .outContains("The identity token is not sent over plain http: " + url);

      assertEquals(List.of(), worker.asked());
      assertEquals(List.of(), of(stage, "tokens"), "none is even made");
    }
  }

  @Test
  void address_that_google_calls_the_workers_own_gets_it() {
    try (var stage = overTls();
        var api = new FakeServer(path -> service(at(stage, "worker.example.org")))) {
      var script =
          script(stage, "dev", "-k", "invoker", "--web-url", stage.web().toString())
              .with("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", api.url());

      run(stage, script).outContains("  worker  " + at(stage, "worker.example.org"));

      assertEquals(2, asInvoker(stage).size());
    }
  }

  @Test
  void address_over_plain_http_gets_none_even_from_google() {
    var url = "http://worker.example.org:1";
    try (var stage = overTls();
        var api = new FakeServer(path -> service(url))) {
      var script =
          script(stage, "dev", "-k", "invoker", "--web-url", stage.web().toString())
              .with("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", api.url());

      run(stage, script).exits(2).outContains("not sent over plain http: " + url);
    }
  }

  @Test
  void web_gets_none_when_it_is_given_for_the_worker_too() {
    try (var stage = DemoStage.start(dev())) {
      var web = stage.web().toString();

      run(stage, invoker(stage, web, web)).exits(2).outIs("").errContains("--worker-url");

      assertEquals(List.of(), stage.exchanges());
    }
  }

  @Test
  void redirect_of_the_worker_is_not_followed() {
    try (var stage = DemoStage.start(dev());
        var elsewhere = new FakeServer(path -> FakeServer.json(200, "{\"status\": \"healthy\"}"));
        var worker = new FakeServer(path -> FakeServer.redirect(elsewhere.url()))) {
      var url = worker.url().replaceFirst("/$", "");

      run(stage, invoker(stage, stage.web().toString(), url))
          .exits(1)
          .outContains("came back: 302 to " + elsewhere.url());

      assertEquals(2, worker.asked().size());
      assertTrue(
          worker.asked().stream()
              .map(it -> it.authorization().replaceFirst("^Bearer ", ""))
              .allMatch(stage.secrets()::contains));
      assertEquals(List.of(), elsewhere.asked());
    }
  }

  @Test
  void redirect_of_web_to_the_worker_is_not_followed() {
    try (var stage = DemoStage.start(dev());
        var web = new FakeServer(path -> FakeServer.redirect(stage.worker() + "/health/"))) {
      var url = web.url().replaceFirst("/$", "");
      var script = script(stage, "dev", "-k", "homepage", web(url), worker(stage.worker() + ""));

      run(stage, script).exits(1).outContains("The redirect leaves the origin");

      assertEquals(List.of(), of(stage, "worker"));
      assertTrue(web.asked().stream().allMatch(it -> it.authorization().isEmpty()));
    }
  }

  @Test
  void redirects_of_googles_servers_are_not_followed() throws IOException {
    try (var stage = DemoStage.start(dev());
        var elsewhere = new FakeServer(path -> FakeServer.json(200, "{}"));
        var google = new FakeServer(path -> FakeServer.redirect(elsewhere.url()))) {
      var api = "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN";
      run(stage, script(stage, "dev").with(api, google.url())).exits(2);
      var client = "32555940559.apps.googleusercontent.com";
      var file = stage.writeAuthorizedUser(folder, client, "ada@example.com");
      var user = Files.readString(file).replace(stage.tokens().toString(), google.url());
      Files.writeString(file, user);
      var script = script(stage, "dev").with("CLOUDSDK_CONFIG", folder.toString());

      run(stage, script.with("GOOGLE_APPLICATION_CREDENTIALS", file.toString())).exits(2);

      // the look-up of what a stage may do without may be overtaken by the end
      var asked = google.asked().stream().filter(it -> !it.path().contains("-mcp"));
      assertEquals(3, asked.count(), "two look-ups, and a token that did not come");
      assertEquals(List.of(), elsewhere.asked(), "which holds what else was sent");
    }
  }

  /** Ask as the invoker only. */
  private static Shell invoker(DemoStage stage, String web, String worker, String... options) {
    var words = Stream.of("dev", "-k", "invoker", web(web), worker(worker));
    return script(stage, Stream.concat(words, Stream.of(options)).toArray(String[]::new))
        .without("GCP_PROJECT_ID"); // else both are looked up, too, and that takes a token
  }

  /** The script as the operator runs it, on a machine that knows our names and our authority. */
  private static Shell script(DemoStage stage, String... words) {
    var all = Stream.concat(Stream.of("verify_deployment.java"), Stream.of(words));
    var ca = Stream.of("--cacert", shared.resolve("ca.pem").toString());
    var script =
        Shell.jbang(Stream.concat(all, ca).toArray(String[]::new))
            .withJvm("-Djdk.net.hosts.file=" + shared.resolve("hosts"));
    stage.environment().forEach(script::with);
    return script;
  }

  private static String web(String url) {
    return "--web-url=" + url;
  }

  private static String worker(String url) {
    return "--worker-url=" + url;
  }

  private static Scenario dev() {
    return Scenario.healthy().stage("dev");
  }

  private static DemoStage overTls() {
    var certificate = new HeldCertificate.Builder().signedBy(AUTHORITY);
    NAMES.forEach(certificate::addSubjectAlternativeName);
    var held = certificate.addSubjectAlternativeName("127.0.0.1").build();
    var tls = new HandshakeCertificates.Builder().heldCertificate(held).build().sslContext();
    return DemoStage.start(dev().over(tls));
  }

  /** The worker, by another name. */
  private static String at(DemoStage stage, String name) {
    return "https://" + name + ":" + stage.worker().getPort();
  }

  private static FakeServer.Answer service(String uri) {
    var json = Map.of("uri", uri, "ingress", "INGRESS_TRAFFIC_ALL");
    return FakeServer.json(200, new Gson().toJson(json));
  }

  private static String audience(String authorization) {
    var claims = Base64.getUrlDecoder().decode(authorization.split("\\.")[1]);
    var json = JsonParser.parseString(new String(claims, UTF_8));
    return json.getAsJsonObject().get("aud").getAsString();
  }
}
