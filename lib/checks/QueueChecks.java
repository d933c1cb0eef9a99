package lib.checks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import lib.checks.Queue.Taken;
import lib.report.Verdict;
import lib.target.CannotVerify;

/** Whether tasks are done about as fast as they come, and none is forgotten (compose.md 4). */
final class QueueChecks {

  private static final long MANY = 100;
  private static final int OLD_SECONDS = 60;

  /** CELERY_VISIBILITY_TIMEOUT_SECONDS, unless it is set. */
  private static final String VISIBILITY = "3600";

  private final Examined examined;

  QueueChecks(Examined examined) {
    this.examined = examined;
  }

  List<Check> checks() {
    return List.of(
        Check.of("PDV405", "Queue is short", TaskChecks.unlessGoogle(examined, this::isShort))
            .needing("PDV404"),
        Check.of("PDV406", "No task is orphaned", TaskChecks.unlessGoogle(examined, this::none))
            .needing("PDV404"));
  }

  private Verdict isShort() {
    var queue = new Queue(examined.theRedis());
    var length = queue.length();
    if (length == 0) {
      return Verdict.passed("nothing waits");
    }
    var fact =
        "%d waiting, the oldest is %s".formatted(length, queue.oldest().orElse("taken just now"));
    if (isLeft(queue)) {
      return Verdict.failed(
          fact + ": the workers are idle, and none takes from the queue celery",
          "Validation runs stay pending.",
          "Do all workers take from other queues (-Q, --queues), or was one told to cancel this"
              + " one? A restart ends that:",
          examined.compose("restart worker"));
    }
    return length <= MANY
        ? Verdict.passed(fact)
        : Verdict.warning(
            fact,
            "More comes than the workers do, or one is stuck: new runs wait behind all of it.",
            "Is the worker busy with one long run? More workers do more at once:",
            examined.compose("up -d --scale worker=2 worker"));
  }

  /**
   * Whether workers let lie what an idle one takes at once. One that has something in hand, if only
   * to do it later, may be kept from taking more; and one that is starting takes nothing yet.
   */
  private boolean isLeft(Queue queue) {
    var first = queue.next();
    if (first.isEmpty()
        || examined.timeout().compareTo(Heartbeats.ROUND.multipliedBy(2)) < 0 // no time to look
        || queue.taken() > 0
        || Watched.of(examined, "worker").isYoungerThan(Watched.RECOVERING)
        || queue.redis().isYoungerThan(Watched.RECOVERING)) {
      return false;
    }
    var heard = heard();
    return !heard.isEmpty()
        && heard.values().stream().allMatch(it -> it == 0)
        && queue.taken() == 0
        && queue.next().equals(first);
  }

  /** How many tasks each worker has in hand; nothing where an access list forbids to listen. */
  private Map<String, Integer> heard() {
    try {
      return new Heartbeats(examined.theRedis()).all();
    } catch (CannotVerify e) {
      return Map.of();
    }
  }

  /**
   * A task is forgotten when it was taken a while ago and no worker can have it in hand; one that
   * was told to run later is kept by its worker until then.
   */
  private Verdict none() {
    var queue = new Queue(examined.theRedis());
    var before = now(queue);
    if (before.stream().noneMatch(QueueChecks::isOld)) {
      return Verdict.passed(queue.taken() + " in hand");
    }
    var hands = hands();
    var after = now(queue);
    var taken = Math.min(before.size(), after.size());
    var fact = "%d taken, %d in hand".formatted(taken, hands.busy());
    if (taken <= hands.busy() || !isOld(after.get(0))) {
      return Verdict.passed(fact);
    }
    var most = hands.most();
    if (most.isEmpty()) {
      return Verdict.info(
          fact + ": how many a worker may take ahead of its work is not to be seen from here.");
    }
    return taken <= most.getAsInt()
        ? Verdict.passed(fact + ", and %d may be taken ahead".formatted(most.getAsInt()))
        : orphaned(fact, after.get(0));
  }

  private Hands hands() {
    var heard = new Heartbeats(examined.theRedis()).all();
    if (heard.isEmpty()) {
      throw new CannotVerify("no worker told within 2.6 s how many tasks it has in hand");
    }
    var workers =
        examined.stack().map(it -> it.all("worker")).orElse(List.of()).stream()
            .filter(it -> it.state().running())
            .toList();
    var hands = new Hands(heard, workers);
    if (!hands.silent().isEmpty()) {
      throw new CannotVerify(
          String.join(", ", hands.silent())
              + " did not tell within 2.6 s how many tasks it has in hand");
    }
    return hands;
  }

  /** Which of them is forgotten is not to be seen, so the oldest stands for all. */
  private Verdict orphaned(String fact, Taken oldest) {
    return Verdict.warning(
        "%s; the oldest is %s, taken at %s".formatted(fact, oldest.name(), time(oldest.at())),
        "A worker ended with it, so its run stays as it is until Redis gives the task out again.",
        "That is at %s (CELERY_VISIBILITY_TIMEOUT_SECONDS)."
            .formatted(time(oldest.at() + visibility())));
  }

  /** What is taken to be done at once, the oldest first. */
  private static List<Taken> now(Queue queue) {
    return queue.firstTaken().stream().filter(it -> !it.later()).toList();
  }

  private static boolean isOld(Taken task) {
    return task.at() < Instant.now().getEpochSecond() - OLD_SECONDS;
  }

  private int visibility() {
    var seconds =
        examined.django().variables().text("CELERY_VISIBILITY_TIMEOUT_SECONDS", VISIBILITY);
    return Integer.parseInt(seconds.matches("\\d{1,7}") ? seconds : VISIBILITY);
  }

  private static String time(double seconds) {
    return Instant.ofEpochSecond((long) seconds).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
