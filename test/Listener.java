package test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A port of this machine where something listens that is not what a client takes it for. */
final class Listener implements AutoCloseable {

  private final ServerSocket server;
  private final List<Socket> accepted = new CopyOnWriteArrayList<>();

  private Listener(ServerSocket server) {
    this.server = server;
  }

  /** One that accepts connections and never says a word. */
  static Listener silent() {
    return saying("");
  }

  /** One that says this to everybody, a byte for each character, and nothing else. */
  static Listener saying(String words) {
    try {
      var listener = new Listener(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      var thread = new Thread(() -> listener.serve(words), "listener");
      thread.setDaemon(true);
      thread.start();
      return listener;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that says a letter now and then to everybody, and never ends. */
  static Listener dripping() {
    var listener = silent();
    var thread = new Thread(listener::drip, "dripping");
    thread.setDaemon(true);
    thread.start();
    return listener;
  }

  private void drip() {
    while (!server.isClosed()) {
      for (var socket : accepted) {
        try {
          socket.getOutputStream().write('H');
        } catch (IOException e) {
          accepted.remove(socket); // the client has gone
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether somebody came. */
  boolean isAsked() {
    return !accepted.isEmpty();
  }

  int port() {
    return server.getLocalPort();
  }

  private void serve(String words) {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        accepted.add(socket);
        socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        // the client has gone, or the test is over
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : accepted) {
      socket.close();
    }
  }
}
