package lib.demo;

import java.util.Optional;

/** Validibot as gunicorn serves it: Django's middleware around the routes of one role. */
final class App implements Handler {

  static final Answer SERVER_ERROR =
      Answer.json(
          500, "{\"detail\": \"Internal server error.\", \"code\": \"INTERNAL_SERVER_ERROR\"}");

  private final Settings settings;
  private final Routes routes;

  App(Settings settings, Tokens tokens, Accounts accounts) {
    this.settings = settings;
    var worker = new WorkerRoutes(settings, tokens);
    this.routes =
        settings.role() == Role.WORKER ? worker : new WebRoutes(settings, accounts, worker);
  }

  @Override
  public Answer answer(Request request) {
    var https = request.header("X-Forwarded-Proto").equals("https");
    var answer = early(request, https).orElseGet(() -> viewed(request));
    if (answer.equals(Pages.GUNICORN_500)) {
      return answer;
    }
    var strict = "max-age=31536000; includeSubDomains; preload";
    return (https ? answer.with("Strict-Transport-Security", strict) : answer)
        .with("X-Content-Type-Options", "nosniff")
        .with("Referrer-Policy", "strict-origin-when-cross-origin")
        .with("Cross-Origin-Opener-Policy", "same-origin");
  }

  /** Answer what the outermost middleware answers, before any view is asked. */
  private Optional<Answer> early(Request request, boolean https) {
    var host = request.header("Host").replaceFirst(":\\d+$", "");
    if (!settings.allowedHosts().contains(host)) {
      return Optional.of(Answer.html(400, Pages.BAD_HOST));
    }
    if (!https) {
      return Optional.of(Answer.redirect(301, "https://" + host + request.uri()));
    }
    return settings.role() == Role.WORKER || settings.has(Fault.STATIC_MISSING)
        ? Optional.empty()
        : StaticFiles.answer(request);
  }

  private Answer viewed(Request request) {
    var path = request.path();
    var view = routes.answer(request);
    if (view.isPresent()) {
      return framed(view.get());
    }
    if (settings.role() == Role.WORKER) {
      // The not-found page cannot be rendered there: outside /api/ nothing of Django's is left.
      return path.startsWith("/api/") ? framed(SERVER_ERROR) : Pages.GUNICORN_500;
    }
    return !path.endsWith("/") && routes.answer(request.slashed()).isPresent()
        ? Answer.redirect(301, request.slashed().uri().toString())
        : framed(Pages.notFound());
  }

  /** Add what only the answers of views carry. */
  private static Answer framed(Answer answer) {
    var content =
        "default-src 'self'; style-src 'self' " + Pages.FONTS + "; frame-ancestors 'none'";
    return answer
        .with("X-Frame-Options", "DENY")
        .with("Content-Security-Policy", content)
        .with("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  }
}
