package lib.demo;

import java.util.Map;
import java.util.Optional;

/** The worker's own guard, behind Google's: a shared key, or an ID token of its task identity. */
record WorkerAuth(Settings settings, Tokens tokens) {

  private static final String KEY = "Worker-Key ";

  Optional<Answer> refusal(Request request) {
    return settings
        .workerKey()
        .map(key -> withoutKey(request.header("Authorization"), key))
        .orElseGet(() -> withoutIdToken(request.bearer()));
  }

  private static Optional<Answer> withoutKey(String authorization, String key) {
    if (authorization.equals(KEY + key)) {
      return Optional.empty();
    }
    var missing = !authorization.startsWith(KEY);
    var words = missing ? "Worker API key required." : "Invalid worker API key.";
    return Optional.of(Answer.json(403, Map.of("detail", words)));
  }

  private Optional<Answer> withoutIdToken(Optional<String> bearer) {
    if (bearer.flatMap(tokens::holder).filter(this::isTaskIdentity).isPresent()) {
      return Optional.empty();
    }
    var words =
        bearer.isPresent()
            ? "Invalid OIDC identity token."
            : "Missing OIDC identity token. Provide Authorization: Bearer <token>.";
    return Optional.of(
        Answer.json(401, Map.of("detail", words))
            .with("WWW-Authenticate", "Bearer realm=\"validibot-worker\""));
  }

  private boolean isTaskIdentity(Tokens.Holder holder) {
    return holder.email().equals(settings.scenario().serviceAccount())
        && settings.workerUrls().contains(holder.audience());
  }
}
