package lib.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import lib.report.Verdict;
import okhttp3.HttpUrl;

/** Judges what plain http does beside an https address: it may lead there, and nothing else. */
public final class PlainHttp {

  private static final int USUAL = HttpUrl.defaultPort("http");

  private PlainHttp() {}

  /** Where http is asked: at its usual port; beside an unusual one of https, at that very port. */
  public static HttpUrl beside(HttpUrl site) {
    return site.isHttps()
        ? site.newBuilder()
            .scheme("http")
            .port(site.port() == HttpUrl.defaultPort("https") ? USUAL : site.port())
            .build()
        : site;
  }

  /**
   * Judge an answer.
   *
   * @param location where it leads; empty when nowhere
   */
  public static Verdict answered(HttpUrl plain, int status, String location) {
    var next = location.isEmpty() ? null : plain.resolve(location);
    if (status >= 300 && status <= 399 && next != null && next.isHttps()) {
      return Verdict.passed(status + " to " + next);
    }
    var fact = status + ", no redirect to https";
    if (status >= 400) {
      // what servers say to plain http at a port for TLS alone
      return status == 400 && plain.port() != USUAL
          ? Verdict.passed(status + ": port " + plain.port() + " is for https alone")
          : Verdict.warning(
              fact,
              "Who types the name without https gets an error.",
              "Have the reverse proxy or load balancer redirect http to https.");
    }
    return Verdict.failed(
        fact,
        "Passwords and pages can be read on the way.",
        "Have the reverse proxy or load balancer redirect http to https, as Caddy does by itself;"
            + " DJANGO_SECURE_SSL_REDIRECT=false has this effect, too.");
  }

  /**
   * Judge that there was no answer.
   *
   * @param sentence what happened, in words
   */
  public static Verdict silent(HttpUrl plain, IOException cause, String sentence) {
    if (cause instanceof InterruptedIOException && !isOfConnecting(cause)) {
      return Verdict.unverified(sentence);
    }
    return plain.port() == USUAL
        ? Verdict.info(
            sentence,
            "Nothing is in clear, but who types the name without https gets nothing: open port 80,"
                + " and redirect there.")
        : Verdict.passed("port " + plain.port() + " is for https alone");
  }

  /** A firewall that drops what is sent to a closed port. */
  private static boolean isOfConnecting(IOException cause) {
    return cause instanceof SocketTimeoutException
        && String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("connect");
  }
}
