package lib.smoke;

import lib.http.Answerer;
import lib.http.Certificates;
import lib.http.Http;
import lib.http.NoAnswer;
import lib.http.PlainHttp;
import lib.http.Reply;
import lib.http.SecurityHeaders;
import lib.http.Web;
import lib.report.Status;
import lib.report.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the web service protects those who come to it, where they do (validibot.md section 5.1). */
@DisplayName("Web, at its public address")
@Order(7)
@Tag("SM700")
class PublicAddressTests {

  @Test
  @Order(1)
  @Tag("SM701")
  void certificate_is_good_and_lasts(Web asked) {
    var web = asked.published();
    overTls(web);
    var page = web.frontPage();
    if (!asked.stranger().isSameOrigin(web.service().url())) {
      page.remark("at " + web.service().address());
    }
    page.judged(Certificates.lasting(page.certificates()));
  }

  @Test
  @Order(2)
  @Tag("SM702")
  void http_redirects_to_https(Web asked) {
    var web = asked.published();
    if (!web.service().url().isHttps() && Http.isLoopback(web.service().url())) {
      throw withoutTls(web);
    }
    try {
      var reply = web.inClear().get("/");
      reply.judged(PlainHttp.answered(reply.url(), reply.status(), reply.header("Location")));
    } catch (NoAnswer e) {
      if (e.verdict().status() == Status.UNVERIFIED) {
        throw e; // a proxy of the environment is to blame
      }
      var plain = PlainHttp.beside(web.service().url());
      var verdict = PlainHttp.silent(plain, e.cause(), "came back: nothing, " + e.sentence());
      if (verdict.status() != Status.PASSED) {
        throw verdict.after("asked: " + e.asked()).asException();
      }
    }
  }

  @Test
  @Order(3)
  @Tag("SM703")
  void HSTS_is_sent(Web asked) {
    var web = asked.published();
    overTls(web);
    var page = page(web);
    page.judged(SecurityHeaders.hsts(page.headers()));
  }

  @Test
  @Order(4)
  @Tag("SM704")
  void security_headers_are_sent(Web asked) {
    var page = page(asked.published());
    page.judged(SecurityHeaders.others(page.headers()));
  }

  /** What people see, or a page of the app; its refusal of a host name alone has no headers. */
  private static Reply page(Web web) {
    var page = web.frontPage();
    if (page.status() == 200 || page.answerer() == Answerer.APP && page.status() != 400) {
      return page;
    }
    throw Verdict.unverified(
            "The homepage is not served at %s (see there, and: issuer is the public address), so it"
                    .formatted(web.service().address())
                + " has no headers.")
        .asException()
        .changing(true);
  }

  private static void overTls(Web web) {
    if (!web.service().url().isHttps()) {
      throw withoutTls(web);
    }
  }

  private static RuntimeException withoutTls(Web web) {
    return Verdict.skipped(
            Http.isLoopback(web.service().url())
                ? "The web service is asked over plain http, on this very machine."
                : "The web service is asked over plain http (see: http redirects to https).")
        .asException();
  }
}
