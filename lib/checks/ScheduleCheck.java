package lib.checks;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import lib.checks.Check.Repair;
import lib.checks.Schedule.Expected;
import lib.checks.Schedule.Row;
import lib.report.Verdict;
import lib.target.CannotVerify;

/** Whether Beat is told to run all that Validibot wants run (validibot.md section 4.3). */
final class ScheduleCheck {

  private final Examined examined;

  ScheduleCheck(Examined examined) {
    this.examined = examined;
  }

  List<Check> checks() {
    return List.of(
        Check.of(
                "VB402",
                "Schedule is complete",
                TaskChecks.unlessGoogle(examined, this::isComplete))
            .needing("PDV800")
            .repairedBy(this::addMissing),
        Check.of(
                "PDV407",
                "Each interval and cron time is there once",
                TaskChecks.unlessGoogle(examined, this::noneDoubled))
            .needing("PDV104"));
  }

  private Verdict noneDoubled() throws SQLException {
    var doubled = Schedule.doubled(examined.theDatabase());
    return doubled.isEmpty()
        ? Verdict.passed("of those that Validibot looks up")
        : Verdict.warning(
            "more than once: " + String.join("; ", doubled),
            "The next time that Validibot's setup brings the schedule up to date, it ends with"
                + " MultipleObjectsReturned: it expects one of each.",
            "In the admin, first give all tasks that use one of them the same row, under Periodic"
                + " tasks. Then delete the other rows: what still uses them is deleted, too.");
  }

  private Verdict isComplete() throws SQLException {
    var schedule = Schedule.read(examined.theDatabase());
    var missing = schedule.missing().stream().map(Expected::name).toList();
    var wrong = differences(schedule, (it, row) -> !row.task().equals(it.task()));
    var disabled = differences(schedule, (it, row) -> !row.enabled());
    var otherwise = differences(schedule, (it, row) -> !row.rhythm().equals(it.rhythm()));
    var kept = differences(schedule, (it, row) -> row.enabled() && !row.obstacle().isEmpty());
    var facts = new ArrayList<String>();
    tell(facts, "missing", missing);
    tell(facts, "another task than Validibot's", wrong);
    tell(facts, "disabled", disabled);
    tell(facts, "enabled, and not run by Validibot's workers", kept);
    tell(facts, "at another time than Validibot's", otherwise);
    if (facts.isEmpty()) {
      return Verdict.passed("all " + Schedule.EXPECTED.size() + " tasks");
    }
    var fact = String.join(". ", facts);
    var why = "What these should clean up or send stays.";
    var idle = missing.size() + disabled.size() + kept.size();
    var nothingRuns = idle >= Schedule.EXPECTED.size();
    if (!missing.isEmpty()) {
      return Verdict.failed(fact, why, "  ./jbang check_validibot.java --fix --only VB402");
    }
    var change = "Change it in the admin, under Periodic tasks, unless it is meant to be so.";
    return nothingRuns || !wrong.isEmpty()
        ? Verdict.failed(fact, why, change)
        : Verdict.warning(fact, why, change);
  }

  /** Compares a row with what is expected. */
  private interface Difference {
    boolean is(Expected expected, Row row);
  }

  private static List<String> differences(Schedule schedule, Difference difference) {
    return Schedule.EXPECTED.stream()
        .filter(it -> schedule.rows().containsKey(it.name()))
        .filter(it -> difference.is(it, schedule.rows().get(it.name())))
        .map(it -> schedule.rows().get(it.name()).toString())
        .toList();
  }

  private static void tell(List<String> facts, String what, List<String> names) {
    if (!names.isEmpty()) {
      facts.add(what + ": " + String.join(", ", names));
    }
  }

  /** Offered for rows that are not there; what somebody changed is theirs. */
  private Optional<Repair> addMissing() {
    try {
      var missing = Schedule.read(examined.theDatabase()).missing();
      return missing.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Repair(
                  "add the missing rows of the schedule (%s); existing rows stay as they are"
                      .formatted(
                          missing.stream().map(Expected::name).collect(Collectors.joining(", "))),
                  () -> examined.theDatabase().transaction(new ScheduleRepair())));
    } catch (SQLException | CannotVerify e) {
      return Optional.empty();
    }
  }
}
