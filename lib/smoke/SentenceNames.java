package lib.smoke;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGenerator;

/** Test names are sentences: {@code homepage_is_served} is shown as "homepage is served". */
public final class SentenceNames extends DisplayNameGenerator.Standard {

  @Override
  public String generateDisplayNameForClass(Class<?> testClass) {
    return testClass
        .getSimpleName()
        .replaceFirst("Tests?$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ");
  }

  @Override
  public String generateDisplayNameForMethod(
      List<Class<?>> enclosing, Class<?> testClass, Method method) {
    return method.getName().replace('_', ' ');
  }
}
