package lib.checks;

import java.io.IOException;
import java.util.List;
import lib.http.Certificates;
import lib.http.NoAnswer;
import lib.http.PlainHttp;
import lib.report.Verdict;
import okhttp3.HttpUrl;

/** What the server at the public address really does, whatever the settings say. */
final class SiteAddressChecks {

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
    var plain = PlainHttp.beside(site);
    return asked(plain).after("GET " + plain);
  }

  private Verdict asked(HttpUrl plain) {
    try (var response = address.getInClear(plain)) {
      return PlainHttp.answered(plain, response.code(), response.header("Location", ""));
    } catch (IOException e) {
      return PlainHttp.silent(plain, e, NoAnswer.sentence(e, address.millis()));
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
      var sentence = NoAnswer.sentence(e, address.millis());
      return Certificates.refused(site, List.of(site.host() + ": " + sentence));
    }
    return Certificates.lasting(contact.certificates());
  }
}
