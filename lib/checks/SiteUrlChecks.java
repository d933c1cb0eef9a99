package lib.checks;

import java.util.Locale;
import lib.report.Verdict;

/** Whether SITE_URL is an address, and the one that the other settings know. */
final class SiteUrlChecks {

  private static final String WHY =
      "Links in mails, credentials and the sign-in of other programs are made of it.";

  private final Examined examined;
  private final SiteAddress address;

  SiteUrlChecks(Examined examined, SiteAddress address) {
    this.examined = examined;
    this.address = address;
  }

  Verdict isPublic() {
    if (!examined.django().target().production()) {
      return Verdict.passed(address.url() + ", on a stack for development");
    }
    var fix = "Set SITE_URL=https://DOMAIN to the address that people use.";
    if (examined.django().variables().text("SITE_URL").isEmpty()) {
      return Verdict.failed("SITE_URL is not set, so it is " + address.url(), WHY, fix);
    }
    if (address.parsed().isEmpty()) {
      return Verdict.failed("SITE_URL is no address: " + address.url(), WHY, fix);
    }
    if (!address.isReal()) {
      return Verdict.failed("SITE_URL is " + address.url(), WHY, fix);
    }
    return address.parsed().get().isHttps()
        ? Verdict.passed(address.url())
        : Verdict.failed(
            "SITE_URL is " + address.url() + ", without TLS",
            "Cookies are for https only, so nobody can sign in there. " + WHY,
            fix);
  }

  Verdict hostIsAllowed() {
    if (!examined.django().target().production()) {
      return Verdict.skipped(SiteAddress.LOCAL);
    }
    var allowed = examined.django().allowedHosts();
    if (allowed.isEmpty()) {
      return Verdict.skipped("ALLOWED_HOSTS is empty (VB003).");
    }
    return examined.django().allows(address.host())
        ? Verdict.passed(address.host())
        : Verdict.failed(
            "SITE_URL is %s, and DJANGO_ALLOWED_HOSTS is '%s'"
                .formatted(address.url(), String.join(",", allowed)),
            "Whoever comes to that address is refused with status 400.",
            "Is SITE_URL right? Then add %s to DJANGO_ALLOWED_HOSTS, without blanks."
                .formatted(address.host()));
  }

  Verdict originIsTrusted() {
    if (!examined.django().target().production()) {
      return Verdict.skipped(SiteAddress.LOCAL);
    }
    var trusted = examined.django().csrfOrigins();
    if (trusted.isEmpty()) {
      return Verdict.skipped("No CSRF origin is set (VB004).");
    }
    if (trusted.stream().anyMatch(it -> !it.contains("://"))) {
      return Verdict.skipped("An origin without a scheme stops Django before that.");
    }
    return trusted.stream().anyMatch(it -> trusts(it, address))
        ? Verdict.passed(address.origin())
        : Verdict.failed(
            "SITE_URL is %s, and DJANGO_CSRF_TRUSTED_ORIGINS is '%s'"
                .formatted(address.url(), String.join(",", trusted)),
            "Behind a proxy that changes Host or scheme, every form is refused with status 403.",
            "Add %s to DJANGO_CSRF_TRUSTED_ORIGINS, without a blank or a slash."
                .formatted(address.origin()));
  }

  private static boolean trusts(String origin, SiteAddress address) {
    var lower = origin.toLowerCase(Locale.ROOT);
    var star = lower.indexOf("://*.");
    return star < 0
        ? lower.equals(address.origin())
        : address.origin().startsWith(lower.substring(0, star + 3))
            && address.domain().endsWith(lower.substring(star + 4));
  }
}
