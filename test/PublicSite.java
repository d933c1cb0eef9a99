package test;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * A public address on this machine: an https server, an http server, and a proxy through which
 * their name leads to them, on their usual ports. What they answer can be spoilt.
 */
final class PublicSite implements AutoCloseable {

  static final String HOST = "validibot.acme.internal";

  final Map<String, String> headers = new LinkedHashMap<>();
  String cookie = "__Secure-csrftoken=x; Path=/; Secure; HttpOnly; SameSite=Lax";
  String health = "{\"status\":\"healthy\",\"database\":\"ok\"}";
  int status = 200;
  int inClear = 301;
  Optional<String> root = Optional.empty();
  boolean silent;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            var thread = new Thread(work, "public-site");
            thread.setDaemon(true);
            return thread;
          });
  private final HttpsServer secure;
  private final HttpServer plain;
  private final ServerSocket proxy;

  PublicSite(HeldCertificate certificate) throws IOException {
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    headers.put("Referrer-Policy", "strict-origin-when-cross-origin");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Content-Security-Policy", "default-src 'self'");
    headers.put("Permissions-Policy", "camera=()");
    headers.put("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload");
    var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var tls = new HandshakeCertificates.Builder().heldCertificate(certificate).build();
    secure = HttpsServer.create(any, 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(tls.sslContext()));
    plain = HttpServer.create(any, 0);
    proxy = new ServerSocket(0, 50, any.getAddress());
    secure.createContext("/", this::page);
    plain.createContext("/", this::redirect);
    for (var server : new HttpServer[] {secure, plain}) {
      server.setExecutor(threads);
      // its dispatcher is a daemon only if the thread that starts it is one
      CompletableFuture.runAsync(server::start, threads).join();
    }
    threads.submit(this::accept);
  }

  /** What makes a Java program find it. */
  String javaOptions() {
    var options = new StringBuilder();
    for (var scheme : new String[] {"http", "https"}) {
      options.append(" -D%s.proxyHost=127.0.0.1".formatted(scheme));
      options.append(" -D%s.proxyPort=%d".formatted(scheme, proxy.getLocalPort()));
    }
    return options.toString().strip();
  }

  private void page(HttpExchange exchange) throws IOException {
    try (exchange) {
      headers.forEach(exchange.getResponseHeaders()::set);
      if (exchange.getRequestURI().getPath().equals("/health/")) {
        answer(exchange, status, health);
      } else if (root.isPresent()) {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        answer(exchange, 200, root.get());
      } else {
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.getResponseHeaders().set("Set-Cookie", cookie);
        answer(exchange, 200, "<form action=\"/accounts/login/\">");
      }
    }
  }

  private void redirect(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (inClear == 0) {
        return; // and close the connection
      }
      if (inClear == 301) {
        exchange.getResponseHeaders().set("Location", "https://" + HOST + "/");
      }
      answer(exchange, inClear, "in clear");
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    var body = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private void accept() {
    try {
      while (true) {
        var client = proxy.accept();
        threads.submit(() -> lead(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  /** Lead a connection to the server that it means, as an http proxy does. */
  private void lead(Socket client) {
    try {
      var in = client.getInputStream();
      var first = new StringBuilder();
      for (int c; (c = in.read()) >= 0 && c != '\n'; ) {
        first.append((char) c);
      }
      if (silent) {
        return; // and keep the connection open
      }
      var tunnel = first.toString().startsWith("CONNECT ");
      var port = (tunnel ? secure : plain).getAddress().getPort();
      var server = new Socket(InetAddress.getLoopbackAddress(), port);
      if (tunnel) {
        skipHead(in);
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
      } else {
        server.getOutputStream().write((first + "\n").getBytes(UTF_8));
      }
      var out = server.getOutputStream();
      threads.submit(() -> pour(in, out));
      pour(server.getInputStream(), client.getOutputStream());
      server.close();
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void skipHead(InputStream in) throws IOException {
    for (int c, length = 0; (c = in.read()) >= 0; ) {
      if (c == '\n' && length == 0) {
        return;
      }
      length = c == '\n' ? 0 : c == '\r' ? length : length + 1;
    }
  }

  private static void pour(InputStream from, OutputStream to) {
    try (to) {
      from.transferTo(to);
    } catch (IOException e) {
      // one side is gone, and so the other
    }
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    secure.stop(0);
    plain.stop(0);
    threads.shutdownNow();
  }
}
