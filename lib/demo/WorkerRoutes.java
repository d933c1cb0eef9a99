package lib.demo;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The URLs of the worker role: tasks that Google Cloud posts, guarded by the app once more. */
final class WorkerRoutes implements Routes {

  static final String CALLBACKS = "/api/v1/validation-callbacks/";
  static final String SCHEDULED = "/api/v1/scheduled/";
  static final Set<String> OTHERS =
      Set.of(
          "/api/v1/execute-validation-run/",
          "/api/v1/tasks/tracking/log-event/",
          "/api/v1/validation-storage-capabilities/refresh/");

  private static final Set<String> TASKS =
      Set.of(
          "cleanup-idempotency-keys/",
          "cleanup-callback-receipts/",
          "clear-sessions/",
          "purge-expired-submissions/",
          "purge-expired-outputs/",
          "process-purge-retries/",
          "cleanup-stuck-runs/",
          "verify-validator-deployments/",
          "send-periodic-emails/",
          "enforce-audit-retention/");

  private final Settings settings;
  private final WorkerAuth auth;

  WorkerRoutes(Settings settings, Tokens tokens) {
    this.settings = settings;
    this.auth = new WorkerAuth(settings, tokens);
  }

  @Override
  public Optional<Answer> answer(Request request) {
    var path = request.path();
    if (path.equals(Health.PATH)) {
      return Optional.of(Health.answer(request, settings));
    }
    if (path.equals(CALLBACKS) || isScheduled(path) || OTHERS.contains(path)) {
      return Optional.of(guarded(request));
    }
    return settings.documented()
        ? Optional.of(Answer.json(404, Map.of("detail", "Not found.")))
        : Optional.empty();
  }

  private Answer guarded(Request request) {
    var callback = request.path().equals(CALLBACKS);
    var post = request.method().equals("POST");
    if (callback && post && settings.has(Fault.CALLBACK_CSRF_ONLY)) {
      return Pages.csrfFailure();
    }
    // In the older documents Google's front end is the only guard.
    var open = settings.documented() || callback && settings.has(Fault.CALLBACK_ACCEPTED);
    return (open ? Optional.<Answer>empty() : auth.refusal(request))
        .orElseGet(() -> reached(request))
        .with("Vary", "Accept");
  }

  private Answer reached(Request request) {
    var method = request.method();
    return switch (method) {
      case "POST" -> request.path().equals(CALLBACKS) ? callback(request) : task(request.path());
      case "OPTIONS" ->
          Answer.json(200, Map.of("name", "Task", "parses", Set.of("application/json")));
      default ->
          Answer.json(405, Map.of("detail", "Method \"" + method + "\" not allowed."))
              .with("Allow", "POST, OPTIONS");
    };
  }

  private Answer callback(Request request) {
    var callback = Callback.parsed(request.body());
    if (!(settings.documented() ? callback.namesRun() : callback.keepsContract())) {
      return Answer.json(400, Map.of("error", "Invalid callback payload"));
    }
    if (settings.has(Fault.CALLBACK_ACCEPTED)) {
      return Answer.json(200, Map.of("message", "Callback processed successfully"));
    }
    // The run is looked up by its id, so a malformed id and a dead database fail alike.
    return callback.hasUuid() && settings.databaseAnswers()
        ? Answer.json(404, Map.of("error", "Validation run not found"))
        : Answer.json(500, Map.of("error", "Internal server error"));
  }

  /** Pretend to do the work, as an exposed worker really would. */
  private static Answer task(String path) {
    return isScheduled(path)
        ? Answer.json(200, Map.of("task", path, "status", "completed", "output", ""))
        : Answer.json(400, Map.of("error", "Invalid payload"));
  }

  private static boolean isScheduled(String path) {
    return path.startsWith(SCHEDULED) && TASKS.contains(path.substring(SCHEDULED.length()));
  }
}
