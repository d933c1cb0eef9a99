package lib.google;

import com.google.gson.JsonObject;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lib.http.Json;
import lib.target.Image;
import lib.target.Ingress;
import lib.target.Service;
import okhttp3.HttpUrl;

/**
 * A service as Google knows it, from one look-up (cloud-run.md, Admin API).
 *
 * @param image what its newest revision runs
 * @param version the VALIDIBOT_VERSION of its newest revision; empty when it has none
 * @param role the APP_ROLE of its newest revision; nothing when that is no plain text
 * @param stage the VALIDIBOT_STAGE of its newest revision, likewise
 * @param minimum how many instances are kept while nobody asks
 * @param published where clients find an MCP service, by its VALIDIBOT_MCP_BASE_URL
 */
public record Described(
    Service service,
    Rollout rollout,
    Optional<Image> image,
    String version,
    Optional<String> role,
    Optional<String> stage,
    int minimum,
    Optional<HttpUrl> published) {

  private static final String VERSION = "VALIDIBOT_VERSION";

  static Described of(JsonObject json, Service service) {
    var template = Json.object(json, "template");
    var minimum = Math.max(minimum(json), minimum(template));
    return of(template, service, Rollout.of(json), minimum);
  }

  /** The same service as another revision of it is. */
  Described as(JsonObject revision) {
    return of(revision, service, rollout, minimum);
  }

  /** The template of a service is its newest revision. */
  private static Described of(JsonObject revision, Service service, Rollout rollout, int minimum) {
    var container = container(revision);
    return new Described(
        service,
        rollout,
        Image.of(Json.text(container, "image")),
        variable(container, VERSION).orElse(""),
        variable(container, "APP_ROLE"),
        variable(container, "VALIDIBOT_STAGE"),
        minimum,
        variable(container, "VALIDIBOT_MCP_BASE_URL")
            .map(HttpUrl::parse)
            .map(url -> url.resolve("/")));
  }

  /** The name of the revision that gets all requests, else of the newest; empty when not told. */
  String serving() {
    return rollout.only().orElse(rollout.created());
  }

  /** The name of its newest revision; empty when that is not told. */
  public String newest() {
    return rollout.created();
  }

  /** Whether nobody from outside is let in, and nothing runs while nobody asks. */
  boolean asleep() {
    return service.ingress() == Ingress.INTERNAL_ONLY && minimum == 0;
  }

  /** Image and version, as far as they are told. */
  String build() {
    return "image %s, %s %s"
        .formatted(
            image.map(Image::toString).orElse("(not told)"),
            VERSION,
            version.isEmpty() ? "(not set)" : version);
  }

  /** The container that takes the requests: the one with a port, else the first. */
  private static JsonObject container(JsonObject template) {
    var all =
        StreamSupport.stream(Json.array(template, "containers").spliterator(), false)
            .map(Json::object)
            .toList();
    return Stream.concat(
            all.stream().filter(it -> !Json.array(it, "ports").isEmpty()), all.stream())
        .findFirst()
        .orElseGet(JsonObject::new);
  }

  /** What is kept elsewhere, such as in Secret Manager, has no value here. */
  private static Optional<String> variable(JsonObject container, String name) {
    return StreamSupport.stream(Json.array(container, "env").spliterator(), false)
        .map(Json::object)
        .filter(variable -> Json.text(variable, "name").equals(name))
        .map(variable -> Json.text(variable, "value"))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private static int minimum(JsonObject parent) {
    var count = Json.text(Json.object(parent, "scaling"), "minInstanceCount");
    return count.matches("\\d{1,6}") ? Integer.parseInt(count) : 0;
  }
}
