package lib.checks;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import lib.checks.BeatSessions.Look;
import lib.checks.BeatSessions.Ran;
import lib.report.Verdict;
import lib.settings.DatabaseUrl;
import lib.target.CannotVerify;

/** Whether a Beat lives, and only one (compose.md section 4). */
final class BeatChecks {

  private static final String WHY =
      "Nothing scheduled is sent: no clean-up, no retention, no time-outs.";

  /** The first look comes 7.4 s after the start of its container. */
  private static final Duration STARTING = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** Beat looks every 5 s, and asks nothing but other things in between now and then. */
  private static final Duration ROUND = Duration.ofSeconds(6);

  private static final Duration BETWEEN_TWO = Duration.ofSeconds(6);

  private final Examined examined;
  private final Watched beat;

  BeatChecks(Examined examined) {
    this.examined = examined;
    this.beat = Watched.of(examined, "scheduler");
  }

  List<Check> checks() {
    return List.of(
        Check.of("PDV402", "Beat is alive", TaskChecks.unlessGoogle(examined, this::alive))
            .needing("VB101", "VB401"),
        Check.of("PDV403", "Only one Beat runs", TaskChecks.unlessGoogle(examined, this::alone))
            .needing("PDV402"));
  }

  private BeatSessions sessions() {
    return new BeatSessions(examined.theDatabase());
  }

  private Verdict alive() throws SQLException, InterruptedException {
    beat.expectRunning();
    beat.expectSame("database", examined.django(), it -> it.database().map(DatabaseUrl::address));
    var looks = looks();
    var fresh = looks.stream().filter(Look::isFresh).findFirst();
    if (fresh.isPresent()) {
      return Verdict.passed("looked at its schedule %.1f s ago".formatted(fresh.get().age()));
    }
    if (beat.isYoungerThan(STARTING)) {
      throw new CannotVerify("the container of Beat started less than 30 s ago: ask again");
    }
    if (examined.theRedis().isYoungerThan(Watched.RECOVERING)) {
      throw new CannotVerify(
          "Redis started less than a minute ago, and Beat may still wait for it: ask again");
    }
    if (!looks.isEmpty()) {
      return Verdict.failed(
          "it is connected, but last looked at its schedule %.0f s ago"
              .formatted(looks.get(0).age()),
          WHY + " It is paused, stuck, or cut off.",
          beat.log());
    }
    return sessions().areHidden()
        ? byLastRuns()
        : Verdict.failed(
            "no Beat asks for the schedule", WHY, examined.compose("up -d scheduler"), beat.log());
  }

  /**
   * What sessions there are, asked again where none is fresh: after Beat has switched a row off,
   * because it expired or was to run once, that is its last query until it looks again; and where
   * no container tells that Beat is starting, its first look is waited for.
   */
  private List<Look> looks() throws SQLException, InterruptedException {
    var end = System.nanoTime() + patience().toNanos();
    var looks = sessions().looks();
    for (var again = true; again && looks.stream().noneMatch(Look::isFresh); ) {
      Thread.sleep(PAUSE.toMillis());
      looks = sessions().looks();
      again = System.nanoTime() + PAUSE.toNanos() < end;
    }
    return looks;
  }

  private Duration patience() {
    var most = examined.timeout().minusSeconds(1);
    var wanted = beat.container().isPresent() ? ROUND.plus(PAUSE) : most;
    return most.compareTo(wanted) < 0 ? most : wanted;
  }

  private Verdict byLastRuns() throws SQLException {
    var unseen = "this role is not shown what other sessions ask";
    var ran = sessions().lastRuns();
    if (ran.isEmpty() || beat.isYoungerThan(Duration.ofMinutes(10))) {
      throw new CannotVerify(unseen + ", and no task has run yet that would tell");
    }
    var last = ran.get(0);
    var fact =
        "%s, and \"%s\" last ran %.0f minutes ago (every %d)"
            .formatted(unseen, last.name(), last.age() / 60, last.minutes());
    return ran.stream().allMatch(Ran::isLate)
        ? Verdict.failed(fact, WHY, beat.log())
        : Verdict.passed(fact);
  }

  private Verdict alone() throws SQLException, InterruptedException {
    var first =
        sessions().looks().stream()
            .filter(Look::isFresh)
            .map(Look::pid)
            .collect(Collectors.toSet());
    if (first.size() < 2) {
      return Verdict.passed("one");
    }
    // The first of two may have ended a moment ago.
    if (examined.timeout().compareTo(BETWEEN_TWO.plus(PAUSE)) < 0) {
      throw new CannotVerify("two looks, 6 s apart, do not fit into --timeout: give 10");
    }
    Thread.sleep(BETWEEN_TWO.toMillis());
    var places =
        sessions().looks().stream()
            .filter(it -> it.isFresh() && first.contains(it.pid()))
            .map(it -> place(it.address()))
            .sorted()
            .toList();
    return places.size() < 2
        ? Verdict.passed("one; another has just ended")
        : Verdict.failed(
            places.size() + " ask for the schedule: " + String.join(", ", places),
            "Each sends every task, so everything is done twice.",
            "Stop all but one: a scheduler that was scaled, or a second stack on this database.");
  }

  /** The container that has that address, or the address. */
  private String place(String address) {
    return examined.stack().stream()
        .flatMap(it -> it.containers().stream())
        .filter(it -> !address.isEmpty() && it.address().equals(address))
        .map(it -> it.name())
        .findFirst()
        .orElse(address.isEmpty() ? "a local process" : address);
  }
}
