package lib.google;

import java.util.List;
import lib.report.NotKept;
import lib.report.Verdict;
import lib.target.Stage;

/**
 * Judges whether a service was deployed as what it is asked as. Where its ingress is internal,
 * nobody outside can ask it, and only Google tells (validibot.md section 1.1).
 */
public final class Purpose {

  private static final String WORKER = "worker";

  private Purpose() {}

  /**
   * Expect that a service runs in its role, for its stage.
   *
   * @param role {@code web} or {@code worker}
   * @throws NotKept when it says otherwise of itself
   */
  public static void of(Described service, String role, Stage stage) {
    var name = service.service().name();
    var worker = role.equals(WORKER);
    if (service.role().isPresent() && isWorker(service.role().get()) != worker) {
      throw Verdict.failed(
              facts(service, "APP_ROLE=" + service.role().get(), "APP_ROLE=" + role),
              worker
                  ? "It runs as a web service and has no paths for results, tasks and schedules:"
                      + " all of them are 404, so nothing that is validated is ever done."
                  : "It runs as a worker and has no pages: people find errors only.",
              "Deploy it as what it is:",
              "  " + service.service().gcloud("update", "--update-env-vars=APP_ROLE=" + role))
          .asException();
    }
    var other = service.stage().filter(it -> !it.equalsIgnoreCase(stage.toString()));
    if (other.isPresent()) {
      throw Verdict.warning(
              facts(service, "VALIDIBOT_STAGE=" + other.get(), "VALIDIBOT_STAGE=" + stage),
              "It may have been deployed with what is meant for another stage, such as its"
                  + " database.",
              "Deploy " + name + " again for this stage, or say which stage is to be verified.")
          .asException();
    }
    if (worker && service.role().isEmpty()) {
      throw Verdict.warning(
              facts(service, "no APP_ROLE, or one that is kept elsewhere", "APP_ROLE=worker"),
              "Without it, the app runs as a web service and has no paths for results, tasks and"
                  + " schedules.",
              "  " + service.service().gcloud("update", "--update-env-vars=APP_ROLE=worker"))
          .asException();
    }
  }

  private static List<String> facts(Described service, String told, String expected) {
    return List.of(
        Newest.asked(service.service()), "Google tells: " + told, "expected: " + expected);
  }

  /** As the app reads it (validibot.md section 2). */
  private static boolean isWorker(String role) {
    return role.equalsIgnoreCase(WORKER);
  }
}
