package lib.smoke;

import java.util.Locale;
import lib.http.Answerer;
import lib.http.Callback;
import lib.http.Json;
import lib.http.Reached;
import lib.http.Reply;
import lib.http.Worker;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever Google lets through reaches the app, and the app still checks what it is told. */
@DisplayName("Worker, as the invoker")
@Order(5)
@Tag("SM500")
class WorkerInvokerTests {

  @Test
  @Order(1)
  @Tag("SM501")
  void invoker_reaches_a_healthy_app(Worker worker) {
    var reply = reached(worker.invoker().get("/health/"), worker);
    if (reply.is(Answerer.APP, 404)) {
      throw reply.broken(
          "200 and \"healthy\"", "A worker has /health/: is this one?", reply.service().logs());
    }
    Health.healthy(reply);
  }

  @Test
  @Order(2)
  @Tag("SM502")
  void callback_for_an_unknown_run_is_refused_by_the_app(Worker worker) {
    var reply = reached(worker.invoker().post(Worker.CALLBACK, Callback.forUnknownRun()), worker);
    var expected = "the app's refusal as JSON (404 for the run, or 400, 401)";
    if (reply.succeeded()) {
      throw reply.broken(
          expected,
          "A forged callback was accepted: the app does not check what it is told.",
          "Until it is understood, keep everybody out:",
          "  " + reply.service().gcloud("update", "--ingress=internal"));
    }
    if (!isRefusal(reply)) {
      throw reply.broken(expected, whyNot(reply), reply.service().logs());
    }
    if (reply.status() == 401) {
      reply.remark("Google let the invoker in, the app's own list did not");
    }
  }

  private static String whyNot(Reply reply) {
    if (reply.is(Answerer.APP, 404) && reply.hasType("text/html")) {
      return "This is no worker: the app does not route callbacks, so results do not come in. It"
          + " may run without APP_ROLE=worker.";
    }
    if (wantsKey(said(reply))) {
      return "It wants a key from whoever calls it, as where DEPLOYMENT_TARGET is not gcp. Google's"
          + " own callers have none: validators, tasks and schedules are all refused.";
    }
    return reply.status() >= 500
        ? "The app fails on callbacks, so validation results do not come in."
        : "Real callbacks would be refused like this one, so results do not come in.";
  }

  /** The guard of a worker that is not on Google Cloud (validibot.md section 5.2). */
  private static boolean wantsKey(String said) {
    return said.contains("api key");
  }

  private static String said(Reply reply) {
    return (Json.text(reply.json(), "error") + Json.text(reply.json(), "detail"))
        .toLowerCase(Locale.ROOT);
  }

  private static Reply reached(Reply reply, Worker worker) {
    return Reached.app(reply, worker.identity());
  }

  private static boolean isRefusal(Reply reply) {
    if (reply.answerer() != Answerer.APP) {
      return false;
    }
    var said = said(reply);
    return switch (reply.status()) {
      case 404 -> said.contains("run");
      case 400 -> !said.isEmpty();
      case 403 -> !said.isEmpty() && !wantsKey(said);
      case 401 -> reply.header("WWW-Authenticate").contains("validibot-worker") || !said.isEmpty();
      default -> false;
    };
  }
}
