package lib.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/** One HTTP server on a free loopback port: it logs what reaches it, and ends at once. */
final class Loopback implements AutoCloseable {

  static {
    // Without it a delayed ACK costs each answer 40 ms. The JDK reads this once.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final String name;
  private final Duration latency;
  private final Consumer<Exchange> log;
  private final List<HttpServer> servers = new ArrayList<>();
  private Optional<CarelessPort> careless = Optional.empty();
  private final ExecutorService threads = Executors.newCachedThreadPool(Loopback::daemon);

  /** Take a port. Nothing is answered before {@link #serve}. */
  Loopback(String name, Optional<SSLContext> tls, Duration latency, Consumer<Exchange> log) {
    this.name = name;
    this.latency = latency;
    this.log = log;
    try {
      servers.add(bind(tls));
    } catch (IOException e) {
      throw new UncheckedIOException("no loopback port for the demo stage", e);
    }
  }

  /** Take another port, which serves plain http beside https: it becomes the origin. */
  Loopback careless() {
    try {
      var plain = bind(Optional.empty());
      careless =
          Optional.of(new CarelessPort(servers.get(0).getAddress(), plain.getAddress(), threads));
      servers.add(plain);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("no loopback port for the demo stage", e);
    }
  }

  void serve(Handler handler) {
    for (var server : servers) {
      server.setExecutor(threads);
      server.createContext("/", exchange -> handle(exchange, handler));
      // The JDK's dispatcher thread is a daemon only if the thread that starts it is one.
      CompletableFuture.runAsync(server::start, threads).join();
    }
  }

  URI origin() {
    return at("127.0.0.1");
  }

  URI at(String host) {
    var server = servers.get(0);
    var scheme = server instanceof HttpsServer ? "https://" : "http://";
    var port = careless.map(CarelessPort::number).orElse(server.getAddress().getPort());
    return URI.create(scheme + host + ":" + port);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    careless.ifPresent(CarelessPort::close);
    servers.forEach(server -> server.stop(0));
  }

  private void handle(HttpExchange exchange, Handler handler) throws IOException {
    try (exchange) {
      var request = read(exchange);
      Thread.sleep(latency.toMillis());
      var answer = handler.answer(request);
      var path = request.uri().toString();
      var authorization = request.header("Authorization");
      log.accept(new Exchange(name, request.method(), path, authorization, answer.status()));
      if (answer.equals(Answer.NEVER)) {
        Thread.sleep(Long.MAX_VALUE);
      }
      write(exchange, answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(HttpExchange exchange) throws IOException {
    var headers = new HashMap<String, String>();
    exchange.getRequestHeaders().forEach((header, values) -> headers.put(header, values.get(0)));
    var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    return new Request(exchange.getRequestMethod(), exchange.getRequestURI(), headers, body);
  }

  private static void write(HttpExchange exchange, Answer answer) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    answer.cookies().forEach(it -> exchange.getResponseHeaders().add("Set-Cookie", it));
    var body = answer.body().getBytes(UTF_8);
    var silent = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), silent ? -1 : body.length);
    if (!silent) {
      exchange.getResponseBody().write(body);
    }
  }

  private static HttpServer bind(Optional<SSLContext> tls) throws IOException {
    var address = new InetSocketAddress("127.0.0.1", 0);
    if (tls.isEmpty()) {
      return HttpServer.create(address, 0);
    }
    var server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
    return server;
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "demo-stage");
    thread.setDaemon(true);
    return thread;
  }
}
