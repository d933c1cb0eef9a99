package test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sign-ins that the demo stage does not know: other cookies, other redirects, other parts. */
class OddSignInTests {

  private static final String SESSION = "b3f1c07a55";
  private static final String FORM =
      """
      <form method="%s"><input type="hidden" name="csrfmiddlewaretoken" value="a-csrf-token">
      <input name="login"><input type="password" name="password">
      <input type="hidden" name="next" value="/app/?a=b&amp;c=d"></form>
      """;

  private static final int BROKEN_OFF = 0;

  private final List<String> posted = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private String cookie = "sessionid=" + SESSION + "; Path=/; HttpOnly";
  private String location = "/app/";
  private int redirect = 302;
  private String method = "post";
  private int status = 200;
  private String health = "";
  private String logout = "";
  private final CountDownLatch leaving = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean neverLeaves;

  @TempDir Path cache;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    serve(server);
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  /** The JDK's dispatcher thread is a daemon only if the thread that starts it is one. */
  private static void serve(HttpServer server) {
    CompletableFuture.runAsync(server::start).join();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("X-Frame-Options", "DENY");
      var path = exchange.getRequestURI().getPath();
      var cookies = String.valueOf(exchange.getRequestHeaders().getFirst("Cookie"));
      var known = cookies.contains(SESSION);
      if (exchange.getRequestMethod().equals("POST")) {
        var body = exchange.getRequestBody().readAllBytes();
        posted.add(path + " " + new String(body, StandardCharsets.UTF_8));
        exchange.getResponseHeaders().set("Location", location);
        exchange.getResponseHeaders().set("Set-Cookie", cookie);
        exchange.getResponseHeaders().set("Retry-After", "0");
        if (redirect != BROKEN_OFF) {
          send(exchange, redirect, "text/html", redirect == 400 ? FORM.formatted(method) : "");
        }
      } else if (path.equals("/accounts/login/")) {
        send(exchange, 200, "text/html", FORM.formatted(method));
      } else if (path.equals("/accounts/logout/") && neverLeaves) {
        leaving.countDown();
        over.await();
      } else if (path.equals("/accounts/logout/") && !logout.isEmpty()) {
        send(exchange, 200, "text/html", logout);
      } else if (path.equals("/health/deep/")) {
        send(exchange, status, "application/json", health);
      } else {
        send(exchange, known ? 200 : 403, "application/json", "{\"email\":\"a@example.com\"}");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private Shell verify(String tests, String... more) {
    var url = "http://127.0.0.1:" + server.getAddress().getPort();
    var words = new ArrayList<>(List.of("verify_deployment.java", "dev", "--sign-in", "-vv"));
    words.addAll(List.of("--web-url", url, "-k", tests));
    words.addAll(List.of(more));
    return Shell.script(words.toArray(String[]::new))
        .with("XDG_CACHE_HOME", cache.toString())
        .with("SUPERUSER_USERNAME", "Ada L.")
        .with("SUPERUSER_PASSWORD", " p&ss=w%rd ");
  }

  @Test
  void form_is_sent_as_a_browser_sends_it() {
    verify("can_sign_in").exits(0).outLacks(SESSION).outLacks("p&ss");

    assertEquals(
        "/accounts/login/ csrfmiddlewaretoken=a-csrf-token&next=%2Fapp%2F%3Fa%3Db%26c%3Dd"
            + "&login=Ada+L.&password=+p%26ss%3Dw%25rd+",
        posted.get(0));
  }

  /** A library for HTTP may ask again by itself; five refusals lock out everybody. */
  @ParameterizedTest
  @CsvSource({
    "0, /, Nobody can use it like this.",
    "408, /, Nobody can sign in.",
    "503, /, Nobody can sign in.",
    "500, /, Nobody can sign in.",
    "400, /, The app refuses this name and password.",
    "401, /, The app refuses this name and password.",
    "422, /, The app refuses this name and password.",
    "302, /accounts/login/, The app refuses this name and password.",
    "303, /accounts/login/?next=/app/, The app refuses this name and password."
  })
  void password_that_may_have_been_refused_is_sent_once(int code, String to, String said) {
    redirect = code;
    location = to;

    verify("can_sign_in").exits(1).outContains(said);
    assertEquals(1, posted.size());

    if (code != 408) {
      verify("can_sign_in").exits(2).outContains("Not tried: this user's password was refused");
      assertEquals(1, posted.size());
    }
  }

  @Test
  void password_is_sent_once_however_long_a_run_waits() {
    redirect = 500;

    // would hang until the harness gives up
    verify("superuser", "--wait", "3600").exits(1).outContains("4 not verified");

    assertEquals(1, posted.size());
  }

  @Test
  void session_that_goes_on_after_signing_out_is_told() {
    logout = FORM.formatted(method);

    verify("can_sign_in")
        .exits(0)
        .errContains("Could not sign out, so a session is left behind until it expires: the app")
        .errContains("knows its user afterwards, too (/api/v1/auth/me/)");

    assertEquals(2, posted.size());
  }

  @Test
  void run_that_is_interrupted_while_signing_out_says_so() throws Exception {
    neverLeaves = true;

    try (var running = verify("can_sign_in").start()) {
      running.until(() -> leaving.getCount() == 0, "signing out");
      running.signal("INT");

      running
          .within(Duration.ofMinutes(1))
          .exits(130)
          .errContains("The run ended while signing out, so a session may be left behind.");
    }
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "sessionid=b3f1c07a55; Path=/app/",
    "sessionid=b3f1c07a55; Path=/; Max-Age=0",
    "__Secure-sessionid=b3f1c07a55; Path=/",
    "__Host-sessionid=b3f1c07a55; Path=/accounts/; Secure"
  })
  void session_is_kept_as_a_browser_keeps_it(String set) {
    cookie = set;

    verify("can_sign_in")
        .exits(1)
        .outContains("No browser would send this one back: " + set.replaceFirst("=[^;]*", "=..."))
        .outLacks(SESSION);
  }

  @Test
  void password_does_not_follow_a_redirect_to_another_host() throws IOException {
    var other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext("/", this::answer);
    serve(other);
    redirect = 307;
    location = "http://127.0.0.1:" + other.getAddress().getPort() + "/accounts/login/";

    verify("can_sign_in").exits(1).outContains("The redirect leaves the origin");

    other.stop(0);
    assertEquals(1, posted.size());
  }

  @Test
  void form_that_would_show_the_password_is_none() {
    method = "get";

    verify("can_sign_in").exits(1).outContains("expected: a form that posts");

    assertEquals(List.of(), posted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503 | {\"checks\":{\"database\":{\"status\":\"error\",\"detail\":\"gone\"},\"cache\":{},"
            + "\"validators\":{\"status\":\"error\",\"detail\":\"check failed\"}}}"
            + " | came back: database: error (detail: gone)",
        "503 | {\"checks\":{\"cache\":{\"status\":\"\"},\"site\":{\"status\":\"ok\"}}}"
            + " | came back: cache: no status",
        "503 | {\"checks\":{\"site\":{\"status\":\"ok\"}}} | came back: 503 from the app",
        "200 | {\"status\":\"healthy\"} | The app does not say how its parts are.",
      })
  void part_that_is_not_good_is_quoted(int answered, String said, String quoted) {
    status = answered;
    health = said;

    verify("every_part").exits(1).outContains(quoted);
  }
}
