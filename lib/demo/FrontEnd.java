package lib.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Google's front end before one service: ingress first, then IAM, then the container. */
record FrontEnd(
    Scenario scenario,
    Service service,
    Tokens tokens,
    Handler app,
    Proxy proxy,
    AtomicReference<Optional<Instant>> first)
    implements Handler {

  /** How long after the first request it takes until what is late is there. */
  private static final Duration LATE = Duration.ofSeconds(2);

  FrontEnd(Scenario scenario, Service service, Tokens tokens, Handler app) {
    this(
        scenario,
        service,
        tokens,
        app,
        new Proxy(scenario, service.role()),
        new AtomicReference<>(Optional.empty()));
  }

  /** The audience of the ID tokens of a person who signed in to gcloud. */
  static final String GCLOUD_CLIENT = "32555940559.apps.googleusercontent.com";

  private static final Set<String> RESERVED = Set.of("/healthz", "/eventlog");

  @Override
  public Answer answer(Request request) {
    var answer = refusal(request).orElseGet(() -> contained(request));
    return answer.equals(Answer.NEVER)
        ? answer
        : answer.without(proxy.dropped()).with("Server", "Google Frontend");
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
    return open || proxy.letsThrough(request) ? Optional.empty() : iam(request);
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
        : proxy
            .own(request)
            .orElseGet(
                () -> proxy.kept(request, app.answer(request.with("X-Forwarded-Proto", "https"))));
  }

  private Fault down() {
    return switch (service.role()) {
      case WEB -> Fault.WEB_DOWN;
      case WORKER -> Fault.WORKER_DOWN;
      case MCP -> Fault.MCP_DOWN;
    };
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
