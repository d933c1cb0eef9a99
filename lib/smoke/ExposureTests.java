package lib.smoke;

import java.util.Set;
import lib.google.Addresses;
import lib.google.Closed;
import lib.google.Cloud;
import lib.google.Open;
import lib.http.Answerer;
import lib.http.Issuer;
import lib.http.Reached;
import lib.http.Reply;
import lib.http.Web;
import lib.http.Worker;
import lib.report.Verdict;
import lib.target.Target;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The worker is closed and the web service is open, and Google's own word, every address and every
 * answer agree on that (cloud-run.md, Admin API).
 */
@DisplayName("Exposure, as Google tells and as strangers see it")
@Order(6)
@Tag("SM600")
class ExposureTests {

  /** How a firewall before a site turns programs away. */
  private static final Set<Integer> REFUSED = Set.of(401, 403, 429);

  @Test
  @Order(1)
  @Tag("SM601")
  void IAM_is_asked_before_the_worker(Cloud cloud, Worker worker) {
    Closed.asksIam(cloud.service("worker"), worker);
  }

  @Test
  @Order(2)
  @Tag("SM602")
  void IAM_policy_of_the_worker_lets_no_stranger_in(Cloud cloud, Worker worker) {
    Closed.byPolicy(cloud, worker);
  }

  @Test
  @Order(3)
  @Tag("SM603")
  void every_address_of_the_worker_is_closed(Cloud cloud, Worker worker) {
    Addresses.refuseStrangers(cloud, worker);
  }

  @Test
  @Order(4)
  @Tag("SM604")
  void web_is_open_to_everybody(Cloud cloud, Web web) {
    Open.toEverybody(cloud, web);
  }

  @Test
  @Order(5)
  @Tag("SM605")
  void issuer_is_the_public_address(Web web, Target target) {
    var document = Reached.app(web.stranger().get(Issuer.DOCUMENT), Web.EVERYBODY);
    if (document.is(Answerer.APP, 404)) {
      throw Verdict.skipped("This version has no " + Issuer.DOCUMENT + ".").asException();
    }
    Health.notBlaming(document, web);
    Issuer.judge(document, target.site());
    var site = web.published();
    if (!web.stranger().isSameOrigin(site.service().url())) {
      answersThere(site.stranger().get(Issuer.DOCUMENT), target);
    }
  }

  private static void answersThere(Reply there, Target target) {
    if (there.answerer() == Answerer.UNCLEAR && REFUSED.contains(there.status())) {
      throw there.unverified(
          "an answer of the app",
          "Something before it answered, so whether people get to the app there is not known.",
          "Ask from another network.");
    }
    Issuer.judge(Reached.app(there, Web.EVERYBODY), target.site());
  }
}
