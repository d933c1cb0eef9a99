package lib.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Executor;

/** A port for https that serves plain http just as well: it leads each to the server that can. */
final class CarelessPort implements AutoCloseable {

  /** The first byte of every TLS connection. */
  private static final int HANDSHAKE = 22;

  private final ServerSocket port;
  private final InetSocketAddress secure;
  private final InetSocketAddress plain;
  private final Executor threads;

  CarelessPort(InetSocketAddress secure, InetSocketAddress plain, Executor threads)
      throws IOException {
    this.port = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    this.secure = secure;
    this.plain = plain;
    this.threads = threads;
    threads.execute(this::accept);
  }

  int number() {
    return port.getLocalPort();
  }

  @Override
  public void close() {
    try {
      port.close();
    } catch (IOException e) {
      // then it was closed before
    }
  }

  private void accept() {
    try {
      while (true) {
        var client = port.accept();
        threads.execute(() -> lead(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void lead(Socket client) {
    try (client;
        var in = new PushbackInputStream(client.getInputStream());
        var server = new Socket()) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      var first = in.read();
      if (first < 0) {
        return;
      }
      in.unread(first);
      server.connect(first == HANDSHAKE ? secure : plain);
      threads.execute(() -> pour(in, server));
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // one side is gone, and so the other
    }
  }

  private static void pour(InputStream from, Socket to) {
    try (OutputStream out = to.getOutputStream()) {
      from.transferTo(out);
    } catch (IOException e) {
      // one side is gone, and so the other
    }
  }
}
