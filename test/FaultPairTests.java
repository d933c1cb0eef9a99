package test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.demo.Fault;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two faults at once: each is found as it is alone, unless the other one hides it. Every pair is
 * met here; with {@code just matrix} also those that wait, and each of them with no other fault.
 */
class FaultPairTests {

  private static final String MATRIX = "PDV_MATRIX";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** So many faults at most are there at once. */
  private static final int MANY = 12;

  /** So many where nothing is run at all. */
  private static final int CROWD = 40;

  static List<Fault> quick() {
    return Stream.of(Fault.values()).filter(it -> !FaultEffect.SLOW.contains(it)).toList();
  }

  static Set<Fault> slow() {
    return FaultEffect.SLOW;
  }

  /** Those of which one hides something of the other. */
  @ParameterizedTest(name = "{0} and any other")
  @MethodSource("quick")
  void two_faults_are_both_found(Fault one) {
    var all = System.getenv().containsKey(MATRIX);
    var others = quick().stream().filter(it -> it.compareTo(one) > 0);
    var pairs =
        others.map(it -> new FaultPair(one, it)).filter(it -> all || !it.isApart() && !it.stops());

    assertEquals("", wrong(pairs, "-n4"));
  }

  static List<Fault> stopping() {
    return quick().stream().filter(it -> !FaultEffect.of(it).stopped().isEmpty()).toList();
  }

  /** Where nothing is run, it does not matter how much else is wrong. */
  @ParameterizedTest(name = "{0} and many others")
  @MethodSource("stopping")
  void fault_that_stops_a_run_stops_it_whatever_else_is_wrong(Fault one) {
    var others =
        quick().stream()
            .filter(it -> pairs(Set.of(one), it).allMatch(FaultPair::stops))
            .filter(it -> it != one)
            .toList();
    for (var from = 0; from < others.size(); from += CROWD) {
      var faults = new TreeSet<>(others.subList(from, Math.min(from + CROWD, others.size())));
      faults.add(one);

      assertEquals("", wrong(faults, FaultEffect.of(one), "-n4").orElse(""));
    }
  }

  /** Those that have nothing to do with each other meet in company: that is ten times as fast. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("groups")
  void faults_that_hide_nothing_of_each_other_are_all_found(Set<Fault> faults) {
    var expected = faults.stream().map(FaultEffect::of).reduce(FaultEffect::with).orElseThrow();

    assertEquals("", wrong(faults, expected, "-n4").orElse(""));
  }

  /** Groups, so that every two faults that may be in one are together in one of them. */
  static List<Set<Fault>> groups() {
    var apart = new LinkedHashSet<FaultPair>();
    for (var one : quick()) {
      quick().stream()
          .filter(it -> it.compareTo(one) > 0)
          .map(it -> new FaultPair(one, it))
          .filter(FaultPair::isApart)
          .forEach(apart::add);
    }
    var left = new LinkedHashSet<>(apart);
    var groups = new ArrayList<Set<Fault>>();
    while (!left.isEmpty()) {
      var first = left.iterator().next();
      var group = new TreeSet<>(List.of(first.one(), first.other()));
      var next = Optional.<Fault>empty();
      do {
        next =
            quick().stream()
                .filter(it -> !group.contains(it))
                .filter(it -> pairs(group, it).allMatch(apart::contains))
                .filter(it -> pairs(group, it).anyMatch(left::contains))
                .max(
                    Comparator.comparingLong(
                        it -> pairs(group, it).filter(left::contains).count()));
        next.ifPresent(group::add);
      } while (next.isPresent() && group.size() < MANY);
      group.forEach(it -> pairs(group, it).forEach(left::remove));
      groups.add(group);
    }
    return groups;
  }

  /** The pairs that a fault makes with each of others. */
  private static Stream<FaultPair> pairs(Set<Fault> others, Fault one) {
    return others.stream()
        .filter(it -> it != one)
        .map(it -> it.compareTo(one) < 0 ? new FaultPair(it, one) : new FaultPair(one, it));
  }

  @ParameterizedTest(name = "{0} and any other")
  @MethodSource("slow")
  @EnabledIfEnvironmentVariable(
      named = MATRIX,
      matches = ".+",
      disabledReason = "These pairs wait for what never comes, for minutes: just matrix")
  void two_faults_are_both_found_after_a_while(Fault one) {
    var others =
        Stream.concat(quick().stream(), slow().stream().filter(it -> it.compareTo(one) > 0));

    assertEquals(
        "", wrong(others.map(it -> new FaultPair(one, it)), "--cold-start=3", "--timeout=20"));
  }

  private static String wrong(Stream<FaultPair> pairs, String... words) {
    return pairs
        .flatMap(it -> wrong(Set.of(it.one(), it.other()), it.effect(), words).stream())
        .collect(Collectors.joining("\n"));
  }

  private static Optional<String> wrong(Set<Fault> faults, FaultEffect expected, String... words) {
    var asked = new ArrayList<>(FaultEffect.QUESTION);
    faults.forEach(it -> asked.add("--break=" + it.id()));
    asked.addAll(List.of(words));
    var outcome = Shell.script(asked.toArray(String[]::new)).within(PATIENCE);
    var found = FaultEffect.in(outcome);
    var same =
        found.marks().equals(expected.marks())
            && outcome.exit() == expected.exit()
            && found.stopped().isEmpty() == expected.stopped().isEmpty();
    return same
        ? Optional.empty()
        : Optional.of(
            "%s: exit %d and %s, where exit %d and %s was expected"
                .formatted(
                    faults, outcome.exit(), found.marks(), expected.exit(), expected.marks()));
  }
}
