package lib.checks;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import lib.http.Client;
import lib.settings.Django.SmtpServer;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/** The deployment's mail server. It is greeted and left: no mail is sent. */
final class Smtp {

  /** Longer than this the app does not wait, either (validibot.md section 2, EMAIL_TIMEOUT). */
  private static final int APPS_PATIENCE_MILLIS = 5_000;

  /** Given, because else this machine's name is looked up, which may take long. */
  private static final String OUR_NAME = "[127.0.0.1]";

  private final SmtpServer server;
  private final Network network;
  private final Client http;
  private final Duration timeout;

  /**
   * @param http whose authorities are trusted
   * @param timeout for a whole check
   */
  Smtp(SmtpServer server, Network network, Client http, Duration timeout) {
    this.server = server;
    this.network = network;
    this.http = http;
    this.timeout = timeout;
  }

  /** Something that is asked of a server that has answered. */
  interface Question<T> {
    T of(SMTPTransport transport);
  }

  /**
   * Connect and ask.
   *
   * @param tls whether to turn to TLS first, and to go no further without
   * @param login whether to log in
   * @throws AuthenticationFailedException when the account is refused
   * @throws MessagingException when the server does not answer, or not as it should
   */
  <T> T ask(boolean tls, boolean login, Question<T> question) throws MessagingException {
    var address = network.address(server.host());
    var session = Session.getInstance(properties(address, tls, login));
    try (var transport = (SMTPTransport) session.getTransport("smtp")) {
      if (login) {
        transport.connect(address, server.port(), server.user(), server.password());
      } else {
        transport.connect(address, server.port(), null, null);
      }
      return question.of(transport);
    }
  }

  /** Whether it speaks TLS from the first byte, which no setting of Validibot's can. */
  boolean isImplicitTls() {
    var millis = (int) (timeout.toMillis() / 5);
    try (var plain = new Socket()) {
      plain.setSoTimeout(millis);
      plain.connect(new InetSocketAddress(network.address(server.host()), server.port()), millis);
      var socket =
          (SSLSocket)
              AnyCertificate.sockets().createSocket(plain, server.host(), server.port(), true);
      socket.startHandshake();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** How long it is given to answer. */
  int patience() {
    return (int) Math.min(APPS_PATIENCE_MILLIS, timeout.toMillis() / 3);
  }

  /** What broke the connection; nothing when the server itself refused. */
  static Optional<IOException> cause(MessagingException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof IOException io) {
        return Optional.of(io);
      }
    }
    return Optional.empty();
  }

  private Properties properties(String address, boolean tls, boolean login) {
    var properties = new Properties();
    properties.put("mail.smtp.connectiontimeout", String.valueOf(timeout.toMillis() / 5));
    properties.put("mail.smtp.timeout", String.valueOf(patience()));
    properties.put("mail.smtp.writetimeout", String.valueOf(patience()));
    properties.put("mail.smtp.localhost", OUR_NAME);
    properties.put("mail.smtp.quitwait", "false");
    properties.put("mail.smtp.starttls.enable", String.valueOf(tls));
    properties.put("mail.smtp.starttls.required", String.valueOf(tls));
    if (tls) {
      properties.put("mail.smtp.ssl.socketFactory", http.sslSocketFactory());
    }
    // A container's certificate is for its name, not for its address.
    properties.put(
        "mail.smtp.ssl.checkserveridentity", String.valueOf(address.equals(server.host())));
    properties.put("mail.smtp.auth", String.valueOf(login));
    properties.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
    return properties;
  }
}
