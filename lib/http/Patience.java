package lib.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;

/**
 * Asks again what may still change, with growing pauses, until it is good or the time is up: after
 * a deploy, instances start and roll-outs end, and a change of IAM takes minutes to be obeyed
 * everywhere (cloud-run.md, IAM).
 *
 * @param until when to stop asking
 */
public record Patience(Instant until) {

  /** Everything is asked once. */
  public static final Patience NONE = new Patience(Instant.MIN);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  /** Patience for as long as that, from now on. */
  public static Patience of(Optional<Duration> wait) {
    return wait.map(it -> new Patience(Instant.now().plus(it))).orElse(NONE);
  }

  /** Something to ask, which ends in silence when the promise is kept. */
  public interface Question<E extends Throwable> {
    void ask() throws E;
  }

  /** An answer that was not good, and when it came. */
  private record Bad(RuntimeException problem, Instant at) {

    Optional<NotKept> exposure() {
      return Optional.of(problem)
          .filter(NotKept.class::isInstance)
          .map(NotKept.class::cast)
          .filter(it -> it.exposure().isPresent());
    }

    boolean mayChange() {
      return problem instanceof NotKept notKept
          ? notKept.mayChange()
          : problem instanceof NoAnswer nothing && nothing.mayChange();
    }
  }

  /**
   * Ask until the promise is kept, nothing can change any more, or the time is up.
   *
   * @param first asks for the first time
   * @param again asks for every other time
   * @param trace is told when it took more than one time
   * @throws NotKept the last problem; or a warning, when a door was open at first
   * @throws NoAnswer when the last time brought none
   */
  public <E extends Throwable> void ask(Question<E> first, Question<E> again, Trace trace)
      throws E {
    var bad = new ArrayList<Bad>();
    var question = first;
    var pause = FIRST_PAUSE;
    while (true) {
      try {
        question.ask();
        break;
      } catch (NotKept | NoAnswer e) {
        bad.add(new Bad(e, Instant.now()));
        var latest = bad.get(bad.size() - 1);
        if (!latest.mayChange() || !paused(pause)) {
          throw last(bad, trace);
        }
        pause = pause.multipliedBy(3).dividedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        question = again;
      }
    }
    var open = bad.stream().filter(it -> it.exposure().isPresent()).toList();
    if (!open.isEmpty()) {
      throw window(open.get(0), open.get(open.size() - 1));
    }
    if (!bad.isEmpty()) {
      trace.remark("good since " + CLOCK.format(Instant.now()) + ", not at first");
    }
  }

  /** The last problem, and what it must not hide: that a door was open before. */
  private static RuntimeException last(List<Bad> bad, Trace trace) {
    var last = bad.get(bad.size() - 1);
    if (bad.size() > 1) {
      trace.remark("asked %d times, the last time at %s".formatted(bad.size(), clock(last.at())));
    }
    var open = bad.stream().filter(it -> it.exposure().isPresent()).findFirst();
    if (last.exposure().isPresent()
        || open.isEmpty()
        || !(last.problem() instanceof NotKept notKept)) {
      return last.problem();
    }
    var facts = new ArrayList<>(open.get().exposure().get().verdict().facts());
    facts.replaceAll(fact -> "at " + clock(open.get().at()) + ", " + fact);
    facts.addAll(notKept.verdict().facts());
    var why = open.get().exposure().get().verdict().why();
    return new Verdict(Status.FAILED, facts, why, notKept.verdict().fix()).asException();
  }

  /** The promise is kept now, but was not: how long is all that can be told of it. */
  private static NotKept window(Bad open, Bad stillOpen) {
    var exposure = open.exposure().orElseThrow();
    var facts = new ArrayList<>(exposure.verdict().facts().subList(0, 2));
    var shut = Instant.now();
    facts.add(
        "open at %s and until %s at least, shut at %s"
            .formatted(clock(open.at()), clock(stillOpen.at()), clock(shut)));
    return Verdict.warning(
            facts,
            "The door was open when this run began, for at least %d s, and is shut now. Who came in"
                    .formatted(ChronoUnit.SECONDS.between(open.at(), stillOpen.at()))
                + " before that is not known here.",
            "Look at what reached the service until then:",
            exposure.exposure().orElseThrow())
        .asException();
  }

  private static String clock(Instant at) {
    return CLOCK.format(at);
  }

  /** Wait, but not past the end; false when there is no time left. */
  private boolean paused(Duration pause) {
    var jittered = (long) (pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.7, 1.3));
    var left = until.equals(Instant.MIN) ? 0 : Duration.between(Instant.now(), until).toMillis();
    if (left <= 0) {
      return false;
    }
    try {
      Thread.sleep(Math.min(jittered, left));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
