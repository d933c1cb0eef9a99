package lib.checks;

import lib.http.Http;
import lib.http.Json;
import lib.http.NoAnswer;
import lib.report.Verdict;
import lib.target.CannotVerify;

/** Whether a healthy Validibot answers at the public address. */
record HealthPage(Examined examined, LiveSite address) {

  Verdict verdict() {
    var contact = address.contact();
    var asked = "GET " + address.at("health/");
    if (contact.failure().isPresent()) {
      var e = contact.failure().get();
      if (NoAnswer.isCertificate(e)) {
        throw new CannotVerify("its certificate is not good, so nothing was asked: see PDV902");
      }
      // From inside a network its public address often cannot be reached: no proof of a fault.
      return Verdict.warning(
          asked + ": " + NoAnswer.sentence(e, address.millis()),
          "Nobody can use it like this, unless this machine alone cannot reach it.",
          "Ask from another network. If it is the same there: look at DNS, at the firewall (80 and"
              + " 443 open), and at the reverse proxy.");
    }
    var health = Json.text(Json.object(contact.body()), "status");
    if (contact.status() == 200 && health.equals("healthy")) {
      return Verdict.passed(asked + ": 200 healthy");
    }
    return unhealthy(asked, contact);
  }

  private Verdict unhealthy(String asked, LiveSite.Contact contact) {
    var came = asked + ": " + contact.status() + " " + Http.excerpt(contact.body());
    if (contact.status() == 400 && !examined.django().allows(address.site().host())) {
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
    return Verdict.failed(
        came,
        contact.status() == 503
            ? "The app calls itself unhealthy."
            : "That is not Validibot, or it is not well.",
        "Is SITE_URL right, and does the reverse proxy lead to web:8000? Its log tells more:",
        examined.compose("logs --tail 50 web"));
  }
}
