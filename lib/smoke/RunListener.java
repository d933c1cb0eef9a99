package lib.smoke;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import lib.http.NoAnswer;
import lib.http.Trace;
import lib.report.Finding;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.opentest4j.TestAbortedException;

/**
 * Turns what JUnit tells into findings, and passes them on in one order, however the tests overlap:
 * the order in which they would run one after another.
 */
final class RunListener implements TestExecutionListener {

  private static final String CANCELLED = "Execution cancelled";

  /** What a finding about a whole class is about. */
  private static final String EVERY_TEST = "all tests";

  private final Map<String, Trace> traces;
  private final boolean strict;
  private final Consumer<Finding> teller;
  private final Runnable onFailure;
  private final Map<String, Node> nodes = new HashMap<>();
  private final List<Node> roots = new ArrayList<>();
  private final Map<String, Long> running = new LinkedHashMap<>();
  private int deselected;
  private boolean stopped;

  /** A test or a container of tests, in its place. */
  private static final class Node {
    private final TestIdentifier identifier;
    private final List<Node> children = new ArrayList<>();
    private Optional<Finding> finding = Optional.empty();
    private boolean over;
    private boolean told;

    Node(TestIdentifier identifier) {
      this.identifier = identifier;
    }
  }

  /**
   * @param strict whether a warning is a broken promise
   * @param teller is told each finding in its turn
   * @param onFailure is run at each broken promise, as soon as it is known
   */
  RunListener(
      Map<String, Trace> traces, boolean strict, Consumer<Finding> teller, Runnable onFailure) {
    this.traces = traces;
    this.strict = strict;
    this.teller = teller;
    this.onFailure = onFailure;
  }

  @Override
  public synchronized void testPlanExecutionStarted(TestPlan plan) {
    plan.getRoots().forEach(root -> add(plan, root));
  }

  private void add(TestPlan plan, TestIdentifier identifier) {
    dynamicTestRegistered(identifier);
    plan.getChildren(identifier).forEach(child -> add(plan, child));
  }

  @Override
  public synchronized void dynamicTestRegistered(TestIdentifier identifier) {
    var node = new Node(identifier);
    nodes.put(identifier.getUniqueId(), node);
    var parent = identifier.getParentId().map(nodes::get);
    parent.map(it -> it.children).orElse(roots).add(node);
  }

  @Override
  public synchronized void executionStarted(TestIdentifier identifier) {
    if (identifier.isTest()) {
      running.put(identifier.getUniqueId(), System.nanoTime());
    }
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier identifier, String reason) {
    if (reason.equals(Fixtures.DESELECTED)) {
      deselected++;
    } else if (!reason.equals(CANCELLED)) {
      record(identifier, Verdict.skipped(reason), Duration.ZERO);
    }
    over(identifier);
  }

  @Override
  public synchronized void executionFinished(
      TestIdentifier identifier, TestExecutionResult result) {
    var problem = result.getThrowable();
    var verdict = problem.map(RunListener::verdict).orElseGet(Verdict::passed);
    // A container that fails takes its tests with it, so it must not pass in silence.
    if (identifier.isTest() || verdict.status() != Status.PASSED) {
      record(identifier, verdict, duration(identifier));
    }
    running.remove(identifier.getUniqueId());
    over(identifier);
  }

  /** End what is still running, and take no more: time is up. */
  synchronized void close(Verdict verdict) {
    for (var id : List.copyOf(running.keySet())) {
      executionFinished(
          nodes.get(id).identifier, TestExecutionResult.failed(verdict.asException()));
    }
    stopped = true;
  }

  /** What is known so far, in the order of the tests. */
  synchronized List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    roots.forEach(root -> collect(root, findings));
    return findings;
  }

  private static void collect(Node node, List<Finding> findings) {
    node.children.forEach(child -> collect(child, findings));
    node.finding.ifPresent(findings::add);
  }

  /** Take no more findings: enough promises are broken. */
  synchronized void stop() {
    stopped = true;
  }

  /** The titles of tests that have begun and not ended, the oldest first. */
  synchronized List<String> running() {
    return running.keySet().stream().map(id -> nodes.get(id).identifier.getDisplayName()).toList();
  }

  synchronized int deselected() {
    return deselected;
  }

  /** Whether the run was stopped before all tests had ended. */
  synchronized boolean stopped() {
    return stopped;
  }

  /** How many tests are known so far. */
  synchronized int total() {
    return (int) nodes.values().stream().filter(it -> it.identifier.isTest()).count() - deselected;
  }

  private void record(TestIdentifier identifier, Verdict said, Duration duration) {
    if (stopped) {
      return;
    }
    var verdict = strict ? said.strictly() : said;
    var trace = traces.getOrDefault(identifier.getUniqueId(), new Trace());
    var finding =
        new Finding(
            Id.of(
                identifier,
                identifier.getParentIdObject().map(it -> nodes.get("" + it).identifier)),
            group(identifier),
            identifier.isTest() ? identifier.getDisplayName() : EVERY_TEST,
            verdict.measuring(trace.measures()),
            duration.minus(trace.waited()).isNegative()
                ? Duration.ZERO
                : duration.minus(trace.waited()),
            trace.remarks(),
            trace.exchanges());
    nodes.get(identifier.getUniqueId()).finding = Optional.of(finding);
    if (verdict.status() == Status.FAILED) {
      onFailure.run();
    }
  }

  private Duration duration(TestIdentifier identifier) {
    var began = running.get(identifier.getUniqueId());
    return began == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - began);
  }

  private void over(TestIdentifier identifier) {
    over(nodes.get(identifier.getUniqueId()));
    for (var root : roots) {
      if (!tell(root)) {
        return;
      }
    }
  }

  /** JUnit says nothing of the tests of a container that is skipped, or fails before they begin. */
  private static void over(Node node) {
    node.over = true;
    node.children.forEach(RunListener::over);
  }

  /** Tell all that is settled below a node; false when something before its end is still open. */
  private boolean tell(Node node) {
    if (node.told) {
      return true;
    }
    for (var child : node.children) {
      if (!tell(child)) {
        return false;
      }
    }
    if (!node.over) {
      return false;
    }
    node.told = true;
    node.finding.ifPresent(teller);
    return true;
  }

  /** The title of the test's class. */
  private String group(TestIdentifier identifier) {
    var title = identifier.getDisplayName();
    for (var node = nodes.get(identifier.getUniqueId()); node != null; ) {
      var parent = node.identifier.getParentId().map(nodes::get);
      if (parent.isEmpty() || parent.get().identifier.getParentId().isEmpty()) {
        return node.identifier.getDisplayName();
      }
      node = parent.get();
      title = node.identifier.getDisplayName();
    }
    return title;
  }

  /** A promise that is not kept says so itself; anything else is a broken test. */
  private static Verdict verdict(Throwable problem) {
    for (var cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof NotKept notKept) {
        return notKept.verdict();
      }
      if (cause instanceof NoAnswer noAnswer) {
        return noAnswer.verdict();
      }
    }
    var message = String.valueOf(problem.getMessage());
    if (problem instanceof TestAbortedException) {
      return Verdict.skipped(message);
    }
    return problem instanceof AssertionError
        ? Verdict.failed(message.lines().toList(), "")
        : Verdict.unverified(
            "The test itself is broken: " + problem, "If it is one of ours, please report it.");
  }
}
