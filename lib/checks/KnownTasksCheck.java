package lib.checks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import lib.checks.Schedule.Row;
import lib.engine.Container;
import lib.engine.Engine;
import lib.report.Verdict;
import lib.target.CannotVerify;

/** Whether workers know the tasks that Beat sends, as the log of one tells (compose.md 3). */
final class KnownTasksCheck {

  /** Scheduled by 0.14, though no such task is registered (validibot.md section 4.3). */
  private static final String NEVER_REGISTERED = "validibot.send_periodic_emails";

  private static final String TASKS = "[tasks]";
  private static final String ITEM = "  . ";

  private final Examined examined;

  KnownTasksCheck(Examined examined) {
    this.examined = examined;
  }

  Check check() {
    return Check.of(
            "PDV401",
            "Every scheduled task is known to a worker",
            TaskChecks.unlessGoogle(examined, this::known))
        .needing("PDV104");
  }

  private Verdict known() throws SQLException, IOException {
    var scheduled =
        Schedule.read(examined.theDatabase()).rows().values().stream()
            .filter(it -> it.enabled() && !Schedule.isAnothersTask(it)) // which VB402 tells
            .map(Row::task)
            .filter(it -> !it.startsWith("celery.")) // a worker knows these, and lists them not
            .collect(Collectors.toCollection(TreeSet::new));
    var worker =
        examined.stack().flatMap(it -> it.service("worker")).filter(it -> it.state().running());
    var unknown = new TreeSet<>(scheduled);
    if (worker.isPresent()) {
      unknown.removeAll(registered(worker.get()));
    } else if (!scheduled.contains(NEVER_REGISTERED)) {
      throw new CannotVerify("only the log of a running worker tells which tasks it knows");
    } else if (examined.version().filter(it -> it.startsWith("0.14.")).isEmpty()) {
      throw new CannotVerify(
          "only the log of a running worker tells which tasks it knows, and the version of"
              + " Validibot is not known to be 0.14");
    } else {
      unknown.retainAll(Set.of(NEVER_REGISTERED));
    }
    return told(unknown, scheduled.size());
  }

  private static Verdict told(Set<String> unknown, int scheduled) {
    if (unknown.isEmpty()) {
      return Verdict.passed(scheduled + " tasks");
    }
    if (unknown.equals(Set.of(NEVER_REGISTERED))) {
      return Verdict.info(
          "no worker knows validibot.send_periodic_emails: a known defect of Validibot, whose"
              + " worker rejects that message every 6 hours",
          "Nothing else suffers. Disabling \"Send Periodic Emails\" ends it, but VB402 then"
              + " warns.");
    }
    return Verdict.warning(
        "no worker knows " + String.join(", ", unknown),
        "Beat sends these, and the worker discards them.",
        "Is the worker of an older image than the schedule, or the row a leftover of another"
            + " version?");
  }

  /** What a worker lists when it starts (compose.md section 3). */
  private Set<String> registered(Container worker) throws IOException {
    var tasks = new TreeSet<String>();
    head(worker)
        .lines()
        .dropWhile(line -> !line.strip().equals(TASKS))
        .skip(1)
        .dropWhile(String::isBlank)
        .takeWhile(line -> line.startsWith(ITEM))
        .forEach(line -> tasks.add(line.substring(ITEM.length()).strip()));
    if (tasks.isEmpty()) {
      throw new CannotVerify(
          "the log of " + worker.name() + " no longer has the list that it began with");
    }
    return tasks;
  }

  /** There is none to read where the worker logs to nowhere, or to another machine only. */
  private String head(Container worker) throws IOException {
    try {
      return examined.theEngine().head(worker);
    } catch (Engine.Failure e) {
      throw new CannotVerify(
          "the log of %s cannot be read: %s".formatted(worker.name(), e.getMessage()));
    }
  }
}
