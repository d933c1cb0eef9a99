package lib.checks;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.http.Json;
import redis.clients.jedis.resps.Tuple;

/** The tasks that Celery keeps in Redis (validibot.md section 3.2, compose.md section 4). */
record Queue(Redis redis) {

  /** Celery's only queue here. */
  static final String NAME = "celery";

  /** Its lists: one for each priority, the most urgent first. */
  private static final List<String> LISTS =
      Stream.of("", "\u0006\u00163", "\u0006\u00166", "\u0006\u00169")
          .map(it -> NAME + it)
          .toList();

  private static final String TAKEN = "unacked";
  private static final String TAKEN_AT = "unacked_index";
  private static final int MOST = 50;

  /**
   * A task that was taken and is not done.
   *
   * @param at when it was taken, in seconds since 1970
   */
  record Taken(String name, boolean later, double at) {}

  /** How many tasks wait. */
  long length() {
    return redis.ask(it -> LISTS.stream().mapToLong(it::llen).sum());
  }

  /** What the task is called that has waited longest; nothing when none waits. */
  Optional<String> oldest() {
    return next().map(message -> name(Json.object(message)));
  }

  /** The message that whoever takes one takes first; nothing when none waits. */
  Optional<String> next() {
    return redis.ask(
        it ->
            LISTS.stream()
                .flatMap(list -> Optional.ofNullable(it.lindex(list, -1)).stream())
                .findFirst());
  }

  /** How many tasks were taken and are not done. */
  long taken() {
    return redis.ask(it -> it.hlen(TAKEN));
  }

  /** Those that were taken first, at most fifty. */
  List<Taken> firstTaken() {
    return redis.ask(
        it ->
            it.zrangeWithScores(TAKEN_AT, 0, MOST - 1).stream()
                .flatMap(
                    entry ->
                        Optional.ofNullable(it.hget(TAKEN, entry.getElement())).stream()
                            .map(message -> taken(message, entry)))
                .toList());
  }

  /** A message there is an array: the task, and where it came from. */
  private static Taken taken(String message, Tuple entry) {
    var task = first(message);
    var eta = Json.text(Json.object(task, "headers"), "eta");
    return new Taken(name(task), !eta.isEmpty(), entry.getScore());
  }

  private static JsonObject first(String message) {
    try {
      var parsed = JsonParser.parseString(message);
      return parsed.isJsonArray() && !parsed.getAsJsonArray().isEmpty()
          ? Json.object(parsed.getAsJsonArray().get(0))
          : new JsonObject();
    } catch (JsonParseException e) {
      return new JsonObject();
    }
  }

  private static String name(JsonObject task) {
    var name = Json.text(Json.object(task, "headers"), "task");
    return name.isEmpty() ? "a task without a name" : name;
  }
}
