package lib.smoke;

import java.lang.reflect.Method;
import lib.http.Patience;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.ReflectionSupport;

/** Asks a test again while {@code --wait} lasts and its answer may change. */
public final class Waiting implements InvocationInterceptor {

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    var stock = Fixtures.stock(context);
    if (stock.patience().equals(Patience.NONE)) {
      invocation.proceed();
      return;
    }
    stock.patience().ask(invocation::proceed, () -> invoke(method), Fixtures.trace(stock, context));
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    interceptTestMethod(invocation, method, context);
  }

  /** JUnit lets an invocation proceed only once. */
  private static void invoke(ReflectiveInvocationContext<Method> method) {
    ReflectionSupport.invokeMethod(
        method.getExecutable(), method.getTarget().orElse(null), method.getArguments().toArray());
  }
}
