package lib.demo;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The REST API of the web role, as Django REST framework serves it. */
record Api(Settings settings, Accounts accounts) implements Routes {

  private static final String JSON = "application/json";
  private static final String HTML = "text/html";
  private static final String OPENAPI = "application/vnd.oai.openapi";
  private static final String OPENAPI_JSON = OPENAPI + "+json";
  private static final String ORGANIZATIONS = "/api/v1/orgs/";
  private static final String REFUSED = "Authentication credentials were not provided.";
  private static final String UNACCEPTABLE = "Could not satisfy the request Accept header.";
  private static final String FEATURES = "{\"edition\":\"community\",\"features\":[]}";

  @Override
  public Optional<Answer> answer(Request request) {
    if (settings.has(Fault.API_OFF)) {
      return Optional.empty();
    }
    return switch (request.path()) {
      case "/api/v1/docs/", "/api/v1/redoc/" -> Optional.of(docs(request));
      case "/api/v1/schema/" -> Optional.of(schema(request));
      case "/api/v1/auth/me/" ->
          Optional.of(guarded(request, "Auth Me", "{\"email\":\"ada@example.com\",\"name\":\"\"}"));
      case ORGANIZATIONS ->
          Optional.of(guarded(request, "Organization List", "[{\"slug\":\"demo\"}]"));
      case "/api/v1/workflows/", "/api/v1/users/" ->
          settings.documented() ? Optional.of(guarded(request, "List", "[]")) : Optional.empty();
      // The throttle counts in the cache, before anything else happens.
      case "/api/v1/license/features/" ->
          Optional.of(
              settings.cacheAnswers()
                  ? rendered(request, "License Features", 200, FEATURES)
                  : exception());
      default -> Optional.empty();
    };
  }

  private Answer docs(Request request) {
    if (settings.documented() || accounts.isSignedIn(request)) {
      return settings.has(Fault.API_DOCS_BROKEN)
          ? Pages.serverError()
          : Pages.page(200, "Validibot API", "<h1>The API of the demo stage</h1>");
    }
    if (settings.has(Fault.DOCS_BREAK_FOR_STRANGERS)) {
      return Pages.serverError();
    }
    if (chosen(request, HTML).isEmpty()) {
      return Answer.html(406, "406 Not Acceptable");
    }
    // The page that refuses links the sign-in page, and breaks where there is none.
    return settings.has(Fault.LOGIN_OFF)
        ? App.SERVER_ERROR
        : Pages.page(403, "Forbidden", "<h1>Only members may read this</h1>");
  }

  private Answer schema(Request request) {
    if (settings.documented() || accounts.isSignedIn(request)) {
      return settings.has(Fault.API_SCHEMA_BROKEN)
          ? exception()
          : Answer.of(200, OPENAPI_JSON, "{\"openapi\": \"3.0.3\", \"paths\": {}}");
    }
    if (settings.has(Fault.SCHEMA_BREAKS_FOR_STRANGERS)) {
      return exception();
    }
    return chosen(request, OPENAPI_JSON, JSON).isPresent()
        ? Answer.of(403, OPENAPI_JSON, "{\n    \"detail\": \"" + REFUSED + "\"\n}")
        : Answer.of(406, OPENAPI + "; charset=utf-8", "detail: " + UNACCEPTABLE + "\n");
  }

  private Answer guarded(Request request, String view, String data) {
    if (open(request) || accounts.isSignedIn(request)) {
      return rendered(request, view, 200, data);
    }
    if (settings.documented()) {
      return Answer.json(401, detail(REFUSED)).with("WWW-Authenticate", "Bearer");
    }
    if (request.bearer().isEmpty()) {
      return rendered(request, view, 403, detail(REFUSED));
    }
    // Only a key is looked up: without one the refusal needs no database.
    return settings.databaseAnswers()
        ? rendered(request, view, 403, detail("Invalid API key."))
        : exception();
  }

  private boolean open(Request request) {
    return settings.has(Fault.API_OPEN)
        || settings.has(Fault.ORGS_OPEN) && request.path().equals(ORGANIZATIONS)
        || settings.has(Fault.NONSENSE_TOKEN_ACCEPTED) && request.bearer().isPresent();
  }

  private static Answer rendered(Request request, String view, int status, String json) {
    var kind = chosen(request, JSON, HTML);
    if (kind.isEmpty()) {
      return Answer.json(406, detail(UNACCEPTABLE));
    }
    var answer =
        kind.get().equals(HTML)
            ? Pages.page(status, view + " – Django REST framework", "<pre>" + json + "</pre>")
            : Answer.json(status, json);
    return answer.with("Vary", "Accept, Cookie");
  }

  private static String detail(String words) {
    return "{\"detail\":\"" + words + "\"}";
  }

  private static Answer exception() {
    return Answer.json(
        500, "{\"detail\":\"Internal server error.\",\"code\":\"INTERNAL_SERVER_ERROR\"}");
  }

  /** Negotiate: the most specific kind asked for wins, then the order of what can be rendered. */
  private static Optional<String> chosen(Request request, String... kinds) {
    var accept = request.header("Accept");
    var asked =
        Stream.of((accept.isEmpty() ? "*/*" : accept).split(","))
            .map(kind -> kind.split(";")[0].strip())
            .toList();
    return Stream.<Function<String, String>>of(
            kind -> kind, kind -> kind.replaceFirst("/.*", "/*"), kind -> "*/*")
        .flatMap(wide -> Stream.of(kinds).filter(kind -> asked.contains(wide.apply(kind))))
        .findFirst();
  }
}
