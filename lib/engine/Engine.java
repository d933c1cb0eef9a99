package lib.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lib.http.Http;
import lib.http.Json;
import lib.http.NoAnswer;
import lib.target.Environment;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * A container engine, Docker or Podman, by its API (compose.md section 5). Paths have no version.
 */
public final class Engine {

  private static final MediaType JSON = MediaType.get("application/json");
  private static final int EXEC_LIMIT = 4 * 1024 * 1024;

  private final OkHttpClient http;
  private final HttpUrl base;
  private final String address;

  private Engine(OkHttpClient http, HttpUrl base, String address) {
    this.http = http;
    this.base = base;
    this.address = address;
  }

  /**
   * What a command in a container printed, and how it ended.
   *
   * @param exitCode 124 when it was ended by its own time limit
   */
  public record Executed(int exitCode, String out, String err) {

    /** Both streams, for people. */
    public String said() {
      return (out + "\n" + err).strip();
    }
  }

  /** The engine did not do what was asked; the message is for people. */
  public static final class Failure extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    Failure(int status, String message) {
      super(message);
      this.status = status;
    }

    /** The status that it answered; 0 when it did not. */
    public int status() {
      return status;
    }
  }

  /**
   * Every place where an engine may listen, the first to be tried first.
   *
   * @param socket what VALIDATOR_CONTAINER_SOCKET says
   */
  public static List<String> places(Environment environment, Optional<String> socket) {
    var named = environment.variable("DOCKER_HOST");
    if (named.isPresent()) {
      return List.of(named.get());
    }
    var runtime = environment.variable("XDG_RUNTIME_DIR");
    return Stream.of(
            socket.stream(),
            Stream.of("/var/run/docker.sock"),
            runtime.stream()
                .flatMap(it -> Stream.of(it + "/docker.sock", it + "/podman/podman.sock")),
            Stream.of("/run/podman/podman.sock"))
        .flatMap(it -> it)
        .distinct()
        .toList();
  }

  /**
   * The engine at a place.
   *
   * @param place a path, or an address as DOCKER_HOST has it ({@code unix://}, {@code tcp://})
   * @param timeout for each request
   */
  public static Engine at(String place, OkHttpClient client, Duration timeout) {
    var builder = client.newBuilder().callTimeout(timeout).proxy(java.net.Proxy.NO_PROXY);
    if (place.startsWith("tcp://") || place.startsWith("http://")) {
      var url = HttpUrl.parse(place.replaceFirst("^tcp", "http"));
      if (url != null) {
        return new Engine(builder.build(), url, place);
      }
    }
    var path = Path.of(place.replaceFirst("^unix://", ""));
    builder.socketFactory(new UnixSockets(path));
    return new Engine(builder.build(), HttpUrl.get("http://localhost/"), path.toString());
  }

  /** Whether something is there that could be an engine. */
  public static boolean isThere(String place) {
    return place.contains("://") && !place.startsWith("unix://")
        || Files.exists(Path.of(place.replaceFirst("^unix://", "")));
  }

  /** Where it listens. */
  public String address() {
    return address;
  }

  public JsonObject version() throws IOException {
    return object(get("version"));
  }

  public JsonObject info() throws IOException {
    return object(get("info"));
  }

  /** The containers with a label, stopped ones included. */
  public List<Container> containers(String label) throws IOException {
    var filters = new JsonObject();
    var labels = new JsonArray();
    labels.add(label);
    filters.add("label", labels);
    var url =
        at("containers/json")
            .addQueryParameter("all", "1")
            .addQueryParameter("filters", filters.toString());
    var found = new ArrayList<Container>();
    for (var item : JsonParser.parseString(text(ask(url, "GET", null))).getAsJsonArray()) {
      found.add(inspect(Json.text(Json.object(item), "Id")));
    }
    return found;
  }

  public Container inspect(String id) throws IOException {
    return Container.of(object(get("containers/" + id + "/json")));
  }

  /** What the engine knows of an image; nothing when it does not have it. */
  public Optional<JsonObject> image(String name) throws IOException {
    try {
      return Optional.of(object(get("images/" + name + "/json")));
    } catch (Failure e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The last lines that a container logged, both streams. */
  public String log(Container container, int lines) throws IOException {
    var url =
        at("containers/" + container.id() + "/logs")
            .addQueryParameter("stdout", "1")
            .addQueryParameter("stderr", "1")
            .addQueryParameter("tail", String.valueOf(lines));
    try (var response = ask(url, "GET", null)) {
      return both(read(response));
    }
  }

  /** Whether a path is in a container, stopped ones included; the JSON tells its mode and time. */
  public Optional<JsonObject> stat(Container container, String path) throws IOException {
    var url = at("containers/" + container.id() + "/archive").addQueryParameter("path", path);
    try (var response = ask(url, "HEAD", null)) {
      var header = response.header("X-Docker-Container-Path-Stat", "");
      var decoded = java.util.Base64.getDecoder().decode(header);
      return Optional.of(Json.object(new String(decoded, StandardCharsets.UTF_8)));
    } catch (Failure e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Run a command in a container, bounded inside it too: an exec outlives the client that started
   * it.
   *
   * @param user whom to run it as; empty for the container's own
   * @param limit in whole seconds, by {@code timeout} of coreutils or busybox in the container
   */
  public Executed exec(Container container, String user, Duration limit, String... command)
      throws IOException {
    var words = new JsonArray();
    List.of("timeout", "-k", "5", String.valueOf(Math.max(1, limit.toSeconds())))
        .forEach(words::add);
    List.of(command).forEach(words::add);
    var wanted = new JsonObject();
    wanted.addProperty("AttachStdout", true);
    wanted.addProperty("AttachStderr", true);
    if (!user.isEmpty()) {
      wanted.addProperty("User", user);
    }
    wanted.add("Cmd", words);
    var made = object(text(post("containers/" + container.id() + "/exec", wanted)));
    var id = Json.text(made, "Id");
    var start = new JsonObject();
    start.addProperty("Detach", false);
    start.addProperty("Tty", false);
    byte[] bytes;
    try (var response = post("exec/" + id + "/start", start, limit.plusSeconds(7))) {
      bytes = read(response);
    }
    var ended = object(get("exec/" + id + "/json"));
    var exitCode = Json.text(ended, "ExitCode");
    return new Executed(
        exitCode.isEmpty() ? -1 : Integer.parseInt(exitCode), stream(bytes, 1), stream(bytes, 2));
  }

  private Response post(String path, JsonObject body) throws IOException {
    return ask(at(path), "POST", body);
  }

  private Response post(String path, JsonObject body, Duration timeout) throws IOException {
    return ask(at(path), "POST", body, timeout);
  }

  private String get(String path) throws IOException {
    return text(ask(at(path), "GET", null));
  }

  private HttpUrl.Builder at(String path) {
    return base.newBuilder().addPathSegments(path);
  }

  private Response ask(HttpUrl.Builder url, String method, JsonObject body) throws IOException {
    return ask(url, method, body, Duration.ofMillis(http.callTimeoutMillis()));
  }

  private Response ask(HttpUrl.Builder url, String method, JsonObject body, Duration timeout)
      throws IOException {
    var content = body == null ? null : RequestBody.create(body.toString(), JSON);
    var call = http.newCall(new Request.Builder().url(url.build()).method(method, content).build());
    call.timeout().timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    Response response;
    try {
      response = call.execute();
    } catch (IOException e) {
      throw new Failure(0, unreached(e, timeout));
    }
    if (response.isSuccessful()) {
      return response;
    }
    try (response) {
      var said = Json.text(Json.object(Http.text(response)), "message");
      throw new Failure(
          response.code(), "the engine answered %d %s".formatted(response.code(), said).strip());
    }
  }

  private String unreached(IOException e, Duration timeout) {
    if (e instanceof BindException || String.valueOf(e.getMessage()).contains("ermission denied")) {
      return "this user may not use " + address;
    }
    if (e instanceof SocketException && String.valueOf(e.getMessage()).contains("No such file")) {
      return "there is no " + address;
    }
    if (e instanceof ConnectException) {
      return "nobody listens at " + address;
    }
    return address + ": " + NoAnswer.sentence(e, timeout.toMillis());
  }

  private static byte[] read(Response response) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var source = response.body().byteStream();
    var part = new byte[16 * 1024];
    for (int n; bytes.size() < EXEC_LIMIT && (n = source.read(part)) >= 0; ) {
      bytes.write(part, 0, n);
    }
    return bytes.toByteArray();
  }

  private static String text(Response response) throws IOException {
    try (response) {
      return new String(read(response), StandardCharsets.UTF_8);
    }
  }

  private JsonObject object(String text) throws IOException {
    try {
      JsonElement parsed = JsonParser.parseString(text);
      if (parsed.isJsonObject()) {
        return parsed.getAsJsonObject();
      }
    } catch (JsonParseException e) {
      // told below
    }
    throw new Failure(0, address + " does not answer as a container engine");
  }

  private static String both(byte[] bytes) {
    return isFramed(bytes)
        ? stream(bytes, 0)
        : new String(bytes, StandardCharsets.UTF_8); // a container with a terminal has no frames
  }

  private static boolean isFramed(byte[] bytes) {
    return bytes.length >= 8 && bytes[0] <= 2 && bytes[0] >= 0 && bytes[1] == 0 && bytes[2] == 0;
  }

  /** What one stream of a framed answer says; 0 for both. */
  private static String stream(byte[] bytes, int wanted) {
    var text = new ByteArrayOutputStream();
    var buffer = ByteBuffer.wrap(bytes);
    while (buffer.remaining() >= 8) {
      var stream = buffer.getInt() >>> 24;
      var length = Math.min(buffer.getInt(), buffer.remaining());
      if (length < 0) {
        break;
      }
      if (wanted == 0 || stream == wanted) {
        text.write(bytes, buffer.position(), length);
      }
      buffer.position(buffer.position() + length);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
