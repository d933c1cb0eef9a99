package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lib.http.Answerer;
import lib.http.Http;
import lib.http.Refusal;
import lib.http.Reply;
import lib.http.Worker;
import lib.report.NotKept;
import lib.report.Status;
import lib.target.Ingress;
import lib.target.Place;
import lib.target.Service;
import lib.target.Setting;
import okhttp3.HttpUrl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who answered a stranger at the worker's door, and what that proves; over real HTTP. */
class RefusalTests {

  private static final String GOOGLES =
      """
      <html><head><title>%s</title></head><body text=#000000 bgcolor=#ffffff>
      <h1>Error: %s</h1>
      <h2>%s</h2></body></html>\
      """;
  private static final String FORBIDDEN =
      GOOGLES.formatted(
          "403 Forbidden",
          "Forbidden",
          "Your client does not have permission to get URL <code>/</code> from this server.");
  private static final String NOT_FOUND =
      GOOGLES.formatted(
          "404 Page not found",
          "Page not found",
          "The requested URL was not found on this server.");
  private static final String BUSY =
      GOOGLES.formatted(
          "503 Server Error", "Server Error", "The service you requested is not available yet.");
  private static final Map<String, String> HTML = Map.of("Content-Type", "text/html");
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  /** An answer, who sent it, and what it proves with ingress all, internal, and not known. */
  enum Case {
    GOOGLES_403(403, HTML, FORBIDDEN, Answerer.GOOGLE, "passed passed passed"),
    GOOGLES_401(
        401,
        HTML,
        GOOGLES.formatted(
            "401 Unauthorized",
            "Unauthorized",
            "Your client does not have permission to the requested URL <code>/</code>."),
        Answerer.GOOGLE,
        "passed passed passed"),
    GOOGLES_404(404, HTML, NOT_FOUND, Answerer.GOOGLE, "unverified passed unverified"),
    GOOGLES_ROBOT(
        404,
        HTML,
        "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title><p>That's an error.",
        Answerer.GOOGLE,
        "unverified passed unverified"),
    GOOGLES_503(503, HTML, BUSY, Answerer.GOOGLE, "unverified unverified unverified"),
    DJANGOS_CSRF_403(
        403,
        HTML,
        "<h1>Forbidden <span>(403)</span></h1><p>CSRF verification failed. Request aborted.",
        Answerer.APP,
        "failed failed failed"),
    APPS_403(
        403,
        Map.of("Content-Type", "application/json", "X-Frame-Options", "DENY"),
        "{\"detail\":\"Worker API key required.\"}",
        Answerer.APP,
        "failed failed failed"),
    APPS_403_WITHOUT_HEADERS(
        403, JSON, "{\"detail\":\"No.\"}", Answerer.APP, "failed failed failed"),
    APPS_401(
        401,
        Map.of("WWW-Authenticate", "Bearer realm=\"validibot-worker\""),
        "",
        Answerer.APP,
        "failed failed failed"),
    APPS_404(
        404,
        Map.of("Content-Type", "text/html", "X-Content-Type-Options", "nosniff"),
        "<title>Page Not Found</title>",
        Answerer.APP,
        "failed failed failed"),
    APP_THAT_IMITATES_GOOGLE(
        403,
        Map.of("Content-Type", "text/html", "X-Frame-Options", "DENY"),
        FORBIDDEN,
        Answerer.APP,
        "failed failed failed"),
    GATEWAY_WITH_SESSIONS(
        403,
        Map.of("Content-Type", "text/html", "Set-Cookie", "JSESSIONID=1; Path=/"),
        "<h1>Forbidden</h1>",
        Answerer.UNCLEAR,
        "unverified unverified unverified"),
    GATE_WITH_A_CHALLENGE(
        403,
        Map.of("Content-Type", "text/html", "X-Frame-Options", "DENY", "cf-mitigated", "challenge"),
        "<title>Just a moment...</title>",
        Answerer.UNCLEAR,
        "unverified unverified unverified"),
    APPS_COOKIE(
        403,
        Map.of("Content-Type", "text/html", "Set-Cookie", "__Secure-csrftoken=1; Path=/"),
        "<h1>Forbidden</h1>",
        Answerer.APP,
        "failed failed failed"),
    CONTAINERS_500(
        500,
        HTML,
        "<html><head><title>Internal Server Error</title></head>"
            + "<body><h1><p>Internal Server Error</p></h1></body></html>",
        Answerer.CONTAINER,
        "failed failed failed"),
    APP_THAT_QUOTES_GOOGLE(
        403,
        HTML,
        FORBIDDEN + "CSRF verification failed",
        Answerer.UNCLEAR,
        "unverified unverified unverified"),
    SOMEBODYS_403(
        403,
        HTML,
        "<center><h1>403 Forbidden</h1></center><hr><center>nginx</center>",
        Answerer.UNCLEAR,
        "unverified unverified unverified"),
    SOMEBODYS_GATEWAY_403(
        403,
        JSON,
        "{\"error\":{\"code\":403,\"message\":\"no\"}}",
        Answerer.UNCLEAR,
        "unverified unverified unverified"),
    SIGN_IN_REDIRECT(
        302,
        Map.of("Location", "https://accounts.example.com/"),
        "",
        Answerer.UNCLEAR,
        "unverified unverified unverified"),
    SOMEBODYS_200(200, HTML, "<h1>It works!</h1>", Answerer.UNCLEAR, "failed failed failed"),
    GOOGLES_WORDS_IN_PLAIN_TEXT(
        403,
        Map.of("Content-Type", "text/plain"),
        FORBIDDEN,
        Answerer.UNCLEAR,
        "unverified unverified unverified");

    final int status;
    final Map<String, String> headers;
    final String body;
    final Answerer answerer;
    final List<Status> verdicts;

    Case(int status, Map<String, String> headers, String body, Answerer answerer, String verdicts) {
      this.status = status;
      this.headers = headers;
      this.body = body;
      this.answerer = answerer;
      this.verdicts =
          List.of(verdicts.toUpperCase(Locale.ROOT).split(" ")).stream()
              .map(Status::valueOf)
              .toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusal_is_judged_by_who_answered(Case it) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          it.headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
          var bytes = it.body.getBytes();
          exchange.sendResponseHeaders(it.status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      var ingresses = List.of(Ingress.ALL, Ingress.INTERNAL_ONLY, Ingress.UNKNOWN);
      for (var i = 0; i < ingresses.size(); i++) {
        var reply = ask(server, ingresses.get(i));

        assertEquals(it.answerer, reply.answerer());
        assertEquals(it.verdicts.get(i), judged(reply), ingresses.get(i) + ": " + reply.came());
        if (reply.answerer() == Answerer.GOOGLE && i == 1 && judged(reply) == Status.PASSED) {
          assertTrue(reply.trace().remarks().get(0).contains("ingress internal"));
        }
      }
    } finally {
      server.stop(0);
    }
  }

  private static Reply ask(HttpServer server, Ingress ingress) {
    var url = HttpUrl.get("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    var place = new Place(Optional.empty(), new Setting("r", Setting.Origin.DEFAULT, "default"));
    var service = new Service("worker", place, url, ingress, List.of(), false, false);
    var http = Http.client(Duration.ofSeconds(10), Optional.empty());
    var access = new Worker.Access(worker -> null, true, false, List.of());
    return new Worker(http, service, access, Duration.ofSeconds(10)).stranger().get("/");
  }

  private static Status judged(Reply reply) {
    try {
      Refusal.byGoogle(reply);
      return Status.PASSED;
    } catch (NotKept e) {
      return e.verdict().status();
    }
  }
}
