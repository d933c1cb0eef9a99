package test;

import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.demo.Fault;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Which smoke test finds which fault: {@code docs/faults.md}, from what {@link FaultTests} prove.
 */
final class FaultTable {

  private static final String TOP =
      """
      # Which fault is found by which test

      Made by `just faults` from what the tests of this project prove (`test/FaultTests.java`):
      `./jbang verify_deployment.java demo --sign-in --break FAULT`, with `--expect-revision`,
      `--expect-image` and `--expect-version` as deployed, says exactly this of each fault.

      """;

  private FaultTable() {}

  /** The smoke tests that find no fault alone, so that nobody knows whether they are needed. */
  static List<String> unproved() {
    return tests().stream().filter(test -> alone(test).isEmpty()).map(FaultTable::title).toList();
  }

  static String text() {
    var text = new StringBuilder(TOP);
    text.append("## Every smoke test has a fault that only it finds\n\n");
    text.append("| Test | Faults that only it finds |\n|---|---|\n");
    for (var test : tests()) {
      var faults = alone(test).stream().map(it -> "`" + it.id() + "`");
      text.append("| %s | %s |%n".formatted(title(test), faults.collect(Collectors.joining(", "))));
    }
    text.append("\n## Every fault\n\n| Fault | What is wrong | Found by | Not verified for it |\n");
    text.append("|---|---|---|---|\n");
    for (var fault : Fault.values()) {
      text.append(row(fault));
    }
    return text.toString();
  }

  private static String row(Fault fault) {
    var effect = FaultEffect.of(fault);
    var found = titles(effect.found());
    var open = new TreeSet<>(effect.marks().keySet());
    open.removeAll(effect.found());
    var by = effect.stopped().isEmpty() ? found : "nothing is run: \"" + effect.stopped() + "\"";
    return "| `%s` | %s | %s | %s |%n".formatted(fault.id(), fault.summary(), by, titles(open));
  }

  /** Rows of one test are one. */
  private static String titles(Set<String> titles) {
    return titles.stream()
        .map(title -> title(test(title)))
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static List<Fault> alone(Method test) {
    return Stream.of(Fault.values())
        .filter(
            fault -> {
              var found = FaultEffect.of(fault).found();
              return !found.isEmpty() && found.stream().allMatch(it -> test(it).equals(test));
            })
        .toList();
  }

  /** The smoke tests, in the order in which they are told. */
  private static List<Method> tests() {
    return ReflectionSupport.findAllClassesInPackage("lib.smoke", it -> true, it -> true).stream()
        .filter(type -> type.getSimpleName().endsWith("Tests"))
        .sorted(Comparator.comparingInt(type -> type.getAnnotation(Order.class).value()))
        .flatMap(
            type ->
                Stream.of(type.getDeclaredMethods())
                    .filter(it -> it.isAnnotationPresent(Order.class))
                    .sorted(Comparator.comparingInt(it -> it.getAnnotation(Order.class).value())))
        .toList();
  }

  /** What a report calls it; a row of many has a star. */
  private static String title(Method test) {
    return test.isAnnotationPresent(Test.class)
        ? test.getName().replace('_', ' ')
        : test.getAnnotation(ParameterizedTest.class).name().replace("{0}", "*");
  }

  /** The test that a report calls so. */
  private static Method test(String title) {
    return tests().stream()
        .filter(
            it ->
                title.matches(
                    Stream.of(title(it).split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".+"))))
        .max(Comparator.comparingInt(it -> title(it).replace("*", "").length()))
        .orElseThrow();
  }
}
