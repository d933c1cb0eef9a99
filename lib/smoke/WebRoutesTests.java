package lib.smoke;

import lib.http.Answerer;
import lib.http.Reached;
import lib.http.Reply;
import lib.http.Web;
import lib.http.Worker;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What only the worker may serve is not there on the public web service. Asked with GET: behind an
 * open door a POST would do its work.
 */
@DisplayName("Worker-only endpoints, on the web service")
@Order(3)
@Tag("SM300")
class WebRoutesTests {

  @Test
  @Order(1)
  @Tag("SM301")
  void callback_endpoint_is_not_there(Web web) {
    notThere(web, Worker.CALLBACK);
  }

  @ParameterizedTest(name = "scheduled/{0} is not there", quoteTextArguments = false)
  @MethodSource("lib.http.Worker#scheduledTasks")
  @Order(2)
  @Tag("SM302")
  void scheduled_endpoint_is_not_there(String task, Web web) {
    notThere(web, Worker.scheduled(task));
  }

  private static void notThere(Web web, String path) {
    var reply = Reached.app(web.stranger().get(path), Web.EVERYBODY);
    if (!reply.is(Answerer.APP, 404)) {
      var routed = isOfTheWorker(reply);
      throw routed
          ? reply.broken(
              "the app's 404",
              "The public web service routes the worker's endpoints, where no IAM protects them: it"
                  + " may run with APP_ROLE=worker.",
              "  " + reply.service().gcloud("update", "--update-env-vars=APP_ROLE=web"))
          : reply.broken(
              "the app's 404",
              "Whether the worker's endpoints are routed here cannot be seen behind this.",
              reply.service().logs());
    }
  }

  /** What the worker says of these paths (validibot.md section 5.2); anything else is no proof. */
  private static boolean isOfTheWorker(Reply reply) {
    if (reply.answerer() != Answerer.APP) {
      return false;
    }
    return switch (reply.status()) {
      case 401 -> reply.header("WWW-Authenticate").contains("validibot-worker");
      case 400, 403, 405 -> reply.hasType("application/json");
      default -> reply.succeeded();
    };
  }
}
