package lib.demo;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One HTTP response; a cookie is a value of Set-Cookie, of which there may be several. */
record Answer(int status, Map<String, String> headers, List<String> cookies, String body) {

  /** The answer that does not come. */
  static final Answer NEVER = new Answer(0, Map.of(), List.of(), "");

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  static Answer of(int status, String contentType, String body) {
    return new Answer(status, Map.of("Content-Type", contentType), List.of(), body);
  }

  static Answer html(int status, String body) {
    return of(status, "text/html; charset=utf-8", body);
  }

  static Answer json(int status, String body) {
    return of(status, "application/json", body);
  }

  static Answer json(int status, Map<String, ?> body) {
    return json(status, text(body));
  }

  /** The form in which all of Google's REST APIs put an error. */
  static Answer error(int code, String status, String message) {
    return json(code, Map.of("error", Map.of("code", code, "message", message, "status", status)));
  }

  static Answer redirect(int status, String location) {
    return html(status, "").with("Location", location);
  }

  static String text(Map<String, ?> json) {
    return GSON.toJson(json);
  }

  Answer without(Set<String> names) {
    var less = new HashMap<>(headers);
    less.keySet().removeAll(names);
    return new Answer(status, less, cookies, body);
  }

  Answer with(String name, String value) {
    var more = new HashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, cookies, body);
  }

  Answer setting(String cookie) {
    var more = new ArrayList<>(cookies);
    more.add(cookie);
    return new Answer(status, headers, List.copyOf(more), body);
  }
}
