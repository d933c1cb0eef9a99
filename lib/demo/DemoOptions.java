package lib.demo;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntBiFunction;
import java.util.stream.Stream;
import lib.report.Output;
import lib.report.Terminal;
import lib.target.CannotVerify;
import lib.target.Environment;
import lib.target.Options;
import lib.target.Stage;
import lib.target.TargetOptions;
import okhttp3.HttpUrl;

/** The options of the demo stage, the same for every script. */
public final class DemoOptions {

  private List<Fault> faults = List.of();
  private Optional<Shape> shape = Optional.empty();
  public boolean listFaults;

  /** Have them read. */
  public void declare(Options options) {
    options
        .values("--break", "FAULT", DemoOptions::fault, it -> faults = it)
        .completionCandidates(() -> Stream.of(Fault.values()).map(Fault::id).iterator())
        .description("Demo only: switch a fault on; repeatable.");
    options
        .value("--shape", "SHAPE", DemoOptions::shape, it -> shape = Optional.of(it))
        .completionCandidates(() -> Stream.of(Shape.values()).map(Shape::id).iterator())
        .description("Demo only: 0.14 (default), or documented (the app of older documents).");
    options
        .flag("--list-faults", it -> listFaults = it)
        .description("Demo only: show what --break can break.");
  }

  /**
   * Do something with a stage: the demo is started for it, and ends with it.
   *
   * @param environment where other stages are found
   * @param work gets the environment in which the stage is to be found
   */
  public int withStage(
      TargetOptions where, Environment environment, ToIntBiFunction<Stage, Environment> work) {
    var stage = where.stage(environment);
    if (stage != Stage.DEMO) {
      refuse();
      return work.applyAsInt(stage, environment);
    }
    where.refuseForDemo();
    try (var running = start()) {
      where.authorities = running.authority().or(() -> where.authorities);
      var own = new Environment(running.environment(), environment.directory());
      where.workerAliases = running.alias().map(HttpUrl::get).stream().toList();
      return work.applyAsInt(stage, own);
    }
  }

  /** These options mean something for the demo only. */
  private void refuse() {
    if (!faults.isEmpty() || shape.isPresent()) {
      throw new CannotVerify("--break and --shape are for the demo stage only.");
    }
  }

  /** What is broken, in words. */
  public List<String> broken() {
    return faults.stream().map(this::broken).toList();
  }

  private String broken(Fault fault) {
    var harmless = fault.summary().startsWith("no fault");
    var unseen = shape.filter(it -> it == Shape.DOCUMENTED && !fault.isSeenIn(it)).isPresent();
    return (harmless ? "switched on, " : "broken on purpose, ")
        + fault.id()
        + ": "
        + fault.summary()
        + (unseen ? " (which the documented shape does not show)" : "");
  }

  private DemoStage start() {
    var scenario = Scenario.healthy().shaped(shape.orElse(Shape.CURRENT));
    return DemoStage.start(scenario.with(Set.copyOf(faults).toArray(Fault[]::new)));
  }

  /** Tell all faults. */
  public void listFaults(Terminal terminal, Output output) {
    for (var fault : Fault.values()) {
      var line = "%-24s %s".formatted(fault.id(), fault.summary());
      terminal.hanging(" ".repeat(25), line).forEach(output::result);
    }
  }

  private static Fault fault(String name) {
    return Options.known(
        Fault.named(name), "'" + name + "' is no fault; --list-faults shows them all");
  }

  private static Shape shape(String name) {
    return Options.known(Shape.named(name), "'" + name + "' is no shape: 0.14 or documented");
  }
}
