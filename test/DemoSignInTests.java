package test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The demo's app signs in and out as Validibot 0.14 was seen to do (validibot.md section 5.1). */
class DemoSignInTests {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String LOGIN = "/accounts/login/";
  private static final String LOGOUT = "/accounts/logout/";
  private static final Pattern TOKEN = Pattern.compile("csrfmiddlewaretoken\" value=\"([^\"]+)\"");

  private final DemoStage stage = DemoStage.start(Scenario.healthy());
  private final TreeMap<String, String> cookies = new TreeMap<>();

  @AfterEach
  void end() {
    stage.close();
  }

  @Test
  void right_password_leads_on_and_sets_three_cookies() throws Exception {
    var answer = signIn(password(), "&next=/app/dashboard/");

    assertEquals(302, answer.statusCode());
    assertEquals("/app/dashboard/", header(answer, "Location"));
    var names = List.of("__Secure-csrftoken", "__Secure-sessionid", "messages");
    assertEquals(names, List.copyOf(cookies.keySet()));
    assertEquals(200, get("/api/v1/auth/me/").statusCode());
    assertTrue(get("/app/dashboard/").body().contains("<title>Dashboard · Validibot</title>"));
    assertEquals("/app/dashboard/", header(get("/"), "Location"));
    var health = get("/health/deep/");
    assertEquals(503, health.statusCode());
    assertTrue(health.body().startsWith("{\"status\":\"unhealthy\",\"checks\":{\"database\""));
    assertEquals(200, get("/api/v1/docs/").statusCode());
    assertEquals(
        "application/vnd.oai.openapi+json", header(get("/api/v1/schema/"), "Content-Type"));
  }

  @Test
  void without_a_next_it_leads_to_the_users_own_page() throws Exception {
    assertEquals("/app/users/~redirect/", header(signIn(password(), ""), "Location"));
  }

  @Test
  void wrong_password_gets_the_form_again_and_five_lock_everybody_out() throws Exception {
    for (var attempt = 0; attempt < 5; attempt++) {
      assertEquals(200, signIn("wrong", "").statusCode());
    }
    var right = signIn(password(), "");

    assertEquals(200, right.statusCode());
    assertTrue(right.body().contains("name=\"password\""), right::body);
    assertEquals(0, stage.signedIn());
  }

  @Test
  void form_from_nowhere_or_from_elsewhere_or_without_its_cookie_is_refused() throws Exception {
    var token = token(get(LOGIN));

    assertEquals(403, post(LOGIN, form(token, password())).statusCode());
    assertEquals(
        403, post(LOGIN, form(token, password()), "Origin", "https://other.test").statusCode());
    cookies.clear();
    var here = stage.web() + LOGIN;
    assertEquals(403, post(LOGIN, form(token, password()), "Referer", here).statusCode());
  }

  @Test
  void page_to_sign_out_has_several_forms_and_any_of_their_tokens_serves() throws Exception {
    signIn(password(), "");
    var page = get(LOGOUT);

    assertEquals(2, TOKEN.matcher(page.body()).results().count());
    var left = cookies.get("__Secure-sessionid");
    var form = "csrfmiddlewaretoken=" + token(page);
    var answer = post(LOGOUT, form, "Referer", stage.web() + LOGOUT);
    assertEquals(302, answer.statusCode());
    assertEquals("/", header(answer, "Location"));
    cookies.put("__Secure-sessionid", left);
    assertEquals(403, get("/api/v1/auth/me/").statusCode());
    assertEquals("/", header(get(LOGOUT), "Location"));
  }

  @Test
  void everything_secret_is_known_to_be() throws Exception {
    signIn(password(), "");

    assertTrue(stage.secrets().contains(password()));
    assertTrue(stage.secrets().containsAll(cookies.values()));
    assertFalse(stage.secrets().contains("admin"));
  }

  private HttpResponse<String> signIn(String password, String more) throws Exception {
    var form = form(token(get(LOGIN)), password) + more;
    return post(LOGIN, form, "Referer", stage.web() + LOGIN);
  }

  private String password() {
    return stage.environment().get("SUPERUSER_PASSWORD");
  }

  private static String form(String token, String password) {
    var encoded = URLEncoder.encode(password, UTF_8);
    return "csrfmiddlewaretoken=" + token + "&login=admin&password=" + encoded;
  }

  private static String token(HttpResponse<String> page) {
    return TOKEN.matcher(page.body()).results().findFirst().orElseThrow().group(1);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(stage.web().resolve(path)));
  }

  private HttpResponse<String> post(String path, String form, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(stage.web().resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.POST(BodyPublishers.ofString(form)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    var sent =
        cookies.entrySet().stream()
            .map(it -> it.getKey() + "=" + it.getValue())
            .collect(Collectors.joining("; "));
    if (!sent.isEmpty()) {
      request.header("Cookie", sent);
    }
    var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
    for (var set : answer.headers().allValues("Set-Cookie")) {
      assertTrue(set.endsWith("; Path=/; HttpOnly; SameSite=Lax; Secure"), set);
      cookies.put(set.replaceFirst("=.*", ""), set.replaceFirst("^[^=]*=", "").split(";")[0]);
    }
    return answer;
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
