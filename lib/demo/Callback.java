package lib.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Map;

/** What a validator posts when it is done. */
record Callback(JsonObject json) {

  private static final String UUID = "\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}";

  private static final Map<String, String> CONTRACT =
      Map.of(
          "run_id", ".*",
          "callback_id", ".+",
          "callback_nonce", "[A-Za-z0-9_-]{43,512}",
          "status", "success|failed_validation|failed_runtime|cancelled",
          "result_uri", ".*");

  /** Read a request's body; what is no JSON object becomes one without any key. */
  static Callback parsed(String body) {
    try {
      return new Callback(JsonParser.parseString(body).getAsJsonObject());
    } catch (JsonParseException | IllegalStateException e) {
      return new Callback(new JsonObject());
    }
  }

  /** Is it as 0.14 wants it: exactly these keys, each of them sound? */
  boolean keepsContract() {
    return json.keySet().equals(CONTRACT.keySet())
        && CONTRACT.entrySet().stream().allMatch(key -> matches(key.getKey(), key.getValue()));
  }

  /** Is it as the older documents want it, which promise no more? */
  boolean namesRun() {
    return matches("run_id", ".*");
  }

  boolean hasUuid() {
    return matches("run_id", UUID);
  }

  private boolean matches(String key, String pattern) {
    return json.has(key)
        && json.get(key).isJsonPrimitive()
        && json.getAsJsonPrimitive(key).isString()
        && json.get(key).getAsString().matches(pattern);
  }
}
