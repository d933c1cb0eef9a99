package lib.demo;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What somebody has put before one service: healthy, it does nothing at all. */
record Proxy(Scenario scenario, Role role) {

  private static final Set<String> SECURITY =
      Set.of(
          "X-Content-Type-Options",
          "X-Frame-Options",
          "Referrer-Policy",
          "Cross-Origin-Opener-Policy",
          "Content-Security-Policy",
          "Permissions-Policy");

  /** Whether strangers get past IAM, by an identity of the proxy's own. */
  boolean letsThrough(Request request) {
    if (role != Role.WORKER) {
      return false;
    }
    var path = request.path();
    if (path.equals(WorkerRoutes.CALLBACKS)
        && (scenario.has(Fault.CALLBACK_PUBLIC)
            || scenario.has(Fault.CALLBACK_CSRF_ONLY)
            || scenario.has(Fault.CALLBACK_POST_PUBLIC) && isPlainPostToTheFirst(request))) {
      return true;
    }
    return path.equals("/") && scenario.has(Fault.ROOT_PUBLIC) && isToTheFirst(request)
        || path.startsWith(WorkerRoutes.SCHEDULED) && scenario.has(Fault.SCHEDULED_PUBLIC)
        || WorkerRoutes.OTHERS.contains(path) && scenario.has(Fault.OTHER_ENDPOINTS_PUBLIC)
        || request.bearer().isPresent() && scenario.has(Fault.FORGED_TOKEN_ACCEPTED);
  }

  /** It stands before one address of the two. */
  private static boolean isToTheFirst(Request request) {
    return request.header("Host").startsWith("127.");
  }

  private static boolean isPlainPostToTheFirst(Request request) {
    return request.method().equals("POST")
        && request.header("Authorization").isEmpty()
        && isToTheFirst(request);
  }

  /** What it answers by itself. */
  Optional<Answer> own(Request request) {
    var hides =
        role == Role.WEB && scenario.has(Fault.HEALTH_HIDDEN)
            || role == Role.WORKER && scenario.has(Fault.WORKER_HEALTH_HIDDEN);
    return hides && request.path().equals(Health.PATH)
        ? Optional.of(Answer.json(404, Map.of("message", "no such route")))
        : Optional.empty();
  }

  /** The answer of the app, or an old one that looks like it. */
  Answer kept(Request request, Answer answer) {
    return role == Role.WEB && request.path().equals(Health.PATH) && scenario.has(Fault.HEALTH_KEPT)
        ? answer.with("Age", "86000")
        : answer;
  }

  /** The headers that do not get through to anybody. */
  Set<String> dropped() {
    var dropped = new HashSet<String>();
    if (role == Role.WEB && scenario.has(Fault.HSTS_MISSING)) {
      dropped.add("Strict-Transport-Security");
    }
    if (role == Role.WEB && scenario.has(Fault.HEADERS_MISSING)) {
      dropped.addAll(SECURITY);
    }
    return dropped;
  }
}
