package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.demo.DemoApp;
import lib.demo.Fault;
import lib.demo.Role;
import lib.demo.Scenario;
import lib.demo.Settings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The demo's app answers as Validibot 0.14 did when it was recorded, row by row. */
class RecordedAnswersTests {

  private static final Set<String> COMPARED =
      Set.of("status", "database", "detail", "error", "edition", "code");
  private static final Pattern TITLE = Pattern.compile("(?s).*<title>(.*?)</title>.*");
  private static final Pattern KEY = Pattern.compile("\"(\\w+)\": ");
  private static final String KEY_OF_THE_WORKER = "the-worker-key";
  private static final String FORGED =
      "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL3dvcmtlci5leGFtcGxlLm9yZyJ9.c2lnbmF0dXJl";
  private static final String CALLBACK =
      """
      {"run_id": "00000000-0000-4000-8000-000000000000", "callback_id": "1", "callback_nonce": "%s",
       "status": "success", "result_uri": "gs://bucket/result.json"}
      """
          .formatted("n".repeat(43));

  private static final Map<String, DemoApp> APPS = new ConcurrentHashMap<>();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterAll
  static void stop() {
    APPS.values().forEach(DemoApp::close);
    APPS.clear();
  }

  @TestFactory
  Stream<DynamicTest> answers_as_recorded() throws IOException {
    var recording = Path.of(System.getProperty("repo", ""), "test", "answers-0.14.tsv");
    var rows =
        Files.readAllLines(recording).stream().filter(line -> !line.startsWith("#")).toList();
    var names = rows.get(0).split("\t");
    return rows.stream()
        .skip(1)
        .map(line -> Row.of(names, line.split("\t")))
        .map(row -> dynamicTest(row.toString(), () -> compare(row)));
  }

  private static void compare(Row row) throws IOException, InterruptedException {
    var answer = CLIENT.send(request(row), BodyHandlers.ofString());

    var recorded = new TreeMap<String, String>();
    Stream.of("status", "content_type", "location", "www_authenticate", "app_headers")
        .forEach(name -> recorded.put(name, row.get(name)));
    assertEquals(recorded, seen(answer), row.toString());
    assertEquals(
        !row.get("content_type").equals("text/html"),
        answer.headers().firstValue("X-Content-Type-Options").equals(Optional.of("nosniff")),
        () -> row + ": all but gunicorn's own answer carries nosniff");
    compareBodies(row, answer.body());
  }

  private static void compareBodies(Row row, String body) {
    var recorded = row.get("body_or_title");
    if (row.get("bytes").equals("0")) {
      assertEquals("", body, row.toString());
    } else if (recorded.startsWith("title: ")) {
      var title = TITLE.matcher(body);
      assertTrue(title.matches(), () -> row + ": no title in " + body);
      assertEquals(recorded, "title: " + title.group(1), row.toString());
    } else if (recorded.endsWith("...")) {
      var keys = KEY.matcher(recorded).results().map(match -> match.group(1)).toList();
      assertTrue(json(body).keySet().containsAll(keys), () -> row + ": " + keys + " in " + body);
    } else if (recorded.startsWith("{")) {
      assertEquals(json(recorded).keySet(), json(body).keySet(), row.toString());
      assertEquals(compared(recorded), compared(body), row.toString());
    }
    if (recorded.startsWith("{") && !recorded.endsWith("...") || row.get("bytes").equals("141")) {
      assertEquals(row.get("bytes"), "" + body.length(), () -> row + ": bytes of " + body);
    }
  }

  private static HttpRequest request(Row row) {
    var origin = APPS.computeIfAbsent(row.process(), key -> start(row)).origin();
    var post = row.get("method").equals("POST");
    var body = post ? BodyPublishers.ofString(CALLBACK) : BodyPublishers.noBody();
    var request =
        HttpRequest.newBuilder(origin.resolve(row.get("path")))
            .method(row.get("method"), body)
            .header("Accept", row.get("accept"))
            .header("Content-Type", "application/json");
    if (!row.condition().contains("plain http")) {
      request.header("X-Forwarded-Proto", "https");
    }
    switch (row.get("authorization")) {
      case "none" -> {}
      case "Bearer nonsense" -> request.header("Authorization", "Bearer nonsense");
      case "Bearer forged JWT" -> request.header("Authorization", "Bearer " + FORGED);
      case "Worker-Key wrong" -> request.header("Authorization", "Worker-Key wrong");
      case "Worker-Key right" -> request.header("Authorization", "Worker-Key " + KEY_OF_THE_WORKER);
      default -> throw new IllegalArgumentException(row.toString());
    }
    return request.build();
  }

  private static DemoApp start(Row row) {
    var redis = row.get("role").contains("Redis");
    var hosts = row.condition().endsWith("Host not allowed") ? "other.example.org" : "127.0.0.1";
    return DemoApp.start(
        new Settings(
            row.get("role").startsWith("web") ? Role.WEB : Role.WORKER,
            redis ? Settings.Cache.REDIS : Settings.Cache.DATABASE,
            row.get("role").endsWith("key") ? Optional.of(KEY_OF_THE_WORKER) : Optional.empty(),
            Set.of("https://worker.example.org"),
            Set.of(hosts),
            URI.create("https://validibot.example.org"),
            Scenario.healthy().with(faults(row.condition(), redis))));
  }

  private static Fault[] faults(String condition, boolean redis) {
    return switch (condition.split(" \\(")[0]) {
      case "healthy", "healthy, plain http", "healthy, Host not allowed" -> new Fault[0];
      // With its cache in the database the app does not notice.
      case "Redis down" -> redis ? new Fault[] {Fault.CACHE_DOWN} : new Fault[0];
      case "database down" -> new Fault[] {Fault.DATABASE_DOWN};
      case "login off" -> new Fault[] {Fault.LOGIN_OFF};
      case "api off" -> new Fault[] {Fault.API_OFF};
      default -> throw new IllegalArgumentException("no such condition: " + condition);
    };
  }

  private static Map<String, String> seen(HttpResponse<String> answer) {
    var headers = answer.headers();
    return new TreeMap<>(
        Map.of(
            "status", "" + answer.statusCode(),
            "content_type", headers.firstValue("Content-Type").orElse("-"),
            "location", headers.firstValue("Location").orElse("-"),
            "www_authenticate", headers.firstValue("WWW-Authenticate").orElse("-"),
            "app_headers", headers.firstValue("X-Frame-Options").isPresent() ? "yes" : "no"));
  }

  private static Map<String, JsonElement> compared(String body) {
    return json(body).entrySet().stream()
        .filter(entry -> COMPARED.contains(entry.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static JsonObject json(String body) {
    return JsonParser.parseString(body).getAsJsonObject();
  }

  /** One recorded answer. */
  private record Row(Map<String, String> columns) {

    static Row of(String[] names, String[] values) {
      var columns = new HashMap<String, String>();
      for (var i = 0; i < names.length; i++) {
        columns.put(names[i], values[i]);
      }
      return new Row(columns);
    }

    String get(String name) {
      return columns.get(name);
    }

    String condition() {
      return get("condition");
    }

    /** What the process was that answered. */
    String process() {
      return get("role") + ", " + condition();
    }

    @Override
    public String toString() {
      var request = get("method") + " " + get("path") + " (Accept: " + get("accept") + ")";
      return process() + ": " + request + " as " + get("authorization");
    }
  }
}
