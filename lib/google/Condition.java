package lib.google;

import com.google.gson.JsonObject;
import java.util.stream.Stream;
import lib.http.Http;
import lib.http.Json;

/** One condition of a Cloud Run service: how far Google is with some part of it. */
record Condition(String type, String state, String reason, String message) {

  static Condition of(JsonObject json) {
    var reason =
        Stream.of("reason", "revisionReason", "executionReason")
            .map(name -> Json.text(json, name))
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
    return new Condition(
        Json.text(json, "type"), Json.text(json, "state"), reason, Json.text(json, "message"));
  }

  boolean succeeded() {
    return state.equals("CONDITION_SUCCEEDED");
  }

  boolean failed() {
    return state.equals("CONDITION_FAILED");
  }

  /** In Google's own words. */
  @Override
  public String toString() {
    var why = reason.isEmpty() ? "" : ", " + Http.excerpt(reason);
    var words = message.isEmpty() ? "" : ": " + Http.excerpt(message);
    return Http.excerpt(type) + " is " + Http.excerpt(state) + why + words;
  }
}
