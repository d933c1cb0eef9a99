package lib.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import lib.engine.Engine.Executed;
import lib.engine.Engine.Failure;
import lib.http.Json;

/** Commands in a container, each bounded inside it too (compose.md section 5). */
record Exec(EngineHttp http) {

  /** Time for {@code timeout -k 5} to end a command that does not listen. */
  private static final Duration LONGER_THAN_THE_COMMAND = Duration.ofSeconds(7);

  private static final int TRIES = 20;

  Executed run(Container container, String user, Duration limit, String... command)
      throws IOException {
    var path = "containers/" + container.id() + "/exec";
    var made = http.post(path, wanted(user, limit, command), http.timeout());
    var id = Json.text(http.object(made), "Id");
    var start = new JsonObject();
    start.addProperty("Detach", false);
    start.addProperty("Tty", false);
    var bytes =
        http.post("exec/" + id + "/start", start, limit.plus(LONGER_THAN_THE_COMMAND)).bytes();
    return new Executed(
        exitCode(id), Frames.stream(bytes, Frames.OUT), Frames.stream(bytes, Frames.ERR));
  }

  private static JsonObject wanted(String user, Duration limit, String... command) {
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
    return wanted;
  }

  /** How an exec ended, which the engine may learn a moment after its output has ended. */
  private int exitCode(String id) throws IOException {
    for (var tries = 0; tries < TRIES; tries++) {
      var state = http.object(http.get(http.url("exec/" + id + "/json")));
      var code = Json.text(state, "ExitCode");
      if (!Json.text(state, "Running").equals("true") && code.matches("-?\\d{1,9}")) {
        return Integer.parseInt(code);
      }
      pause();
    }
    throw new Failure(0, "the engine does not tell how a command ended");
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(0, "interrupted");
    }
  }
}
