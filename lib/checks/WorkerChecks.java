package lib.checks;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import lib.engine.Container;
import lib.engine.Stack;
import lib.report.Verdict;
import lib.settings.RedisUrl;
import lib.target.CannotVerify;

/** Whether a worker takes tasks (compose.md section 4). Nothing is written, and none disturbed. */
final class WorkerChecks {

  /** Two beats of a worker, and a half. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private static final Pattern DATABASE = Pattern.compile("\\bdb=(\\d+)\\b");
  private static final Pattern WAITS = Pattern.compile("\\bflags=\\w*b\\w*\\b.*\\bcmd=brpop\\b");

  private static final Pattern WORKER = Pattern.compile("\\bcelery\\b.*\\bworker\\b");

  private final Examined examined;
  private final Watched worker;

  WorkerChecks(Examined examined) {
    this.examined = examined;
    this.worker = Watched.of(examined, "worker");
  }

  List<Check> checks() {
    return List.of(
        Check.of("PDV404", "A worker is alive", TaskChecks.unlessGoogle(examined, this::alive))
            .needing("VB401"));
  }

  private Verdict alive() {
    worker.expectRunning();
    worker.expectSame("REDIS_URL", examined.django(), it -> it.redis().map(RedisUrl::address));
    var redis = examined.theRedis();
    var astray = astray();
    if (!astray.isEmpty() && new Hands(new Heartbeats(redis).all(), astray).strangers().isEmpty()) {
      return elsewhere(astray, new Queue(redis).length());
    }
    // Asked first because it answers at once; a busy worker does not wait there.
    if (waits(redis)) {
      return Verdict.passed("one waits for tasks");
    }
    var heard = new Heartbeats(redis).first(patience());
    if (!heard.isEmpty()) {
      return Verdict.passed(String.join(", ", heard.keySet()) + " sends heartbeats");
    }
    if (worker.isYoungerThan(Watched.RECOVERING)) {
      throw new CannotVerify(
          "the container of the worker started less than a minute ago: ask again");
    }
    if (redis.isYoungerThan(Watched.RECOVERING)) {
      throw new CannotVerify(
          "Redis started less than a minute ago, and workers come back one by one: ask again");
    }
    var waiting = new Queue(redis).length();
    return Verdict.failed(
        "no worker waits for tasks, and none sent a heartbeat within %d s"
            .formatted(patience().toSeconds()),
        "Validation runs stay pending. Waiting now: %d.".formatted(waiting),
        examined.compose("up -d worker"),
        worker.log());
  }

  /** The stack's workers, where the command of each names queues, and Celery's own nowhere. */
  private List<Container> astray() {
    var workers =
        examined.stack().map(Stack::containers).orElse(List.of()).stream()
            .filter(it -> it.state().running())
            .filter(it -> it.service().equals("worker") || WORKER.matcher(it.command()).find())
            .toList();
    return workers.stream()
            .map(Hands::queues)
            .allMatch(it -> it.filter(queues -> !queues.contains(Queue.NAME)).isPresent())
        ? workers
        : List.of();
  }

  private Verdict elsewhere(List<Container> workers, long waiting) {
    var facts =
        workers.stream()
            .map(
                it ->
                    "%s takes from %s only"
                        .formatted(it.name(), String.join(", ", Hands.queues(it).orElseThrow())))
            .toList();
    return Verdict.failed(
        facts,
        "No worker takes from the queue celery, where Validibot's tasks are: validation runs stay"
            + " pending. Waiting now: %d.".formatted(waiting),
        "Remove -Q (--queues) from the worker's command in the Compose files, then:",
        examined.compose("up -d worker"));
  }

  /** Where no container tells that a worker is starting, its first heartbeat is waited for. */
  private Duration patience() {
    var most = examined.timeout().minusMillis(1_500);
    var wanted = worker.container().isPresent() ? SILENCE : SILENCE.plusSeconds(3);
    return most.compareTo(wanted) < 0 ? most : wanted;
  }

  /** Whether an idle worker of this database is seen, as far as that may be asked. */
  private static boolean waits(Redis redis) {
    return redis
        .ask(it -> it.clientList(), said -> "")
        .lines()
        .filter(WAITS.asPredicate())
        .anyMatch(it -> isIn(it, redis.url().database()));
  }

  private static boolean isIn(String client, int database) {
    var found = DATABASE.matcher(client);
    return found.find() && found.group(1).equals(String.valueOf(database));
  }
}
