package lib.checks;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lib.settings.Django;
import lib.settings.Placeholders;
import okhttp3.HttpUrl;

/**
 * What SITE_URL says.
 *
 * @param url as it is set, or Django's own default
 * @param parsed nothing when it is no address
 */
record SiteAddress(String url, Optional<HttpUrl> parsed) {

  /** Why a stack for development is not judged. */
  static final String LOCAL = "A stack for development sets its own addresses.";

  private static final String MAKERS = "validibot.com";

  /** The domains that Validibot and Django begin with (validibot.md section 4.4). */
  private static final Set<String> DEFAULTS =
      Set.of("example.com", "localhost", MAKERS, "0.0.0.0", "::1", "web");

  static SiteAddress of(Django django) {
    return new SiteAddress(django.siteUrl(), Optional.ofNullable(HttpUrl.parse(django.siteUrl())));
  }

  /** Its host, and its port where that is not the usual one, as django_site has it. */
  String domain() {
    return parsed
        .map(
            it ->
                it.port() == HttpUrl.defaultPort(it.scheme())
                    ? it.host()
                    : it.host() + ":" + it.port())
        .orElse("");
  }

  String host() {
    return parsed.map(HttpUrl::host).orElse("");
  }

  /** The scheme and domain, as browsers send them. */
  String origin() {
    return parsed.map(HttpUrl::scheme).orElse("") + "://" + domain();
  }

  /** Whether it names a host of somebody's own; in SITE_URL the makers' domain is no default. */
  boolean isReal() {
    return parsed.isPresent() && (host().equals(MAKERS) || !isPlaceholder(host()));
  }

  /** Whether that domain is this address, in whatever spelling. */
  boolean is(String domain) {
    var other = HttpUrl.parse(parsed.map(HttpUrl::scheme).orElse("https") + "://" + domain);
    return other != null
        && parsed.isPresent()
        && isDomain(domain)
        && other.host().equals(host())
        && other.port() == parsed.get().port();
  }

  /** Whether a text is no more than a domain: links are made of it as it is. */
  static boolean isDomain(String text) {
    return !text.contains("/");
  }

  /** Whether a domain, with or without a port, stands for one that somebody has to fill in. */
  static boolean isPlaceholder(String domain) {
    var host = domain.strip().toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    return host.isEmpty()
        || DEFAULTS.contains(host)
        || host.endsWith(".example")
        || host.endsWith(".localhost")
        || host.matches("127(\\.\\d{1,3}){3}")
        || host.matches("(.*\\.)?your-.*")
        || Placeholders.mark(host).isPresent();
  }
}
