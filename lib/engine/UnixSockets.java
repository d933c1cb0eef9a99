package lib.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import javax.net.SocketFactory;

/**
 * Lets OkHttp talk to a container engine: whatever address it connects to, the socket of the engine
 * is meant. The JDK has the channel, but no {@link Socket} for it; deadlines are OkHttp's own call
 * timeout, which closes the socket.
 */
final class UnixSockets extends SocketFactory {

  private final Path path;

  UnixSockets(Path path) {
    this.path = path;
  }

  @Override
  public Socket createSocket() throws IOException {
    return new Unix(path);
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }

  /** A socket over the channel. */
  private static final class Unix extends Socket {

    private final Path path;
    private final SocketChannel channel;

    Unix(Path path) throws IOException {
      this.path = path;
      this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    }

    @Override
    public void connect(SocketAddress ignored, int timeout) throws IOException {
      channel.connect(UnixDomainSocketAddress.of(path));
    }

    @Override
    public void connect(SocketAddress ignored) throws IOException {
      connect(ignored, 0);
    }

    @Override
    public InputStream getInputStream() {
      return Channels.newInputStream(channel);
    }

    @Override
    public OutputStream getOutputStream() {
      return Channels.newOutputStream(channel);
    }

    @Override
    public boolean isConnected() {
      return channel.isConnected();
    }

    @Override
    public boolean isClosed() {
      return !channel.isOpen();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
      // the channel knows none; the call's own timeout ends a read
    }

    @Override
    public int getSoTimeout() {
      return 0;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
