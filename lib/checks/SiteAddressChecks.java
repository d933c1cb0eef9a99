package lib.checks;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import lib.http.NoAnswer;
import lib.report.Verdict;
import okhttp3.HttpUrl;

/** What the server at the public address really does, whatever the settings say. */
final class SiteAddressChecks {

  /** A certificate is renewed long before; a short-lived one when a third of its life is left. */
  private static final Duration SOON = Duration.ofDays(21);

  private final Examined examined;
  private final LiveSite address;

  SiteAddressChecks(Examined examined) {
    this.examined = examined;
    this.address = new LiveSite(examined);
  }

  Category category() {
    var signIn = new SignInPage(address);
    return new Category(
        "live",
        "Public address",
        "network",
        List.of(
            Check.of("PDV900", "Public address answers", new HealthPage(examined, address)::verdict)
                .needing("PDV805")
                .explainedBy("PDV003", "VB101", "PDV104", "PDV201", "VB202", "PDV301"),
            Check.of("PDV901", "http redirects to https", this::redirects)
                .needing("PDV900", "VB006"),
            Check.of("PDV902", "Certificate is good and lasts", this::certificate)
                .needing("PDV805"),
            Check.of("PDV903", "HSTS is sent", signIn::hsts).needing("PDV900", "PDV013"),
            Check.of("PDV904", "Cookies are Secure and HttpOnly", signIn::cookies)
                .needing("PDV900", "VB001"),
            Check.of("PDV905", "Security headers are sent", signIn::headers).needing("PDV900")));
  }

  private Verdict redirects() {
    address.expectAnswers();
    var site = address.site();
    if (site.port() != HttpUrl.defaultPort("https")) {
      return Verdict.skipped(
          "SITE_URL has a port of its own: nothing tells where http would be answered.");
    }
    var plain = site.newBuilder().scheme("http").port(80).build();
    try (var response = address.get(plain)) {
      var location = Optional.ofNullable(plain.resolve(response.header("Location", "")));
      if (response.isRedirect() && location.filter(HttpUrl::isHttps).isPresent()) {
        return Verdict.passed("GET " + plain + ": " + response.code() + " to " + location.get());
      }
      return Verdict.failed(
          "GET " + plain + ": " + response.code() + ", no redirect to https",
          "Passwords and pages can be read on the way.",
          "Have the reverse proxy redirect port 80 to https, as Caddy does by itself.");
    } catch (IOException e) {
      return Verdict.info(
          "GET " + plain + ": " + NoAnswer.sentence(e, address.millis()),
          "Nothing is in clear, but who types the name without https gets nothing: open port 80,"
              + " and redirect there.");
    }
  }

  private Verdict certificate() {
    var site = address.site();
    var contact = address.contact();
    if (contact.failure().isPresent()) {
      var e = contact.failure().get();
      if (!NoAnswer.isCertificate(e)) {
        address.expectAnswers();
      }
      return Verdict.failed(
          site.host() + ": " + NoAnswer.sentence(e, address.millis()),
          "Browsers warn everybody away, and other programs refuse to talk.",
          "Renew it, or correct how the reverse proxy gets it (DNS, port 80 open). The whole"
              + " chain:",
          "  openssl s_client -connect %s:%d -servername %s </dev/null"
              .formatted(site.host(), site.port(), site.host()));
    }
    return contact.certificate().map(SiteAddressChecks::lasting).orElseGet(Verdict::passed);
  }

  private static Verdict lasting(X509Certificate certificate) {
    var end = certificate.getNotAfter().toInstant();
    var left = Duration.between(Instant.now(), end);
    var life = Duration.between(certificate.getNotBefore().toInstant(), end);
    var fact =
        "good until %s, %d days; issued by %s"
            .formatted(end, left.toDays(), certificate.getIssuerX500Principal().getName());
    var late = left.compareTo(SOON) < 0 && left.compareTo(life.dividedBy(3)) < 0;
    return late
        ? Verdict.warning(
            fact,
            "It should have been renewed by now; when it ends, nobody gets in.",
            "Look at what renews it: the log of Caddy or certbot.")
        : Verdict.passed(fact);
  }
}
