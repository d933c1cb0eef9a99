package lib.checks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.target.CannotVerify;

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
                List.of(broker(), memory()),
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

  private Check memory() {
    return Check.of("PDV408", "Broker drops no task", unlessGoogle(examined, this::keeps))
        .needing("VB401");
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

  /** What Redis does when its memory is full: tasks are keys without a lifetime there. */
  private Verdict keeps() {
    var info = examined.theRedis().info();
    var limit = number(info, "maxmemory");
    var policy = info.getOrDefault("maxmemory_policy", "");
    if (limit == 0) {
      return Verdict.passed("its memory has no limit");
    }
    if (limit < 0 || !policy.matches("(allkeys|volatile)-.*|noeviction")) {
      throw new CannotVerify("this Redis does not tell what it does when its memory is full");
    }
    var fact =
        "maxmemory is %s, maxmemory-policy %s"
            .formatted(info.getOrDefault("maxmemory_human", limit + " bytes"), policy);
    if (policy.startsWith("allkeys-")) {
      return dropping(fact, number(info, "evicted_keys"));
    }
    // as Redis counts: what it needs for its replicas and its file does not make it full
    var used = number(info, "used_memory") - Math.max(0, number(info, "mem_not_counted_for_evict"));
    return policy.equals("noeviction") && used >= limit
        ? Verdict.failed(
            fact + ", and all of it is used: it refuses to write",
            "No background task is sent, and none is taken.",
            "Give it more memory, or look at what fills it:",
            "  redis-cli --bigkeys")
        : Verdict.passed(fact);
  }

  private static Verdict dropping(String fact, long dropped) {
    var why =
        "When its memory is full it drops waiting tasks, too: nothing tells, and their runs"
            + " stay pending.";
    var fix =
        new String[] {
          "Have it keep what has no lifetime (what Django caches has one), in its configuration"
              + " and at once:",
          "  redis-cli config set maxmemory-policy volatile-lru"
        };
    return dropped > 0
        ? Verdict.failed(fact + ", and it has dropped %d keys".formatted(dropped), why, fix)
        : Verdict.warning(fact, why, fix);
  }

  /** The number of that name; -1 when there is none. */
  private static long number(Map<String, String> info, String name) {
    var text = info.getOrDefault(name, "");
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }
}
