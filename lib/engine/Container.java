package lib.engine;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lib.http.Json;

/**
 * A container of the stack, as the engine inspects it (compose.md section 5).
 *
 * @param service what Compose calls it, such as {@code web}
 * @param imageId the image that it was made of
 * @param restartPolicy when the engine starts it again, such as {@code always} or {@code no}
 * @param environment secrets included, so it is never shown
 * @param user whom the image runs as
 * @param command what it runs, in one line
 */
public record Container(
    String id,
    String name,
    String service,
    String image,
    String imageId,
    String user,
    String command,
    State state,
    int restarts,
    String restartPolicy,
    Map<String, String> environment,
    Map<String, String> labels,
    Networks networks,
    List<Mount> mounts,
    List<Port> ports) {

  private static final String LABELS = "com.docker.compose.";

  /**
   * How it is.
   *
   * @param status such as {@code running}; {@code created} when it never started
   * @param health empty when the container has no health check
   * @param probe what the last health check printed
   */
  public record State(
      String status,
      boolean paused,
      boolean outOfMemory,
      int exitCode,
      String error,
      Optional<Instant> startedAt,
      String health,
      String probe) {

    /** Whether its processes run. */
    public boolean running() {
      return status.equals("running") && !paused;
    }
  }

  /**
   * How others reach it.
   *
   * @param mode such as {@code host}; most often the name of a network
   * @param addresses each with the bits of its network ({@code 172.21.0.4/16}); none when stopped
   * @param aliases what the others in these networks call it
   */
  public record Networks(String mode, List<String> addresses, List<String> aliases) {}

  /** A volume or folder in it. */
  public record Mount(String type, String name, String source, String destination) {}

  /** A port that the host hands on to it. */
  public record Port(String container, String hostAddress, String hostPort) {}

  static Container of(JsonObject json) {
    var config = Json.object(json, "Config");
    var labels = texts(Json.object(config, "Labels"));
    return new Container(
        Json.text(json, "Id"),
        Json.text(json, "Name").replaceFirst("^/", ""),
        labels.getOrDefault(LABELS + "service", ""),
        Json.text(config, "Image"),
        Json.text(json, "Image"),
        Json.text(config, "User"),
        String.join(" ", Json.texts(Json.array(config, "Cmd"))),
        state(Json.object(json, "State")),
        number(Json.text(json, "RestartCount")),
        Json.text(Json.object(Json.object(json, "HostConfig"), "RestartPolicy"), "Name"),
        environment(config),
        labels,
        networks(json),
        mounts(json),
        ports(Json.object(Json.object(json, "NetworkSettings"), "Ports")));
  }

  /** What a list of containers tells of one; its variables, restarts and health are not in it. */
  static Container ofList(JsonObject item) {
    var json = new JsonObject();
    var config = new JsonObject();
    config.add("Labels", Json.object(item, "Labels"));
    config.addProperty("Image", Json.text(item, "Image"));
    var state = new JsonObject();
    var status = Json.text(item, "State");
    state.addProperty("Paused", status.equals("paused"));
    state.addProperty("Status", status.equals("paused") ? "running" : status);
    var names = Json.texts(Json.array(item, "Names"));
    json.addProperty("Id", Json.text(item, "Id"));
    json.addProperty("Name", names.isEmpty() ? "" : names.get(0));
    json.addProperty("Image", Json.text(item, "ImageID"));
    json.add("Config", config);
    json.add("State", state);
    json.add("NetworkSettings", Json.object(item, "NetworkSettings"));
    json.add("Mounts", Json.array(item, "Mounts"));
    return of(json);
  }

  /** Its address on the first of its networks; empty when it is stopped. */
  public String address() {
    return networks.addresses().stream().findFirst().orElse("").replaceFirst("/.*", "");
  }

  /** Whether the others in its networks reach it by this name, in whatever case. */
  public boolean isNamed(String host) {
    return name.equalsIgnoreCase(host)
        || networks.aliases().stream().anyMatch(host::equalsIgnoreCase);
  }

  /** The variable of that name, as the container was given it. */
  public Optional<String> variable(String variable) {
    return Optional.ofNullable(environment.get(variable));
  }

  /** Compose's own label, such as {@code project.working_dir}. */
  public Optional<String> composeLabel(String label) {
    return Optional.ofNullable(labels.get(LABELS + label));
  }

  /**
   * The version of Validibot in it, as far as image and environment tell; empty when they do not.
   */
  public String version() {
    var label = labels.getOrDefault("org.opencontainers.image.version", "");
    return variable("VALIDIBOT_VERSION").filter(it -> !it.isBlank()).orElse(label);
  }

  /** Its name only: the environment has secrets. */
  @Override
  public String toString() {
    return name;
  }

  private static State state(JsonObject state) {
    var health = Json.object(state, "Health");
    var log = Json.array(health, "Log");
    var last = log.isEmpty() ? new JsonObject() : Json.object(log.get(log.size() - 1));
    var status = Json.text(health, "Status");
    return new State(
        Json.text(state, "Status"),
        Json.text(state, "Paused").equals("true"),
        Json.text(state, "OOMKilled").equals("true"),
        number(Json.text(state, "ExitCode")),
        Json.text(state, "Error"),
        instant(Json.text(state, "StartedAt")),
        status.equals("none") ? "" : status,
        Json.text(last, "Output"));
  }

  private static Map<String, String> environment(JsonObject config) {
    var environment = new LinkedHashMap<String, String>();
    for (var line : Json.array(config, "Env")) {
      var pair = line.getAsString().split("=", 2);
      environment.put(pair[0], pair.length > 1 ? pair[1] : "");
    }
    return environment;
  }

  private static Map<String, String> texts(JsonObject object) {
    var texts = new LinkedHashMap<String, String>();
    object.keySet().forEach(key -> texts.put(key, Json.text(object, key)));
    return texts;
  }

  private static Networks networks(JsonObject json) {
    var networks = Json.object(Json.object(json, "NetworkSettings"), "Networks");
    var each = networks.keySet().stream().map(name -> Json.object(networks, name)).toList();
    return new Networks(
        Json.text(Json.object(json, "HostConfig"), "NetworkMode"),
        each.stream()
            .filter(it -> !Json.text(it, "IPAddress").isEmpty())
            .map(it -> Json.text(it, "IPAddress") + "/" + Json.text(it, "IPPrefixLen"))
            .toList(),
        each.stream().flatMap(it -> Json.texts(Json.array(it, "Aliases")).stream()).toList());
  }

  private static List<Mount> mounts(JsonObject json) {
    return objects(Json.array(json, "Mounts"))
        .map(
            it ->
                new Mount(
                    Json.text(it, "Type"),
                    Json.text(it, "Name"),
                    Json.text(it, "Source"),
                    Json.text(it, "Destination")))
        .toList();
  }

  private static List<Port> ports(JsonObject ports) {
    return ports.keySet().stream()
        .flatMap(
            port ->
                objects(Json.array(ports, port))
                    .map(it -> new Port(port, Json.text(it, "HostIp"), Json.text(it, "HostPort"))))
        .toList();
  }

  private static Stream<JsonObject> objects(com.google.gson.JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false).map(Json::object);
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static Optional<Instant> instant(String text) {
    try {
      var instant = Instant.parse(text);
      // a container that never started has the year 1
      return instant.getEpochSecond() > 0 ? Optional.of(instant) : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
