package lib.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Google's front end before one service: ingress first, then IAM, then the container. */
record FrontEnd(
    Scenario scenario,
    Service service,
    Tokens tokens,
    Handler app,
    AtomicReference<Optional<Instant>> first)
    implements Handler {

  /** How long after the first request it takes until what is late is there. */
  private static final Duration LATE = Duration.ofSeconds(2);

  FrontEnd(Scenario scenario, Service service, Tokens tokens, Handler app) {
    this(scenario, service, tokens, app, new AtomicReference<>(Optional.empty()));
  }

  /** The audience of the ID tokens of a person who signed in to gcloud. */
  static final String GCLOUD_CLIENT = "32555940559.apps.googleusercontent.com";

  private static final Set<String> SECURITY =
      Set.of(
          "X-Content-Type-Options",
          "X-Frame-Options",
          "Referrer-Policy",
          "Cross-Origin-Opener-Policy",
          "Content-Security-Policy",
          "Permissions-Policy");

  private static final Set<String> RESERVED = Set.of("/healthz", "/eventlog");

  @Override
  public Answer answer(Request request) {
    var answer = refusal(request).orElseGet(() -> contained(request));
    return answer.equals(Answer.NEVER)
        ? answer
        : answer.without(dropped()).with("Server", "Google Frontend");
  }

  private Optional<Answer> refusal(Request request) {
    var path = request.path();
    if (!service.exists() || !service.ingress().equals(Service.ALL)) {
      return Optional.of(GooglePages.notFound());
    }
    if (RESERVED.contains(path) || path.startsWith("/_ah/")) {
      return Optional.of(GooglePages.reserved(path));
    }
    var open = service.open() || worker(Fault.DOOR_SHUTS_LATE) && isEarly();
    return open || letThrough(request) ? Optional.empty() : iam(request);
  }

  private Optional<Answer> iam(Request request) {
    if (request.header("Authorization").isEmpty()) {
      return Optional.of(GooglePages.forbidden(request.path()));
    }
    if (request.bearer().flatMap(tokens::holder).filter(this::meantForUs).isEmpty()) {
      return Optional.of(GooglePages.unauthorized(request.path()));
    }
    return worker(Fault.INVOKER_MISSING)
            || worker(Fault.EMAIL_MISSING)
            || worker(Fault.GRANT_LATE) && isEarly()
        ? Optional.of(GooglePages.forbidden(request.path()))
        : Optional.empty();
  }

  private boolean meantForUs(Tokens.Holder holder) {
    return holder.audience().equals(GCLOUD_CLIENT)
        || service.addresses().contains(holder.audience());
  }

  private Answer contained(Request request) {
    if (scenario.has(down())) {
      return GooglePages.unavailable();
    }
    if (service.role() == Role.WEB && scenario.has(Fault.WEB_STARTS_LATE) && isEarly()) {
      return GooglePages.unavailable();
    }
    return worker(Fault.WORKER_HANGS)
        ? Answer.NEVER
        : app.answer(request.with("X-Forwarded-Proto", "https"));
  }

  /** The headers that do not get through to strangers of the web service. */
  private Set<String> dropped() {
    var dropped = new HashSet<String>();
    if (service.role() == Role.WEB && scenario.has(Fault.HSTS_MISSING)) {
      dropped.add("Strict-Transport-Security");
    }
    if (service.role() == Role.WEB && scenario.has(Fault.HEADERS_MISSING)) {
      dropped.addAll(SECURITY);
    }
    return dropped;
  }

  private Fault down() {
    return switch (service.role()) {
      case WEB -> Fault.WEB_DOWN;
      case WORKER -> Fault.WORKER_DOWN;
      case MCP -> Fault.MCP_DOWN;
    };
  }

  private boolean letThrough(Request request) {
    var path = request.path();
    if (path.equals(WorkerRoutes.CALLBACKS)
        && (worker(Fault.CALLBACK_PUBLIC) || worker(Fault.CALLBACK_CSRF_ONLY))) {
      return true;
    }
    return path.startsWith(WorkerRoutes.SCHEDULED) && worker(Fault.SCHEDULED_PUBLIC)
        || WorkerRoutes.OTHERS.contains(path) && worker(Fault.OTHER_ENDPOINTS_PUBLIC)
        || request.bearer().isPresent() && worker(Fault.FORGED_TOKEN_ACCEPTED);
  }

  private boolean isEarly() {
    var now = Instant.now();
    var began = first.updateAndGet(it -> it.isPresent() ? it : Optional.of(now)).orElseThrow();
    return Duration.between(began, now).compareTo(LATE) < 0;
  }

  private boolean worker(Fault fault) {
    return service.role() == Role.WORKER && scenario.has(fault);
  }
}
