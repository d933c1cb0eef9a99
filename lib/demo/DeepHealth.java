package lib.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /health/deep/}, for superusers: each part of the app, in its own words. */
final class DeepHealth {

  static final String PATH = "/health/deep/";

  private static final Map<String, ?> OK = Map.of("status", "ok");
  private static final Map<String, ?> FAILED = Map.of("status", "error", "detail", "check failed");

  private DeepHealth() {}

  static Answer answer(Settings settings) {
    if (settings.has(Fault.NOT_SUPERUSER)) {
      return Answer.html(403, "This is for superusers.");
    }
    var storage = settings.has(Fault.STORAGE_DOWN);
    var warned = settings.has(Fault.SECURITY_WARNINGS);
    var checks = new LinkedHashMap<String, Map<String, ?>>();
    checks.put("database", OK);
    checks.put("migrations", OK);
    checks.put("cache", OK);
    checks.put("storage", storage ? FAILED : Map.of("status", "ok", "backend", "DefaultStorage"));
    checks.put("site", Map.of("status", "ok", "domain", settings.siteUrl().getHost()));
    checks.put("roles", Map.of("status", "ok", "count", 7));
    // In 0.14 this check itself is broken, so the endpoint is never healthy.
    checks.put("validators", settings.documented() ? OK : FAILED);
    checks.put(
        "security", warned ? Map.of("status", "warning", "warnings", List.of("DEBUG is on")) : OK);
    var healthy = checks.values().stream().noneMatch(it -> it.equals(FAILED));
    var body = new LinkedHashMap<String, Object>();
    body.put("status", healthy ? "healthy" : "unhealthy");
    body.put("checks", checks);
    return Answer.json(healthy ? 200 : 503, body);
  }
}
