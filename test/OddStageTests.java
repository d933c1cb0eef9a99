package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stages that are healthy or broken in ways that the demo stage does not know. */
class OddStageTests {

  private static final String NOT_FOUND = "<title>Page Not Found | Validibot</title>";
  private static final String GOOGLES =
      "<html><head><title>%d %s</title></head><body><h1>Error: %s</h1></body></html>";

  private HttpServer server;
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  /** Answers one request. */
  private interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  private String serving(Handler handler) {
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          try (exchange) {
            handler.answer(exchange);
          }
        });
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static Shell verify(String... arguments) {
    var command = new ArrayList<>(List.of("verify_deployment.java", "dev", "--anonymous"));
    command.addAll(List.of(arguments));
    return Shell.script(command.toArray(String[]::new));
  }

  private static void django(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    exchange.getResponseHeaders().set("X-Frame-Options", "DENY");
    plain(exchange, status, type, body);
  }

  private static void plain(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Test
  void tests_of_one_class_and_of_one_method_run_at_the_same_time() {
    var others = new CyclicBarrier(9);
    var web =
        serving(
            exchange -> {
              if (asked.get() > 1) {
                together(others);
              }
              django(exchange, 404, "text/html", NOT_FOUND);
            });

    verify("--web-url", web, "-k", "scheduled_endpoint_is_not_there").exits(0);
  }

  private static void together(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException("the others did not come", e);
    }
  }

  @Test
  void one_at_a_time_means_that() {
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var web =
        serving(
            exchange -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              Thread.yield();
              now.decrementAndGet();
              django(exchange, 404, "text/html", NOT_FOUND);
            });

    verify("--web-url", web, "-k", "is_not_there", "-n", "1").exits(0);

    assertEquals(11, asked.get());
    assertEquals(1, most.get());
  }

  @Test
  void one_address_that_hangs_does_not_take_the_others_with_it() {
    var web =
        serving(
            exchange -> {
              if (exchange.getRequestURI().getPath().equals("/api/v1/validation-callbacks/")) {
                await(over);
              }
              django(exchange, 404, "text/html", NOT_FOUND);
            });

    // One after another, the one that hangs comes first.
    verify("--web-url", web, "-k", "is_not_there", "-n", "1", "--cold-start", "2")
        .exits(1)
        .outContains("✗ callback endpoint is not there")
        .outContains("1 failed, 10 passed");
  }

  @Test
  void a_service_that_hangs_is_given_up_after_the_second_request() {
    var web = serving(exchange -> await(over));

    verify("--web-url", web, "-k", "is_not_there", "--cold-start", "2", "--timeout", "1")
        .exits(1)
        .outContains("2 failed, 9 not verified");

    assertEquals(2, asked.get());
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertTrue(latch.await(2, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://127.0.0.1/x, The service wants https: give its https address.",
    "https://www.example.com/x, give it: --web-url"
  })
  void redirects_elsewhere_are_one_cause_and_accuse_nobody(String location, String advice) {
    var web =
        serving(
            exchange -> {
              exchange.getResponseHeaders().set("Location", location);
              exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
              plain(exchange, 301, "text/html", "");
            });

    var outcome = verify("--web-url", web).exits(1);

    outcome.outContains("The redirect leaves the origin").outContains(advice);
    outcome.outLacks("APP_ROLE").outLacks("REDIS_URL").outLacks("API fails");
    assertEquals(1, outcome.out().split(java.util.regex.Pattern.quote(advice), -1).length - 1);
  }

  @Test
  void a_gate_before_the_whole_site_accuses_nobody() {
    var web =
        serving(
            exchange -> {
              exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"staging\"");
              django(exchange, 401, "text/html", "<title>Sign in</title>");
            });

    verify("--web-url", web, "-k", "is_not_there").exits(1).outLacks("APP_ROLE");
  }

  @Test
  void an_answer_without_a_location_is_no_redirect_to_itself() {
    var web = serving(exchange -> django(exchange, 304, "text/html", ""));

    verify("--web-url", web, "-k", "is_not_there").exits(1).outLacks("redirects this address");
  }

  @Test
  void a_redirect_to_itself_is_told_as_such() {
    var web =
        serving(
            exchange -> {
              exchange
                  .getResponseHeaders()
                  .set(
                      "Location",
                      "http://"
                          + exchange.getRequestHeaders().getFirst("Host")
                          + exchange.getRequestURI());
              exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
              plain(exchange, 301, "text/html", "");
            });

    verify("--web-url", web, "-k", "not homepage")
        .exits(1)
        .outContains("redirects this address to itself")
        .outLacks("APP_ROLE");
  }

  @Test
  void an_alias_that_lets_callbacks_through_and_nothing_else_is_open() {
    var worker =
        serving(
            exchange -> {
              var alias = exchange.getRequestHeaders().getFirst("Host").startsWith("localhost");
              if (alias && exchange.getRequestMethod().equals("POST")) {
                django(exchange, 404, "application/json", "{\"error\":\"No such run\"}");
              } else {
                plain(exchange, 403, "text/html", GOOGLES.formatted(403, "Forbidden", "Forbidden"));
              }
            });
    var alias = worker.replace("127.0.0.1", "localhost");

    verify("--worker-url", worker, "--worker-alias", alias)
        .exits(1)
        .outContains("✗ every address of the worker is closed")
        .outContains("asked: POST " + alias + "/api/v1/validation-callbacks/")
        .outContains("forge results")
        .outContains("1 failed, 16 passed");
  }

  @ParameterizedTest
  @CsvSource({
    "502, Server Error, text/html",
    "503, Service Unavailable, text/plain",
    "429, Rate, text/plain"
  })
  void trouble_of_googles_own_accuses_nobody(int status, String title, String type) {
    var worker =
        serving(
            exchange -> {
              var broken = exchange.getRequestURI().getPath().contains("clear-sessions");
              var page = GOOGLES.formatted(broken ? status : 403, title, title);
              var html = type.equals("text/html") || !broken;
              plain(
                  exchange, broken ? status : 403, html ? "text/html" : type, html ? page : title);
            });

    verify("--worker-url", worker)
        .exits(2)
        .outContains("? scheduled/clear-sessions refuses strangers")
        .outContains("That is no refusal: either Google itself was in trouble")
        .outContains("get-iam-policy")
        .outContains("1 not verified, 15 passed");
  }

  @Test
  void linked_files_count_whatever_the_case_of_their_type_and_however_they_are_linked() {
    var web =
        serving(
            exchange -> {
              switch (exchange.getRequestURI().toString()) {
                case "/" ->
                    django(
                        exchange,
                        200,
                        "text/html",
                        """
                        <link rel="STYLESHEET" href="//static//css/a.css">
                        <link rel="stylesheet" href="%1$s//static/css/a.css">
                        <script type="application/json" src="/config.json"></script>
                        <script src="/static/js/a.js"></script>
                        """
                            .formatted("http://" + exchange.getRequestHeaders().getFirst("Host")));
                case "//static/css/a.css" -> django(exchange, 200, "Text/CSS", "a {}");
                case "/static/js/a.js" -> django(exchange, 200, "Text/JavaScript", ";");
                default -> django(exchange, 404, "text/html", NOT_FOUND);
              }
            });

    verify("--web-url", web, "-k", "static").exits(0).outContains("✓ static files are served");
  }

  @Test
  void what_a_server_says_is_quoted_without_its_control_characters() {
    var web =
        serving(
            exchange ->
                django(
                    exchange,
                    503,
                    "application/json",
                    "{\"status\":\"unhealthy\",\"database\":\"\\u001b[2Jgone\\n%s\"}"
                        .formatted("x".repeat(3000))));

    var outcome = verify("--web-url", web, "-k", "healthy", "-vv").exits(1);

    outcome.outContains("gone").outLacks("\u001b").outLacks("x".repeat(300));
  }

  @Test
  void a_throttled_stranger_learns_nothing_of_the_cache() {
    var web =
        serving(
            exchange ->
                django(
                    exchange, 429, "application/json", "{\"detail\":\"Request was throttled.\"}"));

    verify("--web-url", web, "-k", "cache").exits(2).outContains("counted too many requests");
  }
}
