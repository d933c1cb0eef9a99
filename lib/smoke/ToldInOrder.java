package lib.smoke;

import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Orders the tests of a class as they are told, and lets them run at the same time all the same:
 * JUnit takes an order for a wish to run them one after another.
 */
public final class ToldInOrder extends MethodOrderer.OrderAnnotation {

  @Override
  public Optional<ExecutionMode> getDefaultExecutionMode() {
    return Optional.empty();
  }
}
