package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lib.smoke.Selection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expressions of {@code -k}, as pytest understands them. */
class SelectionTests {

  private static final List<String> NAMES =
      List.of(
          "scheduled/clear-sessions refuses strangers",
          "scheduled_endpoint_refuses_strangers",
          "WorkerStrangerTests");

  @ParameterizedTest
  @CsvSource({
    "scheduled, true",
    "WORKERstranger, true",
    "clear-sessions, true",
    "scheduled/clear, true",
    "callback, false",
    "not callback, true",
    "not not scheduled, true",
    "worker and scheduled, true",
    "worker and not scheduled, false",
    "callback or worker, true",
    "callback or web, false",
    "callback and web or worker, true",
    "callback and (web or worker), false",
    "not (callback or web), true",
    "NOT callback AND worker, true",
    "android, false",
    "notice, false"
  })
  void expression_selects(String expression, boolean selected) {
    assertEquals(selected, Selection.of(expression).selects(NAMES));
  }

  @ParameterizedTest
  @CsvSource({
    "worker and, 10",
    "and worker, 0",
    "(worker, 7",
    "worker), 6",
    "worker scheduled, 7",
    "worker & web, 7",
    "not, 3",
    "'', 0",
    "(), 1",
    "or, 0"
  })
  void malformed_expression_is_pointed_at(String expression, int column) {
    var problem = assertThrows(Selection.Malformed.class, () -> Selection.of(expression));

    var lines = problem.getMessage().lines().toList();
    assertEquals("  " + expression, lines.get(1));
    assertEquals("  " + " ".repeat(column) + "^", lines.get(2));
    assertTrue(lines.get(0).startsWith("expected "), lines.get(0));
  }
}
