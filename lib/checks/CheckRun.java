package lib.checks;

import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import lib.engine.Engine;
import lib.report.NotKept;
import lib.report.Reporter;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.CannotVerify;

/**
 * Asks every question at once, except those that wait for the answers they need, and tells the
 * answers in one order. A check that throws or hangs is told, too; the others go on.
 */
public final class CheckRun implements AutoCloseable {

  private static final long TICK_MILLIS = 200;

  private final List<Category> categories;
  private final Scope scope;
  private final Duration timeout;
  private final Map<String, Verdict> waived = new ConcurrentHashMap<>();
  private final ExecutorService workers =
      Executors.newCachedThreadPool(
          work -> {
            var thread = new Thread(work, "check");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * What to ask.
   *
   * @param only ids and keys of categories; empty for all
   * @param skip ids and keys of categories that are told as waived
   */
  public record Scope(Set<String> only, Set<String> skip) {

    public Scope {
      only = Set.copyOf(only);
      skip = Set.copyOf(skip);
    }

    boolean waives(Category category, Check check) {
      return names(skip, category, check);
    }

    boolean wants(Category category, Check check) {
      return only.isEmpty() || names(only, category, check);
    }

    private static boolean names(Set<String> words, Category category, Check check) {
      return words.stream()
          .anyMatch(it -> it.equalsIgnoreCase(check.id()) || it.equalsIgnoreCase(category.key()));
    }
  }

  /**
   * @param timeout for each check, its own time only
   */
  public CheckRun(List<Category> categories, Scope scope, Duration timeout) {
    this.categories = List.copyOf(categories);
    this.scope = scope;
    this.timeout = timeout;
  }

  /** A check that is under way. */
  private record Asked(Category category, Check check, CompletableFuture<Diagnosis> answer) {}

  /**
   * Ask everything that is in scope, and what that needs.
   *
   * @param teller is told each answer in its turn
   * @param waiting is told, meanwhile, how far it is
   */
  public List<Diagnosis> run(Consumer<Diagnosis> teller, Consumer<Reporter.Progress> waiting) {
    var began = System.nanoTime();
    var asked = new LinkedHashMap<String, Asked>();
    var wanted = wanted();
    for (var category : categories) {
      for (var check : category.checks()) {
        if (wanted.contains(check.id())) {
          var answer = new CompletableFuture<Diagnosis>();
          asked.put(check.id(), new Asked(category, check, answer));
        }
      }
    }
    asked.values().forEach(it -> workers.submit(() -> it.answer().complete(ask(it, asked))));
    var diagnoses = new ArrayList<Diagnosis>();
    for (var each : asked.values()) {
      var diagnosis = awaited(each, diagnoses.size(), asked.size(), waiting, began);
      diagnoses.add(diagnosis);
      teller.accept(diagnosis);
    }
    return diagnoses;
  }

  /** What is in scope and not among these answers, as it is told when somebody interrupts. */
  public List<Diagnosis> unanswered(List<Diagnosis> answers) {
    var answered = answers.stream().map(it -> it.check().id()).collect(Collectors.toSet());
    var wanted = wanted();
    var verdict = Verdict.unverified("There was no answer yet.");
    return categories.stream()
        .flatMap(
            category ->
                category.checks().stream()
                    .filter(it -> wanted.contains(it.id()) && !answered.contains(it.id()))
                    .map(it -> new Diagnosis(category, it, verdict, Duration.ZERO, false, false)))
        .toList();
  }

  private static Diagnosis awaited(
      Asked asked, int done, int total, Consumer<Reporter.Progress> waiting, long began) {
    while (true) {
      try {
        return asked.answer().get(TICK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        var seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        var title = asked.check().title();
        waiting.accept(new Reporter.Progress(done, total, List.of(title), seconds));
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** The ids in scope, and the ids that these need. */
  private Set<String> wanted() {
    var needs = new LinkedHashMap<String, List<String>>();
    var wanted = new java.util.LinkedHashSet<String>();
    for (var category : categories) {
      for (var check : category.checks()) {
        // what is waived is not asked, and so needs nothing
        needs.put(check.id(), scope.waives(category, check) ? List.of() : check.needs());
        if (scope.wants(category, check)) {
          wanted.add(check.id());
        }
      }
    }
    var open = new java.util.ArrayDeque<>(wanted);
    while (!open.isEmpty()) {
      for (var need : needs.get(open.pop())) {
        if (needs.containsKey(need) && wanted.add(need)) {
          open.push(need);
        }
      }
    }
    return wanted;
  }

  private Diagnosis ask(Asked asked, Map<String, Asked> all) {
    var category = asked.category();
    var check = asked.check();
    if (scope.waives(category, check)) {
      return new Diagnosis(
          category, check, Verdict.skipped("Waived by --skip."), Duration.ZERO, true, false);
    }
    var missing = missing(check, all);
    var began = System.nanoTime();
    var verdict = missing.orElseGet(() -> explained(check, bounded(check), all));
    return new Diagnosis(category, check, ended(verdict), since(began), false, false);
  }

  /** The reason of a skip is a sentence, wherever it came from, so it ends like one. */
  private static Verdict ended(Verdict verdict) {
    if (verdict.status() != Status.SKIPPED) {
      return verdict;
    }
    var facts = verdict.facts().stream().map(it -> it.endsWith(".") ? it : it + ".").toList();
    return verdict.telling(facts);
  }

  /** Why a check means nothing, because of another that it needs. */
  private Optional<Verdict> missing(Check check, Map<String, Asked> all) {
    for (var id : check.needs()) {
      var need = Optional.ofNullable(all.get(id)).map(it -> it.answer().join());
      if (need.isEmpty()) {
        continue;
      }
      if (need.get().waived()) {
        // asked all the same, for the sake of this one: else one cause would be many errors
        if (waived.computeIfAbsent(id, it -> bounded(need.get().check())).status()
            == Status.FAILED) {
          return Optional.of(
              Verdict.skipped(
                  "Needs %s (%s), which is waived and not good."
                      .formatted(id, need.get().check().title())));
        }
        continue;
      }
      switch (need.get().status()) {
        case FAILED, UNVERIFIED -> {
          return Optional.of(
              Verdict.skipped("Needs %s (%s).".formatted(id, need.get().check().title())));
        }
        case SKIPPED -> {
          return Optional.of(Verdict.skipped(need.get().message()));
        }
        default -> {}
      }
    }
    return Optional.empty();
  }

  /** A bad answer that follows from another one is told, but is no error of its own. */
  private static Verdict explained(Check check, Verdict verdict, Map<String, Asked> all) {
    var bad = verdict.status() == Status.FAILED || verdict.status() == Status.WARNING;
    if (!bad || !check.follows().test(verdict)) {
      return verdict;
    }
    return check.causes().stream()
        .flatMap(id -> Optional.ofNullable(all.get(id)).stream())
        .filter(it -> it.answer().join().status() == Status.FAILED)
        .findFirst()
        .map(
            it ->
                Verdict.skipped(
                    "Follows from %s (%s): %s"
                        .formatted(
                            it.check().id(),
                            it.check().title(),
                            verdict.facts().stream()
                                .map(fact -> fact.replaceFirst("\\.$", ""))
                                .collect(Collectors.joining("; ")))))
        .orElse(verdict);
  }

  private Verdict bounded(Check check) {
    var answer = workers.submit(() -> answered(check));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      return Verdict.failed(
          "no answer within " + timeout.toMillis() / 1000.0 + " s",
          "It hangs, or is slower than --timeout allows.");
    } catch (ExecutionException e) {
      return broken(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Verdict.skipped("Interrupted.");
    }
  }

  /** A problem that was met is data; anything else is a bug of ours, and no verdict on anybody. */
  private static Verdict answered(Check check) throws Exception {
    try {
      return check.question().call();
    } catch (NotKept e) {
      return e.verdict();
    } catch (CannotVerify e) {
      return Verdict.skipped(capitalized(e.getMessage()));
    } catch (InterruptedIOException e) {
      return Verdict.failed("no answer in time (" + e.getMessage() + ")", "");
    } catch (Engine.Failure e) {
      return undone(e);
    } catch (SQLException e) {
      return refused(e);
    }
  }

  /** Where the engine lets something never be asked, nothing is known of what was meant. */
  private static Verdict undone(Engine.Failure e) {
    if (e.isNotRunning()) {
      return Verdict.skipped(capitalized(e.getMessage()));
    }
    return e.isDeclined()
        ? Verdict.skipped("The container engine does not do what was asked: " + e.getMessage())
        : Verdict.failed("the container engine did not do what was asked: " + e.getMessage(), "");
  }

  /** PostgreSQL's states are documented in its appendix A. */
  private static Verdict refused(SQLException e) {
    return switch (String.valueOf(e.getSQLState())) {
      case "55P03" ->
          Verdict.failed(
              "the table is locked, and stayed so",
              "Whoever needs it waits, too: a migration may be under way, or stuck.",
              "In psql, who holds what:",
              "  select pid, query from pg_stat_activity where state = 'idle in transaction';");
      case "57014" ->
          Verdict.failed(
              "the database did not answer the question in time", "It is slow, or stuck.");
      default -> Verdict.failed("the database refused the question: " + firstLine(e), "");
    };
  }

  private static Verdict broken(Throwable e) {
    return Verdict.unverified(
        "The check itself is broken: " + e, "This is an error of our own: please report it.");
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
