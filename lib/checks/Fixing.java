package lib.checks;

import java.io.Console;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import lib.checks.Check.Repair;
import lib.report.Output;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.CannotVerify;

/**
 * Mends what the checks found, as far as that can be done from here: says what, asks, does it, and
 * has everything asked again, because one repair can bring another fault to light.
 */
public final class Fixing {

  private static final int ROUNDS = 4;

  private final Examined examined;
  private final CheckRun run;
  private final Output output;
  private final boolean dryRun;
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final List<String> mended = new ArrayList<>();

  public Fixing(Examined examined, CheckRun run, Output output, boolean dryRun) {
    this.examined = examined;
    this.run = run;
    this.output = output;
    this.dryRun = dryRun;
  }

  /**
   * Refuse where it is not sure whose deployment would be changed.
   *
   * @throws CannotVerify before anything is asked or changed
   */
  public static void refuse(Examined examined) {
    var gathered = examined.gathered();
    if (!gathered.stranger().isEmpty()) {
      throw new CannotVerify(
          "--fix changes nothing, because the settings are of more than one deployment: "
              + gathered.stranger()
              + ".\nGive the files of the one that is meant: --env-file FILE, or another"
              + " --compose-project.");
    }
    if (!gathered.contradiction().isEmpty()) {
      throw new CannotVerify(
          "--fix changes nothing, because it is not sure which target this is: "
              + gathered.contradiction()
              + ".");
    }
    if (gathered.guessed()) {
      throw new CannotVerify(
          "--fix changes nothing, because nothing says which target this is: it was guessed to be "
              + gathered.django().target()
              + ".\nGive --target "
              + gathered.django().target()
              + ", or set DEPLOYMENT_TARGET.");
    }
  }

  /** Mend, and answer with what the checks say then. */
  public List<Diagnosis> mend(List<Diagnosis> first, Consumer<Diagnosis> teller) {
    var current = first;
    for (var round = 0; round < ROUNDS; round++) {
      var repairs = repairs(current);
      if (repairs.isEmpty()) {
        break;
      }
      announce(repairs);
      if (dryRun || !consent()) {
        return current;
      }
      repairs.forEach(this::repair);
      var before = current;
      current = run.run(it -> {}, it -> {}).stream().map(this::second).toList();
      current.stream()
          .filter(it -> changed(it, before) || isTried(it, repairs.keySet()))
          .forEach(teller);
    }
    if (mended.isEmpty() && failures.isEmpty()) {
      output.note("--fix: there is nothing that can be mended from here.");
    }
    return current;
  }

  /** What can be done about what is wrong, in the order of the checks; nothing twice. */
  private Map<Diagnosis, Repair> repairs(List<Diagnosis> diagnoses) {
    var repairs = new LinkedHashMap<Diagnosis, Repair>();
    for (var each : diagnoses) {
      var wrong = each.status() == Status.FAILED || each.status() == Status.WARNING;
      var id = each.check().id();
      if (wrong && !failures.containsKey(id) && !mended.contains(id)) {
        each.check().repair().get().ifPresent(it -> repairs.put(each, it));
      }
    }
    return repairs;
  }

  private void announce(Map<Diagnosis, Repair> repairs) {
    output.note("");
    output.note("--fix " + (dryRun ? "would change" : "changes"));
    output.note(
        "  database  " + examined.database().map(it -> it.url().address()).orElse("(none)"));
    output.note("  target    " + examined.django().target());
    output.note(
        "  project   " + examined.stack().map(it -> it.project()).orElse("(no containers)"));
    repairs.forEach((it, repair) -> output.note("  " + it.check().id() + ": " + repair.what()));
  }

  /** On a terminal somebody has to agree; elsewhere --fix itself is the consent. */
  private boolean consent() {
    Console console = System.console();
    if (console == null) {
      return true;
    }
    output.note("Do this? [y/N]");
    var answer = console.readLine();
    var agreed = answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    if (!agreed) {
      output.note("Nothing was changed.");
    }
    return agreed;
  }

  private void repair(Diagnosis diagnosis, Repair repair) {
    var id = diagnosis.check().id();
    try {
      output.note("  " + id + ": " + repair.action().call());
      mended.add(id);
    } catch (Exception e) {
      var said = String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
      output.note("  " + id + ": failed: " + said);
      failures.put(id, said);
    }
  }

  /** The second answer, which says whether the repair helped. */
  private Diagnosis second(Diagnosis diagnosis) {
    var id = diagnosis.check().id();
    if (failures.containsKey(id) && diagnosis.status() != Status.PASSED) {
      return failed(diagnosis, "--fix failed: " + failures.get(id) + ".");
    }
    var cause = diagnosis.check().causes().stream().filter(mended::contains).findFirst();
    if (diagnosis.status() == Status.FAILED && cause.isPresent()) {
      return failed(
          diagnosis,
          cause.get()
              + " was mended just now, and the container that failed for that waits up to a minute"
              + " before it tries again: ask again then.");
    }
    var good = diagnosis.status() == Status.PASSED || diagnosis.status() == Status.INFO;
    return mended.contains(id) && good
        ? diagnosis.repaired(diagnosis.verdict(), diagnosis.duration())
        : diagnosis;
  }

  private static Diagnosis failed(Diagnosis diagnosis, String more) {
    var verdict = diagnosis.verdict();
    var facts = new ArrayList<>(verdict.facts());
    facts.add(more);
    return new Diagnosis(
        diagnosis.category(),
        diagnosis.check(),
        new Verdict(
            Status.FAILED,
            facts,
            verdict.why(),
            verdict.fix(),
            verdict.details(),
            verdict.measures()),
        diagnosis.duration(),
        false,
        false);
  }

  private static boolean changed(Diagnosis after, List<Diagnosis> before) {
    return before.stream()
        .filter(it -> it.check().id().equals(after.check().id()))
        .noneMatch(it -> it.status() == after.status() && !after.fixed());
  }

  /** Whether something was done about it, in vain or not. */
  private static boolean isTried(Diagnosis after, Set<Diagnosis> repaired) {
    return repaired.stream().anyMatch(it -> it.check().id().equals(after.check().id()));
  }
}
