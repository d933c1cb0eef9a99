package lib.http;

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
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.Service;
import okhttp3.Call;
import okhttp3.HttpUrl;

/** A request that got no answer. That is a broken promise, too. */
public final class NoAnswer extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final String OTHER_NAME = "its certificate is for another name";
  private static final String DEADLINE = "by the deadline of the run";
  private static final String ENDLESS = "the answer began, and did not end ";
  private static final String NOBODY = "Nobody can use it like this. Is %s the right address?";
  private static final String BY_PROXY =
      "Nothing came through the proxy, and whether the service is to blame cannot be told from"
          + " here.";

  private final transient Verdict verdict;
  private final String asked;
  private final String sentence;
  private final boolean hung;

  private NoAnswer(String asked, String sentence, boolean hung, Verdict verdict, Throwable cause) {
    super(asked + ": " + sentence, cause);
    this.verdict = verdict;
    this.asked = asked;
    this.sentence = sentence;
    this.hung = hung;
  }

  /**
   * Tell it of a call.
   *
   * @param call a call that was cancelled was so by the deadline of the run
   * @param asked what was asked, in words
   * @param status what had come when it broke off; nothing when nothing had
   */
  static NoAnswer to(
      Client http,
      Call call,
      Service service,
      String asked,
      Optional<Integer> status,
      IOException cause) {
    var timedOut = cause instanceof InterruptedIOException;
    var hung = timedOut || call.isCanceled();
    var url = call.request().url();
    var limit =
        timedOut ? "within " + call.timeout().timeoutNanos() / 1_000_000 / 1000.0 + " s" : DEADLINE;
    var sentence =
        hung
            ? (status.isEmpty() ? "no answer " : ENDLESS) + limit + through(http, url)
            : sentence(http, url, cause);
    var came = "came back: " + status.map(it -> it + ", but ").orElse("nothing, ") + sentence;
    var facts = List.of("asked: " + asked, came);
    var proxied = Proxies.between(http, url).isPresent();
    if (proxied && (status.isEmpty() || Proxies.trouble(http, url, cause).isPresent())) {
      var fix = List.of("If it can be reached without a proxy:", "  export NO_PROXY=" + url.host());
      var told = new Verdict(Status.UNVERIFIED, facts, BY_PROXY, fix);
      return new NoAnswer(asked, sentence, hung, told, cause);
    }
    if (!hung && isCertificate(cause)) {
      return new NoAnswer(asked, sentence, hung, Certificates.refused(url, facts), cause);
    }
    var why = hung ? hanging(limit) : NOBODY.formatted(service.address());
    return new NoAnswer(asked, sentence, hung, Verdict.failed(facts, why, service.logs()), cause);
  }

  private static String hanging(String limit) {
    return limit.equals(DEADLINE)
        ? "It hangs, or needs longer than --deadline leaves."
        : "It hangs, or needs longer to start than --cold-start allows.";
  }

  /** Whether time ran out, and would again. */
  boolean hung() {
    return hung;
  }

  /** Whether asking again may bring an answer; a certificate stays as it is. */
  boolean mayChange() {
    return !(getCause() instanceof IOException cause && isCertificate(cause));
  }

  /** What happened, in words. */
  public String sentence() {
    return sentence;
  }

  /** What happened. */
  public IOException cause() {
    return (IOException) getCause();
  }

  /** What was asked, and by whom. */
  public String asked() {
    return asked;
  }

  /** What was asked, what came of it, and where to look. */
  public Verdict verdict() {
    return verdict;
  }

  private static String through(Client http, HttpUrl url) {
    return Proxies.between(http, url).map(proxy -> ", through " + proxy).orElse("");
  }

  /** Say what happened, also where a proxy of the environment is to blame. */
  public static String sentence(Client http, HttpUrl url, IOException cause) {
    return Proxies.trouble(http, url, cause)
        .orElseGet(() -> sentence(cause, http.callTimeoutMillis()) + through(http, url));
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
    return Garbled.sentence(cause);
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

  /** Whether no authority that is trusted here signed its certificate. */
  public static boolean isUntrusted(Throwable cause) {
    for (var t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertPathBuilderException) {
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
