package lib.smoke;

import lib.http.Callback;
import lib.http.Refusal;
import lib.http.Worker;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cloud Run IAM stands in front of the worker, and strangers stop there. Only the callback endpoint
 * is asked with POST, about a run that cannot exist: anything else would do its work behind an open
 * door.
 */
@DisplayName("Worker, as a stranger")
@Order(4)
@Tag("SM400")
class WorkerStrangerTests {

  @Test
  @Order(1)
  @Tag("SM401")
  void root_refuses_strangers(Worker worker) {
    Refusal.byGoogle(worker.stranger().get("/"));
  }

  @Test
  @Order(2)
  @Tag("SM402")
  void callback_endpoint_refuses_strangers(Worker worker) {
    Refusal.byGoogle(worker.stranger().post(Worker.CALLBACK, Callback.forUnknownRun()));
  }

  @ParameterizedTest(name = "scheduled/{0} refuses strangers", quoteTextArguments = false)
  @MethodSource("lib.http.Worker#scheduledTasks")
  @Order(3)
  @Tag("SM403")
  void scheduled_endpoint_refuses_strangers(String task, Worker worker) {
    Refusal.byGoogle(worker.stranger().get(Worker.scheduled(task)));
  }

  @ParameterizedTest(name = "{0} refuses strangers", quoteTextArguments = false)
  @ValueSource(
      strings = {
        "execute-validation-run",
        "tasks/tracking/log-event",
        "validation-storage-capabilities/refresh"
      })
  @Order(4)
  @Tag("SM404")
  void endpoint_refuses_strangers(String endpoint, Worker worker) {
    Refusal.byGoogle(worker.stranger().get("/api/v1/" + endpoint + "/"));
  }

  @Test
  @Order(5)
  @Tag("SM405")
  void forged_token_is_refused(Worker worker) {
    Refusal.byGoogle(worker.forger().post(Worker.CALLBACK, Callback.forUnknownRun()));
  }
}
