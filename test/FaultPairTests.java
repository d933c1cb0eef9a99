package test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lib.demo.Fault;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two faults at once: each is found as it is alone, unless the other one hides it. */
class FaultPairTests {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  static Stream<Fault> quick() {
    return Stream.of(Fault.values()).filter(it -> !FaultEffect.SLOW.contains(it));
  }

  static Stream<Fault> slow() {
    return FaultEffect.SLOW.stream();
  }

  @ParameterizedTest(name = "{0} and any other")
  @MethodSource("quick")
  void two_faults_are_both_found(Fault one) {
    var wrong = wrong(one, quick().filter(it -> it.compareTo(one) > 0), "-n4");

    assertEquals("", String.join("\n", wrong));
  }

  @ParameterizedTest(name = "{0} and any other")
  @MethodSource("slow")
  @EnabledIfEnvironmentVariable(
      named = "PDV_MATRIX",
      matches = ".+",
      disabledReason = "These pairs wait for what never comes, for minutes: just matrix")
  void two_faults_are_both_found_after_a_while(Fault one) {
    var others = Stream.concat(quick(), slow().filter(it -> it.compareTo(one) > 0));
    var wrong = wrong(one, others, "--cold-start=3", "--timeout=20");

    assertEquals("", String.join("\n", wrong));
  }

  private static List<String> wrong(Fault one, Stream<Fault> others, String... words) {
    return others.flatMap(other -> wrong(new FaultPair(one, other), words)).toList();
  }

  private static Stream<String> wrong(FaultPair pair, String... words) {
    var asked = new ArrayList<>(FaultEffect.QUESTION);
    asked.addAll(List.of("--break", pair.one().id(), "--break", pair.other().id()));
    asked.addAll(List.of(words));
    var outcome = Shell.script(asked.toArray(String[]::new)).within(PATIENCE);
    var found = FaultEffect.in(outcome);
    var expected = pair.effect();
    var same =
        found.marks().equals(expected.marks())
            && outcome.exit() == expected.exit()
            && found.stopped().isEmpty() == expected.stopped().isEmpty();
    return same
        ? Stream.empty()
        : Stream.of(
            "%s and %s: exit %d and %s, where exit %d and %s was expected"
                .formatted(
                    pair.one().id(),
                    pair.other().id(),
                    outcome.exit(),
                    found.marks(),
                    expected.exit(),
                    expected.marks()));
  }
}
