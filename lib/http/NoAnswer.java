package lib.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import lib.report.Verdict;
import lib.target.Service;
import okhttp3.Call;

/** A request that got no answer. That is a broken promise, too. */
public final class NoAnswer extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final String OTHER_NAME = "its certificate is for another name";
  private static final String BY_THE_DEADLINE = "no answer by the deadline of the run";

  private final transient Service service;
  private final String asked;
  private final String sentence;
  private final boolean hung;

  private NoAnswer(
      Service service, String asked, String sentence, boolean hung, IOException cause) {
    super(asked + ": " + sentence, cause);
    this.service = service;
    this.asked = asked;
    this.sentence = sentence;
    this.hung = hung;
  }

  /**
   * Tell it of a call.
   *
   * @param call a call that was cancelled was so by the deadline of the run
   * @param asked what was asked, in words
   */
  static NoAnswer to(Call call, Service service, String asked, IOException cause) {
    var timedOut = cause instanceof InterruptedIOException;
    var millis = call.timeout().timeoutNanos() / 1_000_000;
    var sentence = call.isCanceled() && !timedOut ? BY_THE_DEADLINE : sentence(cause, millis);
    return new NoAnswer(service, asked, sentence, timedOut || call.isCanceled(), cause);
  }

  /** Whether time ran out, and would again. */
  boolean hung() {
    return hung;
  }

  /** Whether asking again may bring an answer; a certificate stays as it is. */
  boolean mayChange() {
    return !(getCause() instanceof IOException cause && isCertificate(cause));
  }

  String sentence() {
    return sentence;
  }

  /** What was asked, what came of it, and where to look. */
  public Verdict verdict() {
    return Verdict.failed(
        List.of("asked: " + asked, "came back: nothing, " + sentence),
        hung
            ? sentence.equals(BY_THE_DEADLINE)
                ? "It hangs, or needs longer than --deadline leaves."
                : "It hangs, or needs longer to start than --cold-start allows."
            : "Nobody can use it like this. Is " + service.address() + " the right address?",
        service.logs());
  }

  /**
   * Say what happened.
   *
   * @param timeoutMillis how long the request was given
   */
  public static String sentence(IOException cause, long timeoutMillis) {
    if (cause instanceof UnknownHostException) {
      return "the name does not resolve";
    }
    if (cause instanceof SSLPeerUnverifiedException) {
      return OTHER_NAME;
    }
    if (cause instanceof SSLException ssl) {
      return tls(ssl);
    }
    if (cause instanceof InterruptedIOException) {
      return "no answer within " + timeoutMillis / 1000.0 + " s";
    }
    if (cause instanceof NoRouteToHostException) {
      return "no route to this host";
    }
    if (cause instanceof ConnectException) {
      if (String.valueOf(cause.getMessage()).contains("unreachable")) {
        return "the network is unreachable";
      }
      return "connection refused";
    }
    var said = String.valueOf(cause.getMessage());
    if (said.contains("reset")) {
      return "the connection was reset";
    }
    if (said.equals("unexpected end of stream")) {
      return "the answer broke off before its end";
    }
    if (cause instanceof EOFException
        || said.contains("unexpected end of stream")
        || said.contains("\\n not found")) {
      return "the connection was closed without an answer";
    }
    return "the answer could not be read (" + Http.excerpt(said) + ")";
  }

  /** Whether the server was reached, and only its certificate is not good. */
  public static boolean isCertificate(IOException cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof SSLPeerUnverifiedException
          || t instanceof CertificateException
          || t instanceof CertPathBuilderException) {
        return true;
      }
    }
    return false;
  }

  private static String tls(SSLException cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertificateExpiredException) {
        return "its certificate has expired";
      }
      if (t instanceof CertificateNotYetValidException) {
        return "its certificate is not valid yet";
      }
    }
    for (Throwable t = cause; t != null; t = t.getCause()) {
      // what the JDK says where it compares the names itself
      if (t instanceof CertificateException
          && String.valueOf(t.getMessage()).matches("No (?:subject alternative|name matching).*")) {
        return OTHER_NAME;
      }
      if (t instanceof CertPathBuilderException) {
        return "its certificate is not trusted here: no authority that is known here signed it"
            + " (a private one is given by --cacert)";
      }
    }
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertificateException) {
        return "its certificate is not trusted here: "
            + Http.excerpt(String.valueOf(t.getMessage()));
      }
    }
    return "no TLS connection (" + Http.excerpt(String.valueOf(cause.getMessage())) + ")";
  }
}
