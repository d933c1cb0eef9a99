package test;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.helper.BasicMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/** A real SMTP server on a free port of this machine, ended by closing it. */
final class MailServer implements AutoCloseable {

  static final String USER = "canary-mailer";
  static final String PASSWORD = "canary-pw-smtp";

  /** A password that gets no answer for as long as anybody asks. */
  static final String UNANSWERED = "canary-pw-unanswered";

  private final SMTPServer server;
  private final AtomicInteger logins;
  private final AtomicInteger mails;

  private MailServer(SMTPServer server, AtomicInteger logins, AtomicInteger mails) {
    this.server = server;
    this.logins = logins;
    this.mails = mails;
  }

  /** What it can. */
  enum Offer {
    STARTTLS_AND_AUTH,
    STARTTLS,
    AUTH,
    NOTHING,
    IMPLICIT_TLS
  }

  static MailServer offering(Offer offer, HeldCertificate certificate) {
    var logins = new AtomicInteger();
    var mails = new AtomicInteger();
    var builder =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandler(
                (BasicMessageListener) (context, from, to, data) -> mails.incrementAndGet());
    var tls = new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslContext();
    switch (offer) {
      case STARTTLS_AND_AUTH -> builder.enableTLS().startTlsSocketFactory(tls);
      case STARTTLS -> builder.enableTLS().startTlsSocketFactory(tls);
      case IMPLICIT_TLS -> builder.serverSocketFactory(tls);
      case AUTH, NOTHING -> {}
    }
    if (offer == Offer.STARTTLS_AND_AUTH || offer == Offer.AUTH) {
      builder.authenticationHandlerFactory(
          new EasyAuthenticationHandlerFactory(
              (user, password, context) -> {
                logins.incrementAndGet();
                if (password.equals(UNANSWERED)) {
                  LockSupport.parkNanos(Duration.ofSeconds(10).toNanos());
                }
                if (!user.equals(USER) || !password.equals(PASSWORD)) {
                  throw new LoginFailedException();
                }
              }));
    }
    var server = builder.build();
    server.start();
    return new MailServer(server, logins, mails);
  }

  int port() {
    return server.getPortAllocated();
  }

  /** How often somebody tried to log in. */
  int logins() {
    return logins.get();
  }

  /** How many mails it was given. */
  int mails() {
    return mails.get();
  }

  @Override
  public void close() {
    server.stop();
  }
}
