package lib.smoke;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import lib.http.Mcp;
import lib.target.Target;
import lib.target.Target.Part;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/** Skips the tests of a service that the stage does without: as one, with one reason. */
final class Absence {

  private Absence() {}

  /** Judge a class of tests; one of which none was wanted is left alone. */
  static ConditionEvaluationResult of(Fixtures.Stock stock, Class<?> tests) {
    var without = stock.target().map(Target::mcp).filter(Part.Without.class::isInstance);
    return without.isPresent()
            && Stream.of(tests.getDeclaredMethods()).anyMatch(test -> wants(test, stock))
        ? ConditionEvaluationResult.disabled(((Part.Without) without.get()).reason())
        : ConditionEvaluationResult.enabled("");
  }

  private static boolean wants(Method test, Fixtures.Stock stock) {
    var name = test.getName();
    var names = List.of(name, name.replace('_', ' '), test.getDeclaringClass().getSimpleName());
    return List.of(test.getParameterTypes()).contains(Mcp.class)
        && !test.isSynthetic()
        && stock.selection().map(it -> it.selects(names)).orElse(true);
  }
}
