package lib.checks;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.http.Http;
import lib.http.Json;
import lib.http.NoAnswer;
import lib.report.Verdict;
import lib.target.CannotVerify;
import okhttp3.Cookie;
import okhttp3.HttpUrl;

/** What the server at the public address really does, whatever the settings say. */
final class SiteAddressChecks {

  /** A certificate is renewed long before; a short-lived one when a third of its life is left. */
  private static final Duration SOON = Duration.ofDays(21);

  /** What web answers carry (validibot.md section 5.1), and what is good enough. */
  private static final Map<String, Pattern> HEADERS =
      Map.of(
          "X-Content-Type-Options", Pattern.compile("(?i)nosniff"),
          "X-Frame-Options", Pattern.compile("(?i)deny|sameorigin"),
          "Referrer-Policy", Pattern.compile(".+"),
          "Cross-Origin-Opener-Policy", Pattern.compile("(?i)same-origin.*"),
          "Content-Security-Policy", Pattern.compile(".+"),
          "Permissions-Policy", Pattern.compile(".+"));

  private static final Pattern MAX_AGE = Pattern.compile("(?i)max-age=\"?(\\d+)");
  private static final Pattern CSRF = Pattern.compile("(?:__Secure-|__Host-)?csrftoken");

  private final Examined examined;
  private final LiveSite address;

  SiteAddressChecks(Examined examined) {
    this.examined = examined;
    this.address = new LiveSite(examined);
  }

  Category category() {
    return new Category(
        "live",
        "Public address",
        "network",
        List.of(
            Check.of("PDV900", "Public address answers", this::answers)
                .needing(SettingsChecks.PDV002),
            Check.of("PDV901", "http redirects to https", this::redirects)
                .needing("PDV900", "VB006"),
            Check.of("PDV902", "Certificate is good and lasts", this::certificate)
                .needing(SettingsChecks.PDV002),
            Check.of("PDV903", "HSTS is sent", this::hsts).needing("PDV900", "PDV013"),
            Check.of("PDV904", "Cookies are Secure and HttpOnly", this::cookies)
                .needing("PDV900", "VB001"),
            Check.of("PDV905", "Security headers are sent", this::headers).needing("PDV900")));
  }

  private Verdict answers() {
    var site = address.site();
    if (!site.isHttps()) {
      return Verdict.failed(
          "SITE_URL is " + site + ", which is not https",
          "Production's cookies are sent over https only: nobody can sign in.",
          "Get a certificate, and set SITE_URL to https://" + site.host() + ".");
    }
    var contact = address.contact();
    var asked = "GET " + address.at("health/");
    if (contact.failure().isPresent()) {
      var e = contact.failure().get();
      if (NoAnswer.isCertificate(e)) {
        throw new CannotVerify("its certificate is not good, so nothing was asked: see PDV902");
      }
      return Verdict.failed(
          asked + ": " + NoAnswer.sentence(e, address.millis()),
          "Nobody can use it like this, unless this machine alone cannot reach it.",
          "Look at DNS, at the firewall (80 and 443 open), and at the reverse proxy.");
    }
    var health = Json.text(Json.object(contact.body()), "status");
    if (contact.status() == 200 && health.equals("healthy")) {
      return Verdict.passed(asked + ": 200 healthy");
    }
    return unhealthy(asked, contact);
  }

  private Verdict unhealthy(String asked, LiveSite.Contact contact) {
    var came = asked + ": " + contact.status() + " " + Http.excerpt(contact.body());
    if (contact.status() == 400 && !allows(address.site().host())) {
      throw new CannotVerify(
          "it is answered with 400, because DJANGO_ALLOWED_HOSTS does not have "
              + address.site().host());
    }
    if (contact.status() / 100 == 3) {
      return Verdict.failed(
          asked + " is redirected to " + contact.location(),
          "SITE_URL is in mails and links, and is what others trust.",
          "Set SITE_URL to the address that people end up at, or correct the proxy: it has to send"
              + " X-Forwarded-Proto.");
    }
    if (contact.status() == 503 && contact.body().contains("database") && !databaseAnswers()) {
      return Verdict.warning(
          came, "The app does not reach its database, nor does this tool: see VB101.");
    }
    return Verdict.failed(
        came,
        contact.status() == 503
            ? "The app calls itself unhealthy."
            : "That is not Validibot, or it is not well.",
        "Is SITE_URL right, and does the reverse proxy lead to web:8000? Its log tells more:",
        "  docker compose -p validibot logs --tail 50 web");
  }

  private boolean allows(String host) {
    return examined.django().allowedHosts().stream()
        .map(it -> it.toLowerCase(Locale.ROOT))
        .anyMatch(
            it ->
                it.equals("*")
                    || it.equals(host)
                    || it.startsWith(".") && ("." + host).endsWith(it));
  }

  /** Whether the database answers here; then the app's trouble with it is its own. */
  private boolean databaseAnswers() {
    try {
      return examined.theDatabase().value("select 1").isPresent();
    } catch (java.sql.SQLException | lib.report.NotKept e) {
      return false;
    } catch (CannotVerify e) {
      return true; // nobody else tells of it
    }
  }

  private Verdict redirects() {
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
    if (!site.isHttps()) {
      return Verdict.skipped("SITE_URL is not https: see PDV900.");
    }
    var contact = address.contact();
    if (contact.failure().isPresent()) {
      var e = contact.failure().get();
      if (!NoAnswer.isCertificate(e)) {
        throw new CannotVerify("the public address did not answer: see PDV900");
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

  private Verdict hsts() {
    try (var page = address.login()) {
      var sent = page.headers("Strict-Transport-Security");
      var age = MAX_AGE.matcher(sent.isEmpty() ? "" : sent.get(0)); // browsers heed the first
      return age.find() && !age.group(1).matches("0+")
          ? Verdict.passed(sent)
          : Verdict.warning(
              sent.isEmpty() ? "no Strict-Transport-Security" : sent.get(0),
              "A browser that was once here may be led to http again. Django sends it only where it"
                  + " knows that the request was https.",
              "Have the reverse proxy send X-Forwarded-Proto: https, and let the header pass.");
    }
  }

  private Verdict cookies() {
    try (var page = address.login()) {
      var login = page.request().url();
      var cookie =
          Cookie.parseAll(login, page.headers()).stream()
              .filter(it -> CSRF.matcher(it.name()).matches())
              .findFirst();
      if (cookie.isEmpty()) {
        return Verdict.skipped(
            "GET " + login + ": " + page.code() + ", and no cookie of the sign-in form.");
      }
      var lacks =
          Stream.of(
                  cookie.get().secure() ? "" : "Secure", cookie.get().httpOnly() ? "" : "HttpOnly")
              .filter(it -> !it.isEmpty())
              .collect(Collectors.joining(" nor "));
      return lacks.isEmpty()
          ? Verdict.passed(cookie.get().name())
          : Verdict.failed(
              cookie.get().name() + " is not " + lacks,
              "Others on the way, or scripts in the page, can take it.",
              "Production's settings set both: which settings does web run with, and does the proxy"
                  + " change cookies?");
    }
  }

  private Verdict headers() {
    try (var page = address.login()) {
      var wrong = new ArrayList<String>();
      HEADERS.forEach(
          (name, good) -> {
            var sent = page.headers(name);
            if (sent.stream().noneMatch(it -> good.matcher(it).matches())) {
              wrong.add(sent.isEmpty() ? "no " + name : name + ": " + Http.excerpt(sent.get(0)));
            }
          });
      return wrong.isEmpty()
          ? Verdict.passed("all " + HEADERS.size())
          : Verdict.warning(
              wrong.stream().sorted().toList(),
              "Browsers protect people less without them. Validibot sends them all.",
              "Does the reverse proxy drop or replace them?");
    }
  }
}
