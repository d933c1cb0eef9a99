package lib.http;

import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.Headers;

/**
 * Who answered: a status alone proves nothing, because Django says 403, too (cloud-run.md, Who
 * answered).
 */
public enum Answerer {
  GOOGLE("Google's front end"),
  APP("the app"),
  CONTAINER("the app's container, without the app"),
  UNCLEAR("an unclear sender");

  private static final Pattern GOOGLES_PAGE =
      Pattern.compile(
          "<h1>Error: [^<]{1,99}</h1>" // the front end's own pages
              + "|Your client does not have permission to (?:get URL|the requested URL)"
              + "|<title>Error \\d{3} \\([^)]{0,99}\\)!!\\d"); // the page with the robot

  /** By its whole name: JSESSIONID is of somebody else. */
  private static final Pattern DJANGOS_COOKIE =
      Pattern.compile("^(?:__(?:Secure|Host)-)?(?:csrftoken|sessionid)=");

  private static final Pattern DJANGOS_PAGE =
      Pattern.compile(
          "CSRF verification failed"
              + "|<h1>(?:Bad Request \\(400\\)|Server Error \\(500\\))</h1>"
              + "|The requested resource was not found on this server"
              + "|<title>[^<]*\\| Validibot</title>");

  /** Gunicorn's bare page, when the app failed to answer at all. */
  private static final Pattern GUNICORNS_PAGE = Pattern.compile("<h1><p>[^<]*</p></h1>");

  private final String label;

  Answerer(String label) {
    this.label = label;
  }

  static Answerer of(Headers headers, String body) {
    if (isOfAGate(headers)) {
      return UNCLEAR;
    }
    if (hasHeadersOfDjango(headers)) {
      return APP;
    }
    var google = isHtml(headers) && GOOGLES_PAGE.matcher(body).find();
    var django = DJANGOS_PAGE.matcher(body).find() || isErrorOfTheApp(Json.object(body));
    var gunicorn = GUNICORNS_PAGE.matcher(body).find() || has(headers, "Server", "gunicorn");
    if (google) {
      return django || gunicorn ? UNCLEAR : GOOGLE;
    }
    return django ? APP : gunicorn ? CONTAINER : UNCLEAR;
  }

  /** Whether a gate before the app asks who somebody is: it has many headers that Django has. */
  private static boolean isOfAGate(Headers headers) {
    return headers.get("cf-mitigated") != null
        || headers.get("X-Goog-IAP-Generated-Response") != null;
  }

  private static boolean hasHeadersOfDjango(Headers headers) {
    return headers.get("X-Frame-Options") != null
        || headers.get("Cross-Origin-Opener-Policy") != null
        || has(headers, "X-Content-Type-Options", "nosniff")
        || has(headers, "Vary", "cookie")
        || has(headers, "WWW-Authenticate", "validibot-worker")
        || headers.values("Set-Cookie").stream().anyMatch(it -> DJANGOS_COOKIE.matcher(it).find());
  }

  private static boolean isErrorOfTheApp(JsonObject json) {
    return !Json.text(json, "detail").isEmpty() || !Json.text(json, "error").isEmpty();
  }

  private static boolean isHtml(Headers headers) {
    return has(headers, "Content-Type", "text/html");
  }

  private static boolean has(Headers headers, String name, String part) {
    return headers.values(name).stream()
        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(part));
  }

  @Override
  public String toString() {
    return label;
  }
}
