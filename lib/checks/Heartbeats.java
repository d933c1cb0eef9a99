package lib.checks;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import lib.http.Json;

/** What workers publish every 2 seconds, busy or not (validibot.md section 3.2). */
record Heartbeats(Redis redis) {

  /** Long enough for one of each worker. */
  static final Duration ROUND = Duration.ofMillis(2_600);

  /** How many tasks each worker has in hand, by its name; of the first worker that is heard. */
  Map<String, Integer> first(Duration limit) {
    return heard(limit, 1);
  }

  /** How many tasks each worker has in hand, by its name; the most that it told of. */
  Map<String, Integer> all() {
    return heard(ROUND, Integer.MAX_VALUE);
  }

  private Map<String, Integer> heard(Duration limit, int workers) {
    var active = new LinkedHashMap<String, Integer>();
    redis.listen(
        "/" + redis.url().database() + ".celeryev/worker.heartbeat",
        limit,
        message -> {
          var body = body(message);
          var name = Json.text(body, "hostname");
          if (!name.isEmpty()) {
            var number = Json.text(body, "active");
            var told = number.matches("\\d{1,6}") ? Integer.parseInt(number) : 0;
            active.merge(name, told, Math::max);
          }
          return active.size() >= workers;
        });
    return active;
  }

  private static JsonObject body(String message) {
    try {
      var decoded = Base64.getDecoder().decode(Json.text(Json.object(message), "body"));
      return Json.object(new String(decoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return new JsonObject(); // not from a worker
    }
  }
}
