package test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static test.RawServer.say;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import lib.http.Proxies;
import lib.target.CannotVerify;
import lib.target.Environment;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proxies of the environment: which is taken, what it is told, and what is said when it refuses.
 */
class ProxyTests {

  private static final String PASSWORD = "p@ss/word-canary";
  private static final String USERINFO = "ada:p%40ss%2Fword-canary";
  private static final String BASIC =
      Base64.getEncoder().encodeToString(("ada:" + PASSWORD).getBytes(UTF_8));
  private static final String WEB = "web.example.org";
  private static final String WORKER = "worker-dev-x-uc.a.run.app";

  /** Let those in who know the password, to whatever name at the port on this machine. */
  private static RawServer open() {
    return RawServer.speaking(
        (request, caller) -> {
          if (!request.contains("Proxy-Authorization: Basic " + BASIC + "\r\n")) {
            say(caller, "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\n\r\n");
            return;
          }
          var port = Integer.parseInt(request.split("[: ]")[2]);
          try (var there = new Socket(InetAddress.getLoopbackAddress(), port)) {
            say(caller, "HTTP/1.1 200 OK\r\n\r\n");
            var back = new Thread(() -> pump(there, caller), "proxy");
            back.setDaemon(true);
            back.start();
            pump(caller, there);
          }
        });
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one of them has gone
    }
  }

  private static RawServer refusing(String status) {
    return RawServer.saying(
        "HTTP/1.1 " + status + "\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nNo");
  }

  private static Shell script(DemoStage stage, String... words) {
    var script = Shell.jbang(words);
    stage.environment().forEach(script::with);
    return script;
  }

  /** No name leads anywhere here without the proxy, which alone is told who we are. */
  @Test
  void stage_behind_a_proxy_is_good_and_the_password_goes_nowhere_else(@TempDir Path folder)
      throws IOException {
    var authority = new HeldCertificate.Builder().certificateAuthority(0).build();
    var certificate =
        new HeldCertificate.Builder()
            .signedBy(authority)
            .addSubjectAlternativeName("*.example.org")
            .addSubjectAlternativeName("*.a.run.app")
            .build();
    var tls = new HandshakeCertificates.Builder().heldCertificate(certificate).build();
    var hosts = Files.writeString(folder.resolve("hosts"), "");
    var bundle = Files.writeString(folder.resolve("ca.pem"), authority.certificatePem());
    try (var proxy = open();
        var stage = DemoStage.start(Scenario.healthy().stage("dev").over(tls.sslContext()))) {
      var script =
          script(
                  stage,
                  "verify_deployment.java;dev;-vv;--cacert;%s;-k;root or auth/me or invoker"
                      .formatted(bundle)
                      .concat(";--web-url=https://%s:%d".formatted(WEB, stage.web().getPort()))
                      .concat(
                          ";--worker-url=https://%s:%d".formatted(WORKER, stage.worker().getPort()))
                      .split(";"))
              .with("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts)
              .with("HTTPS_PROXY", "http://%s@localhost:%d".formatted(USERINFO, proxy.port()));

      // DJANGO_ALLOWED_HOSTS of the demo knows neither name: that it says so shows that it was met.
      var outcome = IdentityTests.run(stage, script).exits(1);

      outcome.outContains("DJANGO_ALLOWED_HOSTS lacks " + WEB);
      outcome.outContains("✓ root refuses strangers");
      assertEquals(2, IdentityTests.asInvoker(stage).size(), "through to the app");
      for (var secret : List.of(PASSWORD, USERINFO, BASIC, "word-canary")) {
        outcome.outLacks(secret).errLacks(secret);
      }
      var names = proxy.asked().stream().map(it -> it.split("[: ]")[1]).collect(Collectors.toSet());
      assertEquals(java.util.Set.of(WEB, WORKER), names, "and nothing of this machine");
      assertTrue(proxy.asked().stream().allMatch(it -> it.startsWith("CONNECT ")));
      assertTrue(proxy.asked().stream().noneMatch(it -> it.contains("eyJ")), "no token");
    }
  }

  /** What a proxy says to one question, and how that is told. */
  @Test
  void refusal_of_a_proxy_is_not_taken_for_an_answer_of_the_stage() throws IOException {
    try (var forbids = refusing("403 Forbidden");
        var asks = refusing("407 Proxy Authentication Required");
        var stage = DemoStage.start(Scenario.healthy().stage("dev"))) {
      var outcome =
          IdentityTests.run(
                  stage,
                  behind("http://" + WORKER, asks.port(), "https://" + WEB, forbids.port(), stage))
              .exits(2);

      var wants = "the proxy 127.0.0.1:%d (http_proxy) wants a user and a password (407)";
      outcome.outContains("came back: 407, but " + wants.formatted(asks.port()));
      var refused = "the proxy 127.0.0.1:%d (https_proxy) did not connect us to %s (403)";
      outcome.outContains("came back: nothing, " + refused.formatted(forbids.port(), WEB));
      outcome.outContains("  export NO_PROXY=" + WEB + "\n").outLacks("✗").outLacks("✓");
    }
    try (var gate = refusing("403 Forbidden");
        var stage = DemoStage.start(Scenario.healthy().stage("dev"))) {
      var outcome =
          IdentityTests.run(
                  stage, behind("http://" + WORKER, gate.port(), "https://" + WEB, 1, stage))
              .exits(2);

      outcome.outContains(
          "came back: 403, but the proxy 127.0.0.1:%d (http_proxy) may have said this itself"
              .formatted(gate.port()));
      outcome.outContains(
          "came back: nothing, the proxy 127.0.0.1:1 (https_proxy) cannot be reached: connection"
              + " refused");
      outcome.outLacks("✗").outLacks("✓");
    }
  }

  private static Shell behind(
      String worker, int httpProxy, String web, int httpsProxy, DemoStage stage) {
    return script(
            stage,
            "verify_deployment.java;dev;-k;not scheduled and not invoker;--web-url=%s;--worker-url=%s"
                .formatted(web, worker)
                .split(";"))
        .without("GCP_PROJECT_ID") // or it is looked up whether there is an MCP service
        .with("http_proxy", "127.0.0.1:" + httpProxy)
        .with("https_proxy", "http://127.0.0.1:" + httpsProxy + "/");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusal_of_a_proxy_is_told_for_googles_servers_too(boolean tokens, @TempDir Path folder)
      throws IOException {
    try (var proxy = refusing("407 Proxy Authentication Required");
        var stage = DemoStage.start(Scenario.healthy().stage("dev"))) {
      var script = script(stage, "quick_verify.java", "dev");
      if (tokens) {
        var client = "32555940559.apps.googleusercontent.com";
        var file = stage.writeAuthorizedUser(folder, client, "ada@example.com");
        var moved =
            Files.readString(file)
                .replace(stage.tokens().toString(), "https://oauth2.example.org/token");
        script
            .with("CLOUDSDK_CONFIG", folder.toString())
            .with("GOOGLE_APPLICATION_CREDENTIALS", Files.writeString(file, moved).toString());
      } else {
        script.with("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", "https://run.example.org/");
      }

      var outcome =
          IdentityTests.run(
                  stage,
                  script.with(
                      "https_proxy", "http://%s@127.0.0.1:%d".formatted(USERINFO, proxy.port())))
              .exits(2)
              .outIs("");

      outcome.errContains(
          "%s.example.org: the proxy 127.0.0.1:%d (https_proxy) does not accept its user and"
                  .formatted(tokens ? "oauth2" : "run", proxy.port())
              + " password (407)");
      outcome.errLacks("canary").errLacks(BASIC).errLacks("1//0");
    }
  }

  @ParameterizedTest(name = "{0} for {1}: {2}", quoteTextArguments = false)
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "https_proxy=http://p:3128                      | https://x.example/        | p:3128",
        "HTTPS_PROXY=http://p:3128                      | https://x.example/        | p:3128",
        "HTTPS_PROXY=http://q:1 https_proxy=p:3128      | https://x.example/        | p:3128",
        "https_proxy=http://p                           | https://x.example/        | p:1080",
        "https_proxy=http://p:80                        | https://x.example/        | p:80",
        "https_proxy=http://p:3128                      | http://x.example/         | -",
        "http_proxy=http://p:3128/                      | http://x.example/         | p:3128",
        "HTTP_PROXY=http://p:3128                       | http://x.example/         | -",
        "all_proxy=p:3128                               | http://x.example/         | p:3128",
        "ALL_PROXY=socks5h://p:1081                     | https://x.example/        | p:1081",
        "ALL_PROXY=q:1 https_proxy=p:3128               | https://x.example/        | p:3128",
        "https_proxy=p:3128 NO_PROXY=*                  | https://x.example/        | -",
        "https_proxy=p:3128 NO_PROXY=x.example          | https://x.example/        | -",
        "https_proxy=p:3128 NO_PROXY=.x.example         | https://a.x.example/      | -",
        "https_proxy=p:3128 NO_PROXY=*.x.example        | https://a.x.example/      | -",
        "https_proxy=p:3128 NO_PROXY=b,X.Example        | https://a.x.example/      | -",
        "https_proxy=p:3128 NO_PROXY=x.example          | https://notx.example/     | p:3128",
        "https_proxy=p:3128 NO_PROXY=x.example:8443     | https://x.example/        | p:3128",
        "https_proxy=p:3128 NO_PROXY=x.example:8443     | https://x.example:8443/   | -",
        "https_proxy=p:3128 NO_PROXY=y no_proxy=x.example | https://x.example/      | -",
        "https_proxy=p:3128 NO_PROXY=10.1.2.3           | https://10.1.2.3/         | -",
        "https_proxy=p:3128 NO_PROXY=2.3                | https://10.1.2.3/         | p:3128",
        "https_proxy=p:3128 NO_PROXY=10.0.0.0/8         | https://10.1.2.3/         | -",
        "https_proxy=p:3128 NO_PROXY=10.0.0.0/16        | https://10.1.2.3/         | p:3128",
        "https_proxy=p:3128 NO_PROXY=10.0.0.0/x         | https://10.1.2.3/         | p:3128",
        "https_proxy=p:3128 NO_PROXY=fd00::/8           | https://[fd00::1]/        | -",
        "https_proxy=p:3128 NO_PROXY=[fd00::1]          | https://[fd00::1]/        | -",
        "https_proxy=p:3128 http_proxy=p:3128           | http://127.0.0.1:8000/    | -",
        "https_proxy=p:3128                             | https://localhost/        | -",
        "https_proxy=p:3128                             | https://[::1]:8443/       | -",
        "all_proxy=p:3128                               | http://169.254.169.254/   | -",
        "all_proxy=p:3128                               | http://metadata.google.internal/ | -"
      })
  void proxy_is_chosen_as_curl_does(String variables, String url, String expected) {
    var proxy = proxies(variables, new ArrayList<>()).select(URI.create(url)).get(0);

    if (expected == null) {
      assertEquals(Proxy.NO_PROXY, proxy);
    } else {
      var address = (InetSocketAddress) proxy.address();
      assertEquals(expected, address.getHostString() + ":" + address.getPort());
      assertEquals(variables.contains("socks"), proxy.type() == Proxy.Type.SOCKS);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https_proxy=https://ada:canary-word@p:3128",
        "https_proxy=socks5://ada:canary-word@p:1080",
        "https_proxy=http://ada:canary-word@p:port",
        "https_proxy=ftp://ada:canary-word@p"
      })
  void proxy_that_cannot_be_used_is_told_without_its_password(String variables) {
    var secrets = new ArrayList<String>();
    var problem = assertThrows(CannotVerify.class, () -> proxies(variables, secrets));

    assertTrue(problem.getMessage().startsWith("https_proxy names no proxy that can be used"));
    assertFalse(problem.getMessage().contains("canary"), problem.getMessage());
    assertTrue(secrets.contains("canary-word"), "known, wherever else it comes from");
  }

  private static Proxies proxies(String variables, List<String> secrets) {
    var environment =
        Stream.of(variables.split(" "))
            .collect(Collectors.toMap(it -> it.split("=")[0], it -> it.split("=", 2)[1]));
    return new Proxies(new Environment(Map.copyOf(environment), Path.of("")), secrets::add);
  }
}
