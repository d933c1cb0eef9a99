package lib.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import lib.http.Json;
import lib.target.Environment;

/**
 * A container engine, Docker or Podman, by its API (compose.md section 5). Paths have no version.
 */
public final class Engine {

  private static final int HEAD_LIMIT = 64 * 1024;

  private final Map<String, CompletableFuture<List<Container>>> asked = new ConcurrentHashMap<>();
  private final EngineHttp http;
  private Optional<JsonObject> info = Optional.empty();

  private Engine(EngineHttp http) {
    this.http = http;
  }

  /**
   * What a command in a container printed, and how it ended.
   *
   * @param exitCode when its own time limit ended it: 124, or 143 where busybox keeps the time; 126
   *     or 127 when there is no such command or user
   */
  public record Executed(int exitCode, String out, String err) {

    /** Whether its own time limit ended it. */
    public boolean timedOut() {
      return exitCode == 124 || exitCode == 143;
    }

    /** Both streams, for people. */
    public String said() {
      return (out + "\n" + err).strip();
    }
  }

  /**
   * Whose a file or folder in a container is.
   *
   * @param mode its permissions as {@code chmod} takes them; whatever else is in it is dropped
   */
  public record Entry(long user, long group, int mode, boolean folder) {

    private static final int PERMISSIONS = 07777;

    public Entry {
      mode &= PERMISSIONS;
    }
  }

  /**
   * What is cheap to know of a path: an {@link Entry} takes the engine fifty times as long.
   *
   * @param modified when it was last written, as RFC 3339 has times
   */
  public record Stat(boolean folder, String modified) {}

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

    /** Whether a command was refused because its container does not run: Podman answers 500. */
    public boolean isNotRunning() {
      return status == 409 || String.valueOf(getMessage()).contains("container state improper");
    }

    /** Whether that is never done here: a proxy before the engine forbids it, or it cannot. */
    public boolean isDeclined() {
      return status == 403 || status == 501;
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
  public static Engine at(String place, Duration timeout) {
    return new Engine(EngineHttp.at(place, timeout));
  }

  /** Whether something is there that could be an engine. */
  public static boolean isThere(String place) {
    return place.contains("://") && !place.startsWith("unix://")
        || Files.exists(Path.of(place.replaceFirst("^unix://", "")));
  }

  /** Where it listens. */
  public String address() {
    return http.address();
  }

  public JsonObject version() throws IOException {
    return http.object(http.get(http.url("version")));
  }

  /** What it is and what it runs on; asked once, for that does not change meanwhile. */
  public synchronized JsonObject info() throws IOException {
    if (info.isEmpty()) {
      info = Optional.of(http.object(http.get(http.url("info"))));
    }
    return info.get();
  }

  /**
   * The containers with a label, stopped ones included. Many checks want to know at the same time,
   * and an engine takes its time: who asks while another waits for the answer hears the same.
   */
  public List<Container> containers(String label) throws IOException {
    var mine = new CompletableFuture<List<Container>>();
    var underWay = asked.putIfAbsent(label, mine);
    if (underWay != null) {
      try {
        return underWay.get();
      } catch (ExecutionException e) {
        return listed(label); // the other's time may have been up
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
    try {
      var found = listed(label);
      mine.complete(found);
      return found;
    } finally {
      asked.remove(label);
      mine.completeExceptionally(new IOException("no answer"));
    }
  }

  private List<Container> listed(String label) throws IOException {
    var filters = new JsonObject();
    var labels = new JsonArray();
    labels.add(label);
    filters.add("label", labels);
    var url =
        http.url("containers/json")
            .addQueryParameter("all", "1")
            .addQueryParameter("filters", filters.toString());
    var found = new ArrayList<Container>();
    for (var item : http.array(http.get(url))) {
      // one that was removed meanwhile is none
      EngineHttp.present(() -> known(Json.object(item))).ifPresent(found::add);
    }
    return found;
  }

  /**
   * A container of a list. While a health check of a paused one is under way, the engine answers no
   * question about it, so what the list says has to do.
   */
  private Container known(JsonObject item) throws IOException {
    try {
      return inspect(Json.text(item, "Id"));
    } catch (Failure e) {
      if (e.status() != 0) {
        throw e;
      }
      return Container.ofList(item);
    }
  }

  public Container inspect(String id) throws IOException {
    return Container.of(http.object(http.get(http.url("containers/" + id + "/json"))));
  }

  /** What the engine knows of an image; nothing when it does not have it. */
  public Optional<JsonObject> image(String name) throws IOException {
    return EngineHttp.present(() -> http.object(http.get(http.url("images/" + name + "/json"))));
  }

  /** The last lines that a container logged, both streams. */
  public String log(Container container, int lines) throws IOException {
    var url =
        http.url("containers/" + container.id() + "/logs")
            .addQueryParameter("stdout", "1")
            .addQueryParameter("stderr", "1")
            .addQueryParameter("tail", String.valueOf(lines));
    return Frames.both(http.get(url).bytes());
  }

  /** What a container logged first since it started, both streams. */
  public String head(Container container) throws IOException {
    var url =
        http.url("containers/" + container.id() + "/logs")
            .addQueryParameter("stdout", "1")
            .addQueryParameter("stderr", "1");
    container
        .state()
        .startedAt()
        .ifPresent(it -> url.addQueryParameter("since", String.valueOf(it.getEpochSecond())));
    return Frames.both(http.get(url, HEAD_LIMIT).bytes());
  }

  /** What is at a path in a container, stopped ones included; nothing when nothing is there. */
  public Optional<Stat> stat(Container container, String path) throws IOException {
    return new Archive(http).stat(container, path);
  }

  /** Whose a path in a container is, stopped ones included; nothing when it is not there. */
  public Optional<Entry> entry(Container container, String path) throws IOException {
    return new Archive(http).entry(container, path);
  }

  /** The text of a small file in a container, stopped ones included. */
  public Optional<String> file(Container container, String path) throws IOException {
    return new Archive(http).file(container, path);
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
    return new Exec(http).run(container, user, limit, command);
  }
}
