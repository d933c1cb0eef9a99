package lib.http;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import lib.report.Verdict;
import okhttp3.HttpUrl;

/** Judges certificates: how long they last, and what it means when they are refused. */
public final class Certificates {

  /** A certificate is renewed long before; a short-lived one when a third of its life is left. */
  private static final Duration SOON = Duration.ofDays(21);

  private Certificates() {}

  /**
   * Judge how long a chain lasts that was accepted: as long as the first of its links to end.
   *
   * @param chain the server's own certificate first
   */
  public static Verdict lasting(List<? extends Certificate> chain) {
    var links = chain.stream().map(X509Certificate.class::cast).toList();
    return links.stream()
        .filter(link -> link == links.get(0) || !isRoot(link))
        .min(Comparator.comparing(X509Certificate::getNotAfter))
        .map(link -> lasting(link, link == links.get(0)))
        .orElseGet(() -> Verdict.unverified("The server showed no certificate."));
  }

  /** A root is trusted by name: browsers do not mind when it ends. */
  private static boolean isRoot(X509Certificate link) {
    return link.getSubjectX500Principal().equals(link.getIssuerX500Principal());
  }

  private static Verdict lasting(X509Certificate certificate, boolean own) {
    var end = certificate.getNotAfter().toInstant();
    var left = Duration.between(Instant.now(), end);
    var life = Duration.between(certificate.getNotBefore().toInstant(), end);
    var fact =
        "%sgood until %s, %d days; issued by %s"
            .formatted(
                own
                    ? ""
                    : "intermediate " + certificate.getSubjectX500Principal().getName() + " is ",
                end,
                left.toDays(),
                certificate.getIssuerX500Principal().getName());
    var late = left.compareTo(SOON) < 0 && left.compareTo(life.dividedBy(3)) < 0;
    var verdict =
        late
            ? Verdict.warning(
                fact,
                "It should have been renewed by now; when it ends, nobody gets in.",
                "Look at what renews it: the log of Caddy or certbot, or, of a load balancer:",
                "  gcloud compute ssl-certificates list")
            : Verdict.passed(fact);
    return verdict.measuring(Map.of(Verdict.CERTIFICATE_DAYS_LEFT, left.toDays()));
  }

  /**
   * Judge a certificate that is not accepted.
   *
   * @param facts what was asked, and why it is not
   */
  public static Verdict refused(HttpUrl site, List<String> facts) {
    return Verdict.failed(
        facts,
        "Browsers warn everybody away, and other programs refuse to talk.",
        "Renew it, or correct how the reverse proxy or load balancer gets it (DNS, port 80 open)."
            + " The whole chain:",
        "  openssl s_client -connect %s:%d -servername %s </dev/null"
            .formatted(site.host(), site.port(), site.host()));
  }
}
