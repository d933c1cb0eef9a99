package lib.demo;

import java.util.Optional;

/** The URLs of the web role. */
final class WebRoutes implements Routes {

  private static final String DASHBOARD = "/app/dashboard/";
  private static final String WORKFLOWS = "/app/workflows/";

  private final Settings settings;
  private final Accounts accounts;
  private final Routes signIn;
  private final Routes api;
  private final Routes discovery;
  private final Routes worker;

  WebRoutes(Settings settings, Accounts accounts, Routes worker) {
    this.settings = settings;
    this.accounts = accounts;
    this.signIn = new SignIn(settings, accounts);
    this.api = new Api(settings, accounts);
    this.discovery = new Discovery(settings.siteUrl());
    this.worker = worker;
  }

  @Override
  public Optional<Answer> answer(Request request) {
    var path = request.path();
    if (isTask(path)) {
      return worker.answer(request);
    }
    var signedIn = accounts.isSignedIn(request);
    return switch (path) {
      case "/" -> Optional.of(home(signedIn));
      case "/accounts/signup/" -> Optional.of(rendered("Start Your Free Trial"));
      case "/robots.txt" -> robots();
      case Health.PATH -> Optional.of(Health.answer(request, settings));
      case DeepHealth.PATH ->
          Optional.of(signedIn ? DeepHealth.answer(settings) : toSignIn("?next=" + path));
      case DASHBOARD -> Optional.of(dashboard(signedIn));
      case WORKFLOWS ->
          Optional.of(signedIn ? rendered("Workflows · Validibot") : toSignIn("?next=" + path));
      case "/admin/" -> Optional.of(redirect("/admin/login/?next=/admin/"));
      case "/admin/login/" -> Optional.of(toSignIn("?next=/admin/"));
      default -> elsewhere(request);
    };
  }

  /** Whether that is the worker's, and here all the same. */
  private boolean isTask(String path) {
    var all = settings.has(Fault.WORKER_ROUTES_ON_WEB);
    return path.equals(WorkerRoutes.CALLBACKS) && (all || settings.has(Fault.CALLBACK_ON_WEB))
        || path.startsWith(WorkerRoutes.SCHEDULED) && (all || settings.has(Fault.SCHEDULED_ON_WEB));
  }

  private Optional<Answer> elsewhere(Request request) {
    var path = request.path();
    if (path.startsWith("/accounts/")) {
      return signIn.answer(request);
    }
    return path.startsWith("/api/") ? api.answer(request) : discovery.answer(request);
  }

  private Answer home(boolean signedIn) {
    if (settings.has(Fault.HOMEPAGE_MISSING)) {
      return Pages.notFound();
    }
    if (settings.documented()) {
      return rendered("Validibot");
    }
    return signedIn ? redirect(DASHBOARD) : toSignIn("");
  }

  private Answer dashboard(boolean signedIn) {
    if (!signedIn || settings.has(Fault.ROLE_MISSING)) {
      return redirect(WORKFLOWS);
    }
    return settings.has(Fault.DASHBOARD_BROKEN)
        ? Pages.serverError()
        : rendered("Dashboard · Validibot");
  }

  private Answer rendered(String title) {
    var content = "<h1>The demo stage of Validibot</h1>";
    return broken() ? Pages.serverError() : Pages.page(200, title, content);
  }

  private Answer toSignIn(String query) {
    // Without the sign-in route its address cannot be computed either.
    return settings.has(Fault.LOGIN_OFF) ? Pages.serverError() : redirect(SignIn.PATH + query);
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
}
