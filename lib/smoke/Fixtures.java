package lib.smoke;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lib.google.Cloud;
import lib.google.Deployment;
import lib.http.Mcp;
import lib.http.Patience;
import lib.http.Trace;
import lib.http.Web;
import lib.http.Worker;
import lib.report.Verdict;
import lib.target.Background;
import lib.target.Expectations;
import lib.target.Stage;
import lib.target.Target;
import lib.target.Target.Part;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.engine.UniqueId;

/**
 * Hands tests what they ask for by type: a {@link Stage}, a {@link Target}, the {@link Web}
 * service, the {@link Worker}, the {@link Mcp} service, or what Google knows of them, the {@link
 * Cloud}. Every test gets it, without an annotation.
 */
public final class Fixtures implements ParameterResolver, ExecutionCondition {

  private static final Namespace NAMESPACE = Namespace.create(Fixtures.class);

  private static final Set<Class<?>> TYPES =
      Set.of(
          Stage.class,
          Target.class,
          Web.class,
          Worker.class,
          Mcp.class,
          Cloud.class,
          Expectations.class);

  /** Why a test that was not asked for did not run; it is not reported at all. */
  static final String DESELECTED = "deselected";

  /** Why no test runs that is only listed. */
  static final String LISTED = "listed";

  /**
   * What there is to hand out.
   *
   * @param cloud what Google knows of the target
   * @param only the ids of the tests to run, or of their classes; empty for all
   * @param patience for how long to ask again what may still change
   * @param listing whether tests are only listed
   * @param traces what each test asked and heard, by the test's unique id
   */
  public record Stock(
      Optional<Target> target,
      Optional<Web> web,
      Optional<Worker> worker,
      Optional<Mcp> mcp,
      Optional<Cloud> cloud,
      Expectations expectations,
      Optional<Selection> selection,
      Set<String> only,
      Patience patience,
      boolean listing,
      Map<String, Trace> traces) {

    /** Only to list what would run. */
    public static Stock forListing(Optional<Selection> selection) {
      return new Stock(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new Expectations(),
          selection,
          Set.of(),
          Patience.NONE,
          true,
          Map.of());
    }

    /**
     * To run.
     *
     * @param web the web service, with whoever may sign in
     */
    public static Stock of(
        Deployment deployment,
        Optional<Web> web,
        Expectations expectations,
        Optional<Selection> selection,
        Set<String> only,
        Patience patience) {
      return new Stock(
          Optional.of(deployment.target()),
          web,
          deployment.worker(),
          deployment.mcp(),
          Optional.of(deployment.cloud()),
          expectations,
          selection,
          only,
          patience,
          false,
          new ConcurrentHashMap<>());
    }

    /** Whether all tests are to run. */
    boolean everything() {
      return selection.isEmpty() && only.isEmpty() && !listing;
    }

    private boolean wants(ExtensionContext test) {
      return selection.filter(it -> !it.selects(names(test))).isEmpty()
          && (only.isEmpty()
              || only.contains(Id.of(test))
              || test.getTags().stream().anyMatch(only::contains));
    }

    /** Begin with what many tests wait for, or one of them for several answers in a row. */
    void begin() {
      web.ifPresent(it -> Background.run(it::frontPage));
      mcp.ifPresent(it -> Background.run(it::refusal));
      worker.ifPresent(it -> Background.run(it::prepareInvoker));
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var stock = stock(context);
    var target = stock.target().orElseThrow();
    var trace = trace(stock, context);
    var type = parameter.getParameter().getType();
    if (type == Web.class) {
      return stock.web().orElseThrow(() -> outside("web service", target.web())).tracedBy(trace);
    }
    if (type == Worker.class) {
      return stock.worker().orElseThrow(() -> outside("worker", target.worker())).tracedBy(trace);
    }
    if (type == Mcp.class) {
      return stock.mcp().orElseThrow(() -> outside("MCP service", target.mcp())).tracedBy(trace);
    }
    if (type == Cloud.class) {
      return stock.cloud().orElseThrow().tracedBy(trace);
    }
    if (type == Expectations.class) {
      return stock.expectations();
    }
    return type == Stage.class ? target.stage() : target;
  }

  /**
   * Select here and not at discovery: invocations of a parameterized test have names of their own.
   */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var kind = UniqueId.parse(context.getUniqueId()).getLastSegment().getType();
    var leaf = List.of("method", "test-template-invocation", "test-factory").contains(kind);
    if (leaf && !stock(context).wants(context)) {
      return ConditionEvaluationResult.disabled(DESELECTED);
    }
    if (leaf && stock(context).listing()) {
      return ConditionEvaluationResult.disabled(LISTED);
    }
    return kind.equals("class")
        ? Absence.of(stock(context), context.getRequiredTestClass())
        : ConditionEvaluationResult.enabled("");
  }

  private static RuntimeException outside(String what, Part part) {
    var reason = part instanceof Part.Outside outside ? outside.reason() : "";
    return Verdict.skipped("The " + what + " is outside this target: " + reason + ".")
        .asException();
  }

  private static List<String> names(ExtensionContext context) {
    var names = new ArrayList<String>();
    names.add(context.getDisplayName());
    names.add(context.getDisplayName().replace(' ', '_'));
    context.getTestMethod().ifPresent(method -> names.add(method.getName()));
    for (var type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
      names.add(type.getSimpleName());
    }
    return names;
  }

  static Trace trace(Stock stock, ExtensionContext context) {
    return stock.traces().computeIfAbsent(context.getUniqueId(), id -> new Trace());
  }

  static Stock stock(ExtensionContext context) {
    return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE).get(Stock.class, Stock.class);
  }
}
