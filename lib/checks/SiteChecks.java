package lib.checks;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import lib.checks.Check.Repair;
import lib.report.Verdict;

/** Whether Validibot knows its own address: in its database, and the same in its settings. */
final class SiteChecks {

  private final Examined examined;
  private final SiteAddress address;

  SiteChecks(Examined examined) {
    this.examined = examined;
    this.address = SiteAddress.of(examined.django());
  }

  Category category() {
    var settings = new SiteUrlChecks(examined, address);
    return new Category(
        "site",
        "Site",
        "site",
        List.of(
            Check.of("VB800", "Site has its row", this::exists).needing("PDV104"),
            Check.of("VB801", "Site domain is a real one", this::isReal)
                .needing("VB800", "PDV800")
                .repairedBy(this::rename),
            Check.of("VB802", "Site has a name", this::hasName).needing("VB800"),
            Check.of("PDV805", "SITE_URL is a public address", settings::isPublic)
                .needing(SettingsChecks.PDV002),
            Check.of("PDV803", "ALLOWED_HOSTS has the host of SITE_URL", settings::hostIsAllowed)
                .needing("PDV805"),
            Check.of("PDV804", "CSRF origins have that of SITE_URL", settings::originIsTrusted)
                .needing("PDV803"),
            // where ALLOWED_HOSTS disagrees too, SITE_URL is the odd one, and that is told there
            Check.of("PDV802", "Site domain is that of SITE_URL", this::agrees)
                .needing("VB801", "PDV803")));
  }

  private Verdict exists() throws SQLException {
    return domain().isPresent()
        ? Verdict.passed()
        : Verdict.failed(
            "django_site has no row with id 1, and SITE_ID is 1",
            "Every page that asks for the site fails.",
            "In psql, for example:",
            "  insert into django_site (id, domain, name) values (1, '%s', 'Validibot');"
                .formatted(address.isReal() ? address.domain() : "DOMAIN"));
  }

  private Verdict isReal() throws SQLException {
    var domain = domain().orElse("");
    if (!examined.django().target().production()) {
      return Verdict.passed(domain + ", on a stack for development");
    }
    if (!SiteAddress.isPlaceholder(domain) || address.isReal() && address.is(domain)) {
      return Verdict.passed(domain);
    }
    if (address.is(domain)) {
      return Verdict.skipped(
          "The site is %s, as SITE_URL is, which is to be set first (PDV805).".formatted(domain));
    }
    return Verdict.failed(
        domain.isBlank() ? "the site's domain is empty" : "the site is " + domain,
        "Links in mails lead there.",
        address.isReal()
            ? "  ./jbang check_validibot.java --fix --only VB801"
            : "Set SITE_URL, then: ./jbang check_validibot.java --fix --only VB801");
  }

  private Verdict hasName() throws SQLException {
    var name = examined.theDatabase().value("select name from django_site where id = 1").orElse("");
    return name.isBlank()
        ? Verdict.warning(
            "the site has no name",
            "Mails are headed with it.",
            "Give it one in the admin, under Sites, and restart Validibot.")
        : Verdict.passed(name);
  }

  private Verdict agrees() throws SQLException {
    if (!examined.django().target().production()) {
      return Verdict.skipped(SiteAddress.LOCAL);
    }
    var domain = domain().orElse("");
    if (!SiteAddress.isDomain(domain)) {
      return Verdict.failed(
          "the site's domain is '%s', and a domain has neither a scheme nor a slash"
              .formatted(domain),
          "Links are made of it as it is, and lead nowhere.",
          "Change it to %s in the admin, under Sites; then restart Validibot."
              .formatted(address.domain()));
    }
    return address.is(domain)
        ? Verdict.passed(domain)
        : Verdict.failed(
            "the site is %s, and SITE_URL is %s".formatted(domain, address.url()),
            "Some links lead to the one, some to the other.",
            "Change the domain in the admin, under Sites, or SITE_URL; then restart Validibot.");
  }

  private Optional<String> domain() throws SQLException {
    return examined.theDatabase().value("select domain from django_site where id = 1");
  }

  private Optional<Repair> rename() {
    return address.isReal()
        ? Optional.of(
            new Repair(
                "change the site's domain to " + address.domain() + ", as SITE_URL says",
                this::renamed))
        : Optional.empty();
  }

  private String renamed() throws SQLException {
    var before = domain().orElse("");
    if (!SiteAddress.isPlaceholder(before)) {
      return "nothing to do: it is " + before + " by now";
    }
    var changed =
        examined
            .theDatabase()
            .transaction(
                connection -> {
                  // the old domain too: what somebody sets meanwhile is not overwritten
                  try (var update =
                      connection.prepareStatement(
                          "update django_site set domain = ? where id = 1 and domain = ?")) {
                    update.setString(1, address.domain());
                    update.setString(2, before);
                    return update.executeUpdate();
                  }
                });
    return changed == 0
        ? "nothing done: somebody else is changing it"
        : "%s is now %s; restart web, worker and scheduler, which see it only then"
            .formatted(before, address.domain());
  }
}
