package lib.smoke;

import lib.http.Answerer;
import lib.http.Reached;
import lib.http.Reply;
import lib.http.Web;
import lib.report.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API is there, and serves no data to strangers (validibot.md section 5.1). */
@DisplayName("Web API, as a stranger")
@Order(2)
@Tag("SM200")
class WebApiTests {

  private static final String ME = "/api/v1/auth/me/";

  @Test
  @Order(1)
  @Tag("SM201")
  void API_documentation_is_served(Web web) {
    documented(web, web.stranger().get("/api/v1/docs/", "text/html"));
  }

  @Test
  @Order(2)
  @Tag("SM202")
  void API_schema_is_served(Web web) {
    documented(web, web.stranger().get("/api/v1/schema/"));
  }

  private static void documented(Web web, Reply reply) {
    Reached.app(reply, Web.EVERYBODY);
    if (reply.status() == 200) {
      return;
    }
    var toSignIn =
        reply.redirect().filter(to -> to.encodedPath().startsWith("/accounts/login")).isPresent();
    if (reply.is(Answerer.APP, 401) || reply.is(Answerer.APP, 403) || toSignIn) {
      throw Verdict.skipped(
              "The app wants a sign-in for %s (%d)."
                  .formatted(reply.url().encodedPath(), reply.status()))
          .asException();
    }
    if (reply.is(Answerer.APP, 404)) {
      throw Verdict.skipped(
              web.stranger().get(ME).is(Answerer.APP, 404)
                  ? "The API is not served at all (ENABLE_API): see auth/me."
                  : "This version has no " + reply.url().encodedPath() + ".")
          .asException();
    }
    throw reply.broken(
        "200, or a refusal by the app (401, 403)",
        "Whoever builds on the API cannot read how."
            + (reply.is(Answerer.APP, 500)
                ? " If the homepage is an error page, too: DJANGO_ACCOUNT_ALLOW_LOGIN=false has"
                    + " this effect."
                : ""),
        reply.service().logs());
  }

  @ParameterizedTest(name = "API {0} requires signing in", quoteTextArguments = false)
  @ValueSource(strings = {"auth/me", "orgs", "workflows", "users"})
  @Order(3)
  @Tag("SM203")
  void API_requires_signing_in(String endpoint, Web web) {
    var path = "/api/v1/" + endpoint + "/";
    var reply = web.stranger().get(path, "application/json");
    Reached.app(reply, Web.EVERYBODY);
    if (reply.is(Answerer.APP, 404)) {
      throw path.equals(ME)
          ? reply.broken(
              "a refusal by the app (401, 403)",
              "The API is not served: ENABLE_API may be off for this stage.",
              "If that is meant, leave these tests out: -k \"not API\"")
          : Verdict.skipped("This version has no such endpoint: " + path).asException();
    }
    refused(reply);
  }

  @Test
  @Order(4)
  @Tag("SM204")
  void API_refuses_a_nonsense_token(Web web) {
    var reply = web.bearing("nonsense").get(ME, "application/json");
    Reached.app(reply, Web.EVERYBODY);
    if (reply.is(Answerer.APP, 404)) {
      throw Verdict.skipped("The API is not served at all (ENABLE_API): see auth/me.")
          .asException();
    }
    Health.notBlaming(reply, web);
    refused(reply);
  }

  private static void refused(Reply reply) {
    if (reply.is(Answerer.APP, 401) || reply.is(Answerer.APP, 403)) {
      return;
    }
    var refusal = "a refusal by the app (401, 403)";
    throw reply.succeeded()
        ? reply
            .broken(
                refusal,
                "Data is served to strangers. That is a security issue.",
                "Until it is understood, keep strangers out:",
                "  " + reply.service().gcloud("update", "--ingress=internal"))
            .exposing(reply.service().logs())
        : reply.broken(refusal, "The API fails where it should refuse.", reply.service().logs());
  }
}
