package lib.google;

import java.util.ArrayList;
import java.util.List;
import lib.http.Answerer;
import lib.http.Reached;
import lib.http.Reply;
import lib.http.Web;
import lib.report.NotKept;
import lib.report.Verdict;
import lib.target.Ingress;

/** Judges whether the web service is open to everybody, by Google's own word and in fact. */
public final class Open {

  private Open() {}

  /**
   * Expect that strangers are let in, and that Google says so.
   *
   * @throws NotKept when they are not, when Google says otherwise, or when it does not say
   */
  public static void toEverybody(Cloud cloud, Web asked) {
    var web = cloud.service("web");
    var said = web.service().iamOff() || cloud.policy(web).opensToEverybody();
    var reply = asked.stranger().get("/");
    var refused = reply.is(Answerer.GOOGLE, 403) || reply.is(Answerer.GOOGLE, 401);
    if (said && refused) {
      throw Verdict.failed(
              facts(web, reply, "IAM lets everybody in"),
              "IAM lets strangers in, and yet Google refuses them, so nobody can use the site. A"
                  + " change of minutes ago may not be through yet; else an organization policy, or"
                  + " Identity-Aware Proxy, stands before the service.",
              "  " + web.service().gcloud("describe"),
              "  " + web.service().gcloud("get-iam-policy"))
          .asException()
          .changing(true);
    }
    Reached.app(reply, Web.EVERYBODY);
    if (reply.answerer() == Answerer.UNCLEAR) {
      throw reply.unverified(
          "an answer of the app",
          "A proxy or gateway may have answered, so whether strangers get to the app is not known.",
          "Ask from another network.");
    }
    if ((web.service().ingress() == Ingress.INTERNAL_ONLY
            || web.service().ingress() == Ingress.NONE)
        && cloud.isPublic(asked.service().url())) {
      throw Verdict.failed(
              facts(web, reply, said ? "IAM lets everybody in" : "its policy names no stranger"),
              "By its ingress nobody from outside can get there, and yet an app answers: what the"
                  + " public address leads to is not this service.",
              "See what answers at " + reply.service().address() + ", and how this is deployed:",
              "  " + web.service().gcloud("describe"))
          .asException();
    }
    if (!said) {
      throw Verdict.warning(
              facts(web, reply, "its IAM check is on, and its policy does not name allUsers"),
              "Strangers are let in, but not by the policy of the service: it may be by a grant of"
                  + " the whole project, which would open the worker, too, or by a proxy.",
              "  " + web.service().gcloud("get-iam-policy"),
              "If the site is to be public, say so where it can be seen:",
              "  "
                  + web.service()
                      .gcloud(
                          "add-iam-policy-binding",
                          "--member=" + Web.EVERYBODY,
                          "--role=roles/run.invoker"))
          .asException();
    }
  }

  private static List<String> facts(Described web, Reply reply, String said) {
    var facts = new ArrayList<String>();
    facts.add("asked: " + reply.asked());
    facts.add("came back: " + reply.came());
    facts.add("Google tells of " + web.service().name() + ": " + said);
    facts.add("and its ingress is " + web.service().ingress());
    return facts;
  }
}
