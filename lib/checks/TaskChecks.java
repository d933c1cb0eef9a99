package lib.checks;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;

/** Whether work is done in the background: broker, schedule, Beat, workers and their queue. */
final class TaskChecks {

  private final Examined examined;

  TaskChecks(Examined examined) {
    this.examined = examined;
  }

  Category category() {
    return new Category(
        "tasks",
        "Background tasks",
        "tasks",
        Stream.of(
                List.of(broker()),
                new ScheduleCheck(examined).checks(),
                List.of(new KnownTasksCheck(examined).check()),
                new BeatChecks(examined).checks(),
                new WorkerChecks(examined).checks(),
                new QueueChecks(examined).checks())
            .flatMap(List::stream)
            .toList());
  }

  /** The same question, where Celery does this work. */
  static Callable<Verdict> unlessGoogle(Examined examined, Callable<Verdict> question) {
    return examined.django().target() == DeploymentTarget.GCP
        ? () -> Verdict.skipped("On Google Cloud there is no Celery: Cloud Tasks does this work.")
        : question;
  }

  /** Where the cache is the same Redis, or should be, its checks tell: one cause, one error. */
  private Check broker() {
    var check =
        Check.of("VB401", "Broker accepts connections", unlessGoogle(examined, this::accepts));
    return examined.django().target() == DeploymentTarget.SELF_HOSTED
        ? check.needing("VB501", "VB502")
        : check;
  }

  private Verdict accepts() {
    if (examined.django().redisUrl().isEmpty() && examined.network().isItself("localhost")) {
      return Verdict.failed(
          "REDIS_URL is not set, so Celery looks for its broker at localhost:6379, which in a"
              + " container is the container itself",
          "No background task is sent, and none is taken.",
          "Set REDIS_URL=redis://redis:6379/0, then:",
          examined.compose("up -d"));
    }
    var redis = examined.theRedis();
    var fact =
        "Redis at "
            + redis.url().address()
            + (examined.django().redisUrl().isEmpty() ? ", because REDIS_URL is not set" : "");
    return redis.ask(
        it -> {
          it.llen(Queue.NAME);
          return Verdict.passed(fact);
        },
        said ->
            Verdict.failed(
                "an access list (ACL) of Redis forbids it: " + said,
                "Then Celery cannot use it, either.",
                "Give the user in REDIS_URL all keys and channels, and at least +@all"
                    + " -@dangerous."));
  }
}
