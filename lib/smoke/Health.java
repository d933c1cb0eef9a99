package lib.smoke;

import lib.http.Answerer;
import lib.http.Http;
import lib.http.Json;
import lib.http.Reply;
import lib.http.Web;
import lib.report.Verdict;

/** Judges an answer of {@code /health/} (validibot.md section 5.1). */
final class Health {

  private Health() {}

  /** A 500 of an app that calls itself unhealthy is told by the test of its health, once. */
  static void notBlaming(Reply reply, Web web) {
    if (reply.is(Answerer.APP, 500) && web.stranger().get("/health/").status() == 503) {
      throw Verdict.skipped(
              "The app calls itself unhealthy (see there), so its 500 at %s tells nothing more."
                  .formatted(reply.url().encodedPath()))
          .asException();
    }
  }

  /** Expect that it is the app's answer of now, where an old one would prove nothing. */
  static void fresh(Reply reply) {
    if (reply.age() > 0) {
      throw reply.unverified(
          "an answer of now",
          "A cache has kept this answer for %d s, so it says nothing of the app as it is now."
              .formatted(reply.age()),
          "A cache before the app must leave all alone that the app does not call public; nobody"
              + " may get from it what was made for another.");
    }
  }

  /** Expect that the app calls itself healthy. */
  static void healthy(Reply reply) {
    var status = Json.text(reply.json(), "status");
    if (reply.status() == 200 && status.equalsIgnoreCase("healthy")) {
      fresh(reply);
      return;
    }
    if (reply.is(Answerer.APP, 404)) {
      throw Verdict.skipped("This version has no /health/.").asException();
    }
    if (reply.status() == 503 && !status.isEmpty()) {
      throw reply.broken(
          "200 and \"healthy\"",
          "The app runs, but says itself that it cannot work: database "
              + Http.excerpt(Json.text(reply.json(), "database"))
              + ".",
          reply.service().logs());
    }
    throw reply.broken(
        "200 and \"healthy\"", "The app does not say that it can work.", reply.service().logs());
  }
}
