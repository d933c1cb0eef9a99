package lib.demo;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.report.Output;
import lib.report.Terminal;
import lib.target.CannotVerify;
import lib.target.Environment;
import lib.target.Stage;
import lib.target.TargetOptions;
import okhttp3.HttpUrl;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of the demo stage, the same for every script. */
public final class DemoOptions {

  @Option(
      names = "--break",
      paramLabel = "FAULT",
      converter = FaultName.class,
      completionCandidates = FaultNames.class,
      description = "Demo only: switch a fault on; repeatable.")
  List<Fault> faults = List.of();

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      converter = ShapeName.class,
      completionCandidates = ShapeNames.class,
      description = "Demo only: 0.14 (default), or documented (the app of older documents).")
  Optional<Shape> shape = Optional.empty();

  @Option(names = "--list-faults", description = "Demo only: show what --break can break.")
  public boolean listFaults;

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

  private static <T> T named(
      String name, Function<String, Optional<T>> find, Stream<String> known, String more) {
    return find.apply(name)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + name + "' is none of " + known.collect(Collectors.joining(", ")) + more));
  }

  /** What can be completed. */
  static final class FaultNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(Fault.values()).map(Fault::id).iterator();
    }
  }

  /** What can be completed. */
  static final class ShapeNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(Shape.values()).map(Shape::id).iterator();
    }
  }

  /** Reads a fault. */
  static final class FaultName implements ITypeConverter<Fault> {
    @Override
    public Fault convert(String name) {
      return named(
          name, Fault::named, Stream.of(Fault.values()).map(Fault::id), " (see --list-faults)");
    }
  }

  /** Reads a shape. */
  static final class ShapeName implements ITypeConverter<Shape> {
    @Override
    public Shape convert(String name) {
      return named(name, Shape::named, Stream.of(Shape.values()).map(Shape::id), "");
    }
  }
}
