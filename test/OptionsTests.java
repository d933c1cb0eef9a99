package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lib.target.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a script takes, and what becomes of it. */
class OptionsTests {

  private final List<Object> told = new ArrayList<>();

  /** Read words as a script does that takes these options only. */
  static void read(Consumer<Options> declare, String... words) {
    var options = new Options(() -> 0, "script", "0.1", "Do something.");
    declare.accept(options);
    new CommandLine(options.spec()).parseArgs(words);
  }

  @Test
  void what_is_not_given_leaves_its_field_as_it_was() {
    read(
        options -> {
          options.argument("STAGE", Options::word, told::add);
          options.flag("--json", told::add);
          options.repeated("-v", told::add);
          options.value("--name", "NAME", Options::word, told::add);
          options.values("--part", "NAME", Options::word, told::add);
          options.file("--html", told::add);
          options.files("--env-file", told::add);
        });

    assertTrue(told.isEmpty(), told::toString);
  }

  @Test
  void values_are_read_by_their_reader() {
    read(
        options -> {
          options.argument("STAGE", Options::word, told::add);
          options.value("--wait", "SECONDS", Options::seconds, told::add);
          options.value("--timeout", "SECONDS", Options::seconds, told::add).defaultValue("10");
          options.file("--html", told::add);
        },
        "--html=a b.html",
        "dev",
        "--wait",
        "0.5");

    assertEquals(4, told.size(), told::toString);
    assertTrue(
        told.containsAll(
            List.of("dev", Path.of("a b.html"), Duration.ofMillis(500), Duration.ofSeconds(10))),
        told::toString);
  }

  @Test
  void a_list_has_all_that_was_given_in_its_order() {
    read(options -> options.files("--env-file", told::add), "--env-file=b", "--env-file", "a");

    assertEquals(List.of(Path.of("b"), Path.of("a")), told.get(told.size() - 1));
  }

  @ParameterizedTest
  @CsvSource({"-v, 1", "-vv, 2", "-v -v -v, 3", "-vqv, 2"})
  void repeated_options_are_counted(String words, int times) {
    read(
        options -> {
          options.repeated("-v", told::add);
          options.flag("-q", quiet -> {});
        },
        words.split(" "));

    assertEquals(times, told.get(told.size() - 1));
  }

  @Test
  void what_takes_one_value_refuses_a_second() {
    Consumer<Options> declare =
        options -> options.value("--name", "NAME", Options::word, told::add);

    assertThrows(OverwrittenOptionException.class, () -> read(declare, "--name=a", "--name=b"));
  }

  @Test
  void a_second_argument_is_refused() {
    Consumer<Options> declare = options -> options.argument("STAGE", Options::word, told::add);

    assertThrows(UnmatchedArgumentException.class, () -> read(declare, "dev", "prod"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "x", "1e3", "86401", "0.0000000001"})
  void what_is_no_number_of_seconds_is_refused_by_its_option(String value) {
    Consumer<Options> declare =
        options -> options.value("--wait", "SECONDS", Options::seconds, told::add);

    var refused = assertThrows(ParameterException.class, () -> read(declare, "--wait=" + value));

    assertTrue(refused.getMessage().startsWith("Invalid value for option '--wait': '" + value));
    assertFalse(refused.getMessage().contains("java"), refused::getMessage);
  }
}
