package lib.demo;

import java.util.Optional;

/** The URLs of the web role. */
final class WebRoutes implements Routes {

  private static final String SIGN_IN = "/accounts/login/";

  private final Settings settings;
  private final Routes api;
  private final Routes discovery;
  private final Routes worker;

  WebRoutes(Settings settings, Routes worker) {
    this.settings = settings;
    this.api = new Api(settings);
    this.discovery = new Discovery(settings.siteUrl());
    this.worker = worker;
  }

  @Override
  public Optional<Answer> answer(Request request) {
    var path = request.path();
    var task = path.equals(WorkerRoutes.CALLBACKS) || path.startsWith(WorkerRoutes.SCHEDULED);
    if (task && settings.has(Fault.WORKER_ROUTES_ON_WEB)) {
      return worker.answer(request);
    }
    return switch (path) {
      case "/" -> Optional.of(settings.documented() ? rendered("Validibot") : toSignIn(""));
      case SIGN_IN ->
          settings.has(Fault.LOGIN_OFF) ? Optional.empty() : Optional.of(signIn(request));
      case "/accounts/signup/" -> Optional.of(rendered("Start Your Free Trial"));
      case "/robots.txt" -> robots();
      case Health.PATH -> Optional.of(Health.answer(request, settings));
      case "/health/deep/", "/app/workflows/" -> Optional.of(toSignIn("?next=" + path));
      case "/app/dashboard/" -> Optional.of(redirect("/app/workflows/"));
      case "/admin/" -> Optional.of(redirect("/admin/login/?next=/admin/"));
      case "/admin/login/" -> Optional.of(toSignIn("?next=/admin/"));
      default -> path.startsWith("/api/") ? api.answer(request) : discovery.answer(request);
    };
  }

  private Answer signIn(Request request) {
    if (request.method().equals("POST") && !carriesCsrfToken(request)) {
      return Pages.csrfFailure();
    }
    // Nobody has an account here, so a posted form comes back like one with a wrong password.
    return broken() ? Pages.serverError() : Pages.signIn(Secrets.random(48));
  }

  private Answer rendered(String title) {
    var content = "<h1>The demo stage of Validibot</h1>";
    return broken() ? Pages.serverError() : Pages.page(200, title, content);
  }

  private Answer toSignIn(String query) {
    // Without the sign-in route its address cannot be computed either.
    return settings.has(Fault.LOGIN_OFF) ? Pages.serverError() : redirect(SIGN_IN + query);
  }

  private Optional<Answer> robots() {
    return settings.documented()
        ? Optional.of(Answer.of(200, "text/plain", "User-agent: *\nDisallow: /app/\n"))
        : Optional.empty();
  }

  private boolean broken() {
    return !settings.databaseAnswers() || settings.has(Fault.HOMEPAGE_500);
  }

  private static Answer redirect(String location) {
    return Answer.redirect(302, location).with("Vary", "Cookie");
  }

  private static boolean carriesCsrfToken(Request request) {
    return request.header("Cookie").contains("__Secure-csrftoken=")
        && request.form().containsKey("csrfmiddlewaretoken")
        && !(request.header("Origin") + request.header("Referer")).isEmpty();
  }
}
