package test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that says, byte by byte, what a test wants: one answer for each connection. */
final class RawServer implements AutoCloseable {

  /** Says something to whoever asked. */
  interface Speech {
    void to(String request, Socket caller) throws Exception;
  }

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool(RawServer::daemon);
  private final List<Socket> callers = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private RawServer(Speech speech, InetAddress address) {
    try {
      server = new ServerSocket();
      server.bind(new InetSocketAddress(address, 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(() -> serve(speech));
  }

  static RawServer speaking(Speech speech) {
    return at(InetAddress.getLoopbackAddress(), speech);
  }

  static RawServer at(InetAddress address, Speech speech) {
    return new RawServer(speech, address);
  }

  /** One that says this to everybody. */
  static RawServer saying(String words) {
    return speaking((request, caller) -> say(caller, words));
  }

  static void say(Socket caller, String words) throws IOException {
    caller.getOutputStream().write(words.getBytes(ISO_8859_1));
    caller.getOutputStream().flush();
  }

  /** Say something over and over, until the caller has gone. */
  static void forever(OutputStream out, byte[] words, long pause) throws Exception {
    while (true) {
      out.write(words);
      out.flush();
      Thread.sleep(pause);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  /** Every request, from its first line to the end of its body. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  private void serve(Speech speech) {
    while (!server.isClosed()) {
      try {
        var caller = server.accept();
        callers.add(caller);
        threads.execute(() -> answer(speech, caller));
      } catch (IOException e) {
        // the test is over
      }
    }
  }

  private void answer(Speech speech, Socket caller) {
    try (caller) {
      var request = read(caller.getInputStream());
      asked.add(request);
      speech.to(request, caller);
    } catch (Exception e) {
      // the caller has gone, or the test is over
    }
  }

  private static String read(InputStream in) throws IOException {
    var request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      var next = in.read();
      if (next < 0) {
        return request.toString();
      }
      request.append((char) next);
    }
    var length = request.toString().toLowerCase(Locale.ROOT).split("content-length: ");
    if (length.length > 1) {
      var body = in.readNBytes(Integer.parseInt(length[1].split("\r")[0]));
      request.append(new String(body, ISO_8859_1));
    }
    return request.toString();
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "raw-server");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    try {
      server.close();
      for (var caller : callers) {
        caller.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
