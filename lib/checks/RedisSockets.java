package lib.checks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import lib.settings.RedisUrl;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Connects to the address of a Redis, but expects a certificate for the host that its URL names.
 *
 * @param tls makes sockets that trust whom the cache trusts
 * @param millis to connect in, and to answer in
 */
record RedisSockets(RedisUrl url, String address, Supplier<SSLSocketFactory> tls, int millis)
    implements JedisSocketFactory {

  @Override
  public Socket createSocket() {
    var plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(millis);
      plain.connect(new InetSocketAddress(address, url.port()), millis);
      return url.tls() ? encrypted(plain) : plain;
    } catch (IOException e) {
      try {
        plain.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw new JedisConnectionException(e);
    }
  }

  private SSLSocket encrypted(Socket plain) throws IOException {
    var socket = (SSLSocket) tls.get().createSocket(plain, url.host(), url.port(), true);
    if (url.checksName()) {
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.startHandshake();
    return socket;
  }
}
