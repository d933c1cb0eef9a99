package test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the user's own, and scripts that run without a clone. */
class ExtendingTests {

  private static final String MY_TESTS =
      """
      import static org.junit.jupiter.api.Assertions.assertEquals;
      import static org.junit.jupiter.api.Assumptions.assumeTrue;
      import lib.http.Web;
      import lib.report.Verdict;
      import org.junit.jupiter.api.Test;

      class MyTests {
        @Test void sign_up_page_is_served(Web web) {
          web.stranger().get("/accounts/signup/").expect(200);
        }
        @Test void teapot_is_served(Web web) {
          web.stranger().get("/accounts/signup/").expect(418);
        }
      }
      class PlainTests {
        @Test void wrong() { assertEquals(1, 2); }
        @Test void not_now() { assumeTrue(false, "only on Sundays"); }
        @Test void buggy() { throw new IllegalStateException("oops"); }
      }
      class WeakTests {
        @Test void wood() {
          throw Verdict.warning("came back: oak", "Steel is stronger.", "Buy steel.")
              .asException();
        }
      }
      """;

  @TempDir static Path folder;

  private static Path myTests;

  /** One file for all, so that it is built once. */
  @BeforeAll
  static void write() throws IOException {
    myTests = Files.writeString(folder.resolve("MyTests.java"), MY_TESTS);
  }

  private static Shell verify(String tests, String... more) {
    var words = new ArrayList<>(List.of("-s", myTests.toString(), "verify_deployment.java"));
    words.addAll(List.of("demo", "-k", tests));
    words.addAll(List.of(more));
    return Shell.jbang(words.toArray(String[]::new));
  }

  @Test
  void test_of_ones_own_is_one_file() {
    verify("sign_up")
        .exits(0)
        .outContains("\nMy\n  ✓ sign up page is served")
        .outContains(": 1 passed in ");
  }

  @Test
  void test_of_ones_own_can_fail_and_says_what_came_back() {
    verify("MyTests and teapot")
        .exits(1)
        .outContains("✗ My: teapot is served")
        .outContains("came back: 200 from the app: page \"")
        .outContains("expected: status 418");
  }

  @Test
  void plain_assertions_assumptions_and_mistakes_are_told_apart() {
    verify("Plain")
        .exits(1)
        .outContains("✗ Plain: wrong")
        .outContains("expected: <1> but was: <2>")
        .outContains("- not now")
        .outContains("only on Sundays")
        .outContains("? Plain: buggy")
        .outContains("The test itself is broken: java.lang.IllegalStateException: oops");
  }

  @Test
  void warning_is_told_and_fails_nobody_but_the_strict() {
    verify("Weak or app_calls_itself")
        .exits(0)
        .outContains("\n  ! wood ")
        .outContains("\nWarnings\n\n  ! Weak: wood\n      came back: oak\n    Steel is stronger.\n")
        .outContains("✓ demo is good as far as asked: 1 warning, 1 passed in ");
    verify("Weak", "--strict")
        .exits(1)
        .outContains("\nFailed\n\n  ✗ Weak: wood\n")
        .outContains("✗ demo is NOT good: 1 failed in ");
  }

  @Test
  void class_that_fails_before_its_tests_is_not_passed_over(@TempDir Path folder)
      throws IOException {
    var file =
        Files.writeString(
            folder.resolve("EarlyTests.java"),
            """
            import org.junit.jupiter.api.BeforeAll;
            import org.junit.jupiter.api.Test;

            class EarlyTests {
              @BeforeAll static void fails() { throw new AssertionError("too early"); }
              @Test void never_begun() {}
            }
            """);

    Shell.jbang("-s", file.toString(), "verify_deployment.java", "demo", "-k", "Early")
        .exits(1)
        .outContains("✗ Early: all tests")
        .outContains("too early");
  }

  @Test
  void scripts_run_from_a_url_in_an_empty_folder(@TempDir Path elsewhere) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", ExtendingTests::serve);
    server.start();
    try {
      var base = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
      Shell.jbang(base + "quick_verify.java", "demo").in(elsewhere).exits(0);
      Shell.jbang("quick@" + base + "jbang-catalog.json", "demo").in(elsewhere).exits(0);
      if (System.getenv()
          .containsKey("PDV_MATRIX")) { // to compile these two takes CI half a minute
        Shell.jbang("verify@" + base + "jbang-catalog.json", "demo", "-q")
            .in(elsewhere)
            .exits(0)
            .outContains("demo is good: 53 passed");
        Shell.jbang("check@" + base + "jbang-catalog.json", "--list", "--env-file", "/dev/null")
            .in(elsewhere)
            .exits(0)
            .outContains("VB101");
      }
    } finally {
      server.stop(0);
    }
  }

  /** Serve this repository as it is. */
  private static void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var file = Shell.REPO.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
      if (!file.startsWith(Shell.REPO) || !Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.sendResponseHeaders(200, Files.size(file));
      Files.copy(file, exchange.getResponseBody());
    }
  }
}
