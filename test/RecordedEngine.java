package test;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An engine that this machine has not: a small server of ours with answers as real ones gave them
 * (compose.md section 5).
 */
final class RecordedEngine implements AutoCloseable {

  private final Map<String, String> answers = new LinkedHashMap<>(Map.of("/containers/json", "[]"));
  private final HttpServer server;

  private RecordedEngine() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext(
        "/",
        exchange -> {
          var answer = answers.get(exchange.getRequestURI().getPath());
          var body = (answer == null ? "{\"message\":\"none\"}" : answer);
          var bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  static RecordedEngine docker(String version, String system, String security) {
    return new RecordedEngine()
        .answering(
            "/version",
            "{\"Version\":\"%s\",\"Components\":[{\"Name\":\"Engine\"}]}".formatted(version))
        .answering(
            "/info",
            "{\"OperatingSystem\":\"%s\",\"SecurityOptions\":[\"name=seccomp,profile=default\"%s]}"
                .formatted(system, security));
  }

  static RecordedEngine podman() {
    return new RecordedEngine()
        .answering(
            "/version", "{\"Version\":\"4.3.1\",\"Components\":[{\"Name\":\"Podman Engine\"}]}")
        .answering("/info", "{\"OperatingSystem\":\"debian\",\"OSVersion\":\"12\"}");
  }

  RecordedEngine answering(String path, String json) {
    answers.put(path, json);
    return this;
  }

  String address() {
    return "tcp://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
