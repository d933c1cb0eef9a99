package lib.target;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * What a script takes from its command line, in the order in which its help tells it.
 *
 * <p>Whoever declares one gets picocli's own builder, to say more of it. Annotations would say the
 * same, but to read them takes 0.09 s of processor time at every start (docs/performance.md).
 */
public final class Options {

  private static final int DAY = 86_400;

  private final CommandSpec script;
  private final List<OptionSpec.Builder> options = new ArrayList<>();
  private final List<PositionalParamSpec.Builder> arguments = new ArrayList<>();

  /**
   * @param script what is run once they are read
   * @param footer the last lines of its help
   */
  public Options(
      Callable<Integer> script, String name, String version, String description, String... footer) {
    this.script =
        CommandSpec.wrapWithoutInspection(script).name(name).version(name + " " + version);
    this.script.usageMessage().sortOptions(false).description(description).footer(footer);
  }

  /** The name of the script. */
  public String script() {
    return script.name();
  }

  /** A word without a dash before it; it may be missing. */
  public <T> PositionalParamSpec.Builder argument(
      String label, Function<String, T> reader, Consumer<T> field) {
    var binding = new Binding<>(field);
    var argument =
        PositionalParamSpec.builder()
            .arity("0..1")
            .paramLabel(label)
            .type(Object.class)
            .converters(new Reader<>(reader))
            .getter(binding)
            .setter(binding);
    arguments.add(argument);
    return argument;
  }

  /** An option that is given, or not. */
  public OptionSpec.Builder flag(String name, Consumer<Boolean> field) {
    return option(name, field).type(boolean.class);
  }

  /** An option that is given several times to get more of it; they are counted. */
  public OptionSpec.Builder repeated(String name, IntConsumer field) {
    Consumer<boolean[]> count = times -> field.accept(times.length);
    return option(name, count).type(boolean[].class).arity("0");
  }

  /** An option with a value. */
  public <T> OptionSpec.Builder value(
      String name, String label, Function<String, T> reader, Consumer<T> field) {
    return option(name, field)
        .type(Object.class)
        .paramLabel(label)
        .converters(new Reader<>(reader));
  }

  /** An option with a value, that may be given several times. */
  public <T> OptionSpec.Builder values(
      String name, String label, Function<String, T> reader, Consumer<List<T>> field) {
    return option(name, field)
        .type(List.class)
        .auxiliaryTypes(Object.class)
        .paramLabel(label)
        .converters(new Reader<>(reader));
  }

  /** An option whose value is a file; shells complete it as such. */
  public OptionSpec.Builder file(String name, Consumer<Path> field) {
    return value(name, "FILE", Path::of, field).type(Path.class);
  }

  /** An option whose value is a file, and that may be given several times. */
  public OptionSpec.Builder files(String name, Consumer<List<Path>> field) {
    return values(name, "FILE", Path::of, field).auxiliaryTypes(Path.class);
  }

  private OptionSpec.Builder option(String name, Consumer<?> field) {
    var binding = new Binding<>(field);
    var option = OptionSpec.builder(name).getter(binding).setter(binding);
    options.add(option);
    return option;
  }

  /** All of them, help and version included. */
  public CommandSpec spec() {
    arguments.forEach(it -> script.addPositional(it.build()));
    options.forEach(it -> script.addOption(it.build()));
    return script
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print version information and exit.")
                .build());
  }

  /** Reads a text that is not empty, as a variable that is not set would leave it. */
  public static String word(String value) {
    if (value.isBlank()) {
      throw new TypeConversionException("it is empty");
    }
    return value.strip();
  }

  /** What a value names, or the reason why that is nothing. */
  public static <T> T known(Optional<T> named, String reason) {
    return named.orElseThrow(() -> new TypeConversionException(reason));
  }

  /** Reads a number of seconds, such as 30 or 0.5. */
  public static Duration seconds(String value) {
    var seconds = value.matches("\\d{1,9}(\\.\\d{1,9})?") ? Double.parseDouble(value) : 0;
    if (seconds > 0 && seconds <= DAY) {
      return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
    }
    throw new TypeConversionException(
        "'" + value + "' is no number of seconds above 0 and up to " + DAY);
  }

  /**
   * How a value is read, for picocli: a class, because Java 17 can break down over lambdas of
   * picocli's types when it archives classes at the end of a first run.
   */
  private record Reader<T>(Function<String, T> function) implements ITypeConverter<T> {
    @Override
    public T convert(String value) {
      return function.apply(value);
    }
  }

  /** What picocli read last, which it asks for where a list goes on; the field has it, too. */
  private static final class Binding<T> implements IGetter, ISetter {

    private final Consumer<T> field;
    private T last;

    Binding(Consumer<T> field) {
      this.field = field;
    }

    /** picocli asks by the type that it was told of the same option. */
    @SuppressWarnings("unchecked")
    @Override
    public <V> V get() {
      return (V) last;
    }

    @SuppressWarnings("unchecked")
    @Override
    public <V> V set(V value) {
      var earlier = last;
      last = (T) value;
      if (value != null) {
        field.accept(last);
      }
      return (V) earlier;
    }
  }
}
