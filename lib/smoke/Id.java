package lib.smoke;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;

/**
 * What a test is called for good, whatever its title becomes: its tag, such as {@code
 * Tag("SM402")}, or else its class and method; in brackets, what one of several invocations is
 * about.
 */
final class Id {

  private static final Predicate<String> FORM =
      Pattern.compile("[A-Z]{2,8}\\d{3}").asMatchPredicate();

  private static final List<String> INVOCATIONS =
      List.of("test-template-invocation", "dynamic-test");

  private Id() {}

  /**
   * @param parent what holds the test: the method, where this is an invocation of it
   */
  static String of(TestIdentifier test, Optional<TestIdentifier> parent) {
    var tags = test.getTags().stream().map(TestTag::getName);
    var above = parent.map(TestIdentifier::getDisplayName).orElse("");
    return of(tags, named(test), test.getUniqueIdObject(), test.getDisplayName(), above);
  }

  /** The id of the test that an extension is called for. */
  static String of(ExtensionContext test) {
    var type = simple(test.getRequiredTestClass().getName());
    var name = test.getTestMethod().map(it -> type + "." + it.getName()).orElse(type);
    var above = test.getParent().map(ExtensionContext::getDisplayName).orElse("");
    var id = UniqueId.parse(test.getUniqueId());
    return of(test.getTags().stream(), name, id, test.getDisplayName(), above);
  }

  private static String of(
      Stream<String> tags, String name, UniqueId id, String title, String parent) {
    // a test has the tags of its class, too, which come first: SM400, SM402
    return tags.filter(FORM).max(String::compareTo).orElse(name) + invocation(id, title, parent);
  }

  private static String named(TestIdentifier test) {
    return test.getSource()
        .map(
            source ->
                source instanceof MethodSource method
                    ? simple(method.getClassName()) + "." + method.getMethodName()
                    : source instanceof ClassSource type ? simple(type.getClassName()) : "")
        .filter(name -> !name.isEmpty())
        .orElseGet(test::getDisplayName);
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  /** The words that the method's own title does not have are the parameters. */
  private static String invocation(UniqueId id, String title, String parent) {
    var segment = id.getLastSegment();
    if (!INVOCATIONS.contains(segment.getType())) {
      return "";
    }
    var shared = new HashSet<>(List.of(parent.split(" ")));
    var own =
        Stream.of(title.split(" "))
            .filter(word -> !shared.contains(word))
            .collect(Collectors.joining(" "));
    return "[" + (own.isEmpty() ? segment.getValue() : own) + "]";
  }
}
