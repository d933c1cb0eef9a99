package lib.smoke;

import java.util.Locale;
import lib.http.Answerer;
import lib.http.Callback;
import lib.http.Json;
import lib.http.Reply;
import lib.http.Worker;
import lib.report.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Whoever Google lets through reaches the app, and the app still checks what it is told. */
@DisplayName("Worker, as the invoker")
@Order(5)
class WorkerInvokerTests {

  @Test
  @Order(1)
  void invoker_reaches_a_healthy_app(Worker worker) {
    var reply = worker.invoker().get("/health/");
    passedGoogle(reply, worker);
    if (reply.is(Answerer.APP, 404)) {
      throw reply.broken("200 and \"healthy\"", "A worker has /health/: is this one?");
    }
    Health.healthy(reply);
  }

  @Test
  @Order(2)
  void callback_for_an_unknown_run_is_refused_by_the_app(Worker worker) {
    var reply = worker.invoker().post(Worker.CALLBACK, Callback.forUnknownRun());
    passedGoogle(reply, worker);
    var expected = "the app's refusal as JSON (404 for the run, or 400, 401, 403)";
    if (reply.succeeded()) {
      throw reply.broken(
          expected, "A forged callback was accepted: the app does not check what it is told.");
    }
    if (reply.status() == 400 && reply.hasType("text/html")) {
      throw reply.broken(
          expected,
          "The worker does not accept its own host name, so real callbacks fail, too:"
              + " DJANGO_ALLOWED_HOSTS lacks "
              + reply.url().host()
              + ".");
    }
    if (!isRefusal(reply)) {
      throw reply.broken(
          expected,
          reply.status() >= 500
              ? "The app fails on callbacks, so validation results do not come in."
              : "Real callbacks would be refused like this one, so results do not come in.",
          "  " + reply.service().gcloud("logs read", "--limit=50"));
    }
    if (reply.status() == 401) {
      reply.remark("Google let the invoker in, the app's own list did not");
    }
  }

  private static boolean isRefusal(Reply reply) {
    if (reply.answerer() != Answerer.APP) {
      return false;
    }
    var said =
        (Json.text(reply.json(), "error") + Json.text(reply.json(), "detail"))
            .toLowerCase(Locale.ROOT);
    return switch (reply.status()) {
      case 404 -> said.contains("run");
      case 400, 403 -> !said.isEmpty();
      case 401 -> reply.header("WWW-Authenticate").contains("validibot-worker") || !said.isEmpty();
      default -> false;
    };
  }

  /** Google's refusal of somebody who should be an invoker is about IAM, not about the app. */
  private static void passedGoogle(Reply reply, Worker worker) {
    if (reply.answerer() != Answerer.GOOGLE) {
      return;
    }
    var service = reply.service();
    switch (reply.status()) {
      case 401, 403 ->
          throw reply.broken(
              "an answer of the app",
              "Authenticated request was rejected by IAM: the identity may lack the role, or it was"
                  + " granted minutes ago.",
              "  "
                  + service.gcloud(
                      "add-iam-policy-binding",
                      "--member=" + worker.member(),
                      "--role=roles/run.invoker"));
      case 404 ->
          throw Verdict.unverified(
                  ("%s answered Google's own 404: the address is wrong, or ingress is internal,"
                          + " which is not known here.")
                      .formatted(reply.asked()))
              .asException();
      default ->
          throw reply.broken(
              "an answer of the app",
              "The worker's container does not answer, so validation results do not come in.",
              "  " + service.gcloud("logs read", "--limit=50"));
    }
  }
}
