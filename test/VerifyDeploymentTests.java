package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script as an operator meets it: what it prints, and what it exits with. */
class VerifyDeploymentTests {

  private static Shell verify(String... arguments) {
    var command = new ArrayList<>(List.of("verify_deployment.java"));
    command.addAll(List.of(arguments));
    return Shell.script(command.toArray(String[]::new));
  }

  /**
   * The tests' own first run says its version, and what is kept of that has to serve all others,
   * over https, too.
   */
  @ParameterizedTest
  @ValueSource(strings = {"verify_deployment.java", "quick_verify.java"})
  void first_run_of_any_kind_makes_the_later_ones_fast(String script) {
    var command = Shell.command(script).replace("-Xlog:disable", "-Xlog:disable -Xlog:class+load");

    var loaded =
        Shell.run("/bin/sh", "-c", "exec " + command + " demo --break=certificate-expiring")
            .exits(0)
            .out()
            .lines()
            .filter(line -> line.contains(" source: "))
            .toList();

    var archived = loaded.stream().filter(line -> line.contains("shared objects file")).count();
    assertTrue(archived > 0.9 * loaded.size(), archived + " of " + loaded.size());
  }

  /** What is answered without asking anybody needs nothing to ask with. */
  @ParameterizedTest
  @CsvSource({
    "verify_deployment.java, --help, 0",
    "verify_deployment.java, dev --bogus, 2",
    "quick_verify.java, --version, 0",
    "check_validibot.java, --bogus, 2"
  })
  void help_and_usage_errors_load_neither_junit_nor_http(String script, String words, int exit) {
    var command = Shell.command(script).replace("-Xlog:disable", "-Xlog:disable -Xlog:class+load");

    var loaded = Shell.run("/bin/sh", "-c", "exec " + command + " " + words).exits(exit).out();

    assertTrue(loaded.contains("picocli.CommandLine"));
    for (var unwanted : List.of("org.junit.", "okhttp3.OkHttpClient ", "org.postgresql.")) {
      assertFalse(loaded.contains(unwanted), unwanted);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify_deployment.java", "quick_verify.java"})
  void a_stage_without_https_needs_no_tls(String script) {
    var command = Shell.command(script).replace("-Xlog:disable", "-Xlog:disable -Xlog:class+load");

    var loaded = Shell.run("/bin/sh", "-c", "exec " + command + " demo").exits(0).out();

    assertTrue(loaded.contains("okhttp3.OkHttpClient "));
    assertFalse(loaded.contains("sun.security.ssl.SSLContextImpl "));
  }

  @Test
  void healthy_demo_of_today_is_good_and_its_skips_are_explained() {
    verify("demo")
        .exits(0)
        .errIsQuiet()
        .outContains("Verifying demo\n")
        .outContains("operator@example.com")
        .outContains("✓ homepage is served (the page is /accounts/login/)")
        .outContains("a stylesheet and a script of /accounts/login/")
        .outContains("skipped: The app wants a sign-in for /api/v1/docs/ (403).")
        .outContains("skipped: This version has no such endpoint: /api/v1/users/")
        .outContains("- superuser can sign in\n      skipped: --sign-in was not given.\n")
        .outContains("✓ demo is good: 53 passed, 15 skipped in ");
  }

  @Test
  void healthy_demo_of_the_documents_is_good() {
    verify("demo", "--shape", "documented")
        .exits(0)
        .outContains("✓ static files are served (a stylesheet and a script of /)")
        .outContains("- all tests\n      skipped: This stage has no MCP service (validibot-mcp).\n")
        .outContains("- superuser can sign in\n      skipped: --sign-in was not given.\n")
        .outContains("✓ demo is good: 53 passed, 12 skipped in ");
  }

  @ParameterizedTest
  @CsvSource({"0.14, 17", "documented, 14"})
  void worker_with_internal_ingress_is_good_and_its_skips_are_explained(String shape, int skips) {
    verify("demo", "--shape", shape, "--break", "ingress-internal")
        .exits(0)
        .outContains("(ingress internal)")
        .outContains("✓ root refuses strangers (Google's 404, by ingress internal)")
        .outContains("skipped: Ingress is internal: Google lets nobody in from outside")
        .outContains("passed, " + skips + " skipped");
  }

  @Test
  void stage_may_come_from_the_environment() {
    verify("-q").with("SMOKE_TEST_STAGE", "demo").exits(0).outContains("demo is good");
    var missing = verify().exits(2).outIs("");
    assertTrue(missing.err().startsWith("SMOKE_TEST_STAGE must be set"), missing.err());
    missing.errContains("verify_deployment.java dev").errContains("SMOKE_TEST_STAGE=dev");
    verify().with("SMOKE_TEST_STAGE", "qa").exits(2).errContains("'qa'");
    verify().with("SMOKE_TEST_STAGE", "").exits(2).errContains("SMOKE_TEST_STAGE must be set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "qa                          | 'qa' is no stage",
        "demo --break nonesuch       | 'nonesuch' is no fault; --list-faults shows them all",
        "demo --shape 0.15           | '0.15' is no shape: 0.14 or documented",
        "dev --break worker-public   | for the demo stage only",
        "demo --project p            | The demo stage brings its own",
        "demo -k (worker             | expected a closing parenthesis",
        "demo -k nonesuch            | No test matches",
        "demo --maxfail 0            | '0' is no number from 1 to",
        "demo --nonesuch             | Unknown option: '--nonesuch'",
        "demo --sign-in --anonymous  | contradict each other",
        "demo prod                   | Unmatched argument",
        "demo --timeout -3           | is no number of seconds",
        "demo --cacert nonesuch.pem  | --cacert nonesuch.pem: cannot be read"
      })
  void misuse_is_exit_2_with_a_sentence(String arguments, String sentence) {
    verify(arguments.split(" ")).exits(2).errContains(sentence).errLacks("Exception");
  }

  @Test
  void malformed_expression_is_pointed_at() {
    verify("demo", "-k", "worker and").exits(2).errContains("\n  worker and\n            ^\n");
  }

  @Test
  void expression_selects_tests_and_the_verdict_says_so() {
    var outcome = verify("demo", "-k", "worker and not scheduled").exits(0);

    outcome.outContains("root refuses strangers").outLacks("scheduled/").outLacks("homepage");
    outcome.outContains("✓ demo is good as far as asked: ");
    outcome.outContains("tests were left out by -k.");
    verify("demo", "-k", "clear-sessions and stranger").exits(0).outContains(": 1 passed in ");
    verify("demo", "-k", "documentation").exits(2).outContains("? demo could not be verified");
  }

  @Test
  void list_shows_what_would_run_and_runs_nothing() {
    var all = verify("--list").exits(0).outContains("\n68 tests\n");
    all.outContains("Worker, as a stranger\n  root refuses strangers\n");
    verify("prod", "--list", "-k", "scheduled and stranger").exits(0).outContains("\n10 tests\n");
    verify("demo", "--list", "-k", "nonesuch").exits(2).errContains("No test matches");
  }

  @Test
  void stops_at_the_first_failure() {
    verify("demo", "--break", "worker-public", "-x")
        .exits(1)
        .outContains(": 1 failed")
        .outContains("The other tests were not run");
    verify("demo", "--break", "worker-public", "--maxfail", "3").exits(1).outContains(": 3 failed");
    verify("demo", "--break", "web-down", "-x", "-n", "1")
        .exits(1)
        .outContains("✗ demo is NOT good: 1 failed, 7 passed, 3 skipped in ")
        .outLacks("root refuses strangers");
  }

  @Test
  void one_after_another_finds_the_same_in_the_same_order() {
    assertEquals(titles(verify("demo").exits(0)), titles(verify("demo", "-n", "1").exits(0)));
  }

  private static List<String> titles(Shell.Outcome outcome) {
    return outcome
        .out()
        .lines()
        .filter(line -> line.startsWith("  ✓ ") || line.startsWith("  - "))
        .map(line -> line.replaceFirst(" +[0-9.]+ s$", ""))
        .toList();
  }

  @Test
  void verbosity_goes_from_the_verdict_to_every_exchange() {
    var quiet = verify("demo", "-q").exits(0).out();
    assertEquals(1, quiet.lines().count(), quiet);
    verify("demo", "-v", "-k", "homepage").exits(0).outContains("✓ homepage is served");
    verify("demo", "-vv", "--durations", "2")
        .exits(0)
        .outContains("project demo-project (environment GCP_PROJECT_ID)")
        .outContains("/accounts/login/ as a stranger -> 200 by the app, text/html")
        .outContains("/ as a stranger -> 403 by Google's front end, text/html")
        .outContains("Slowest 2\n");
  }

  @Test
  void failure_says_what_was_asked_what_came_back_why_it_matters_and_what_to_do() {
    verify("demo", "--break", "worker-public", "-k", "callback and stranger")
        .exits(1)
        .outContains("asked: POST http://127.0.0.1:")
        .outContains("/api/v1/validation-callbacks/ as a stranger")
        .outContains("came back: 401 from the app: {\"detail\":")
        .outContains("expected: a refusal by Google's front end (403)")
        .outContains("--allow-unauthenticated. That is a security issue")
        .outContains("--no-allow-unauthenticated --region=")
        .outContains(
            "gcloud run services remove-iam-policy-binding validibot-worker --member=allUsers"
                + " --role=roles/run.invoker --region=");
    verify("demo", "--break", "invoker-missing", "-k", "healthy and invoker")
        .exits(1)
        .outContains("Authenticated request was rejected by IAM")
        .outContains(
            "gcloud run services add-iam-policy-binding validibot-worker"
                + " --member=user:operator@example.com --role=roles/run.invoker --region=");
  }

  @Test
  void hang_ends_by_its_timeout_and_by_the_deadline() {
    var timeout =
        verify(
                "demo",
                "--break",
                "worker-hangs",
                "--cold-start",
                "2",
                "--timeout",
                "1",
                "-k",
                "invoker")
            .exits(1);
    timeout.outContains("came back: nothing, no answer within 2.0 s");
    timeout.outContains("came back: nothing, no answer within 1.0 s");
    var deadline =
        verify("demo", "--break", "worker-hangs", "--deadline", "6", "-k", "invoker").exits(1);
    deadline.outContains("no answer by the deadline of the run");
  }

  @Test
  void interrupted_run_tells_what_it_learnt() throws Exception {
    try (var running = verify("demo", "--break", "worker-hangs", "-n", "1").start()) {
      running.says("validation-storage-capabilities/refresh refuses strangers");
      running.signal("INT");
      var outcome = running.within(Duration.ofMinutes(1)).exits(130);
      outcome.outContains("? Interrupted, demo is not verified to the end: ");
      outcome.outContains(" passed");
    }
  }

  @Test
  void help_is_complete_and_shows_exit_codes() {
    var help = verify("--help").exits(0).errIsQuiet();
    for (var option :
        "-k -x --maxfail -v -vv -q --list --durations -n --project --region --app-name --web-url"
            .split(" ")) {
      help.outContains(option);
    }
    for (var option :
        ("--worker-alias --mcp-url --strict --expect-revision --expect-image --expect-version"
                + " --worker-url --trust-worker-host --env-file --anonymous --sign-in --cacert"
                + " --timeout --cold-start --deadline --impersonate-service-account --break --shape"
                + " --list-faults --no-color SMOKE_TEST_STAGE")
            .split(" ")) {
      help.outContains(option);
    }
    help.outContains("Exit codes:").outContains("  130  interrupted");
    assertTrue(help.out().lines().allMatch(line -> line.length() <= 80), help.out());
  }

  @Test
  void script_runs_from_anywhere(@TempDir Path elsewhere) {
    var script = Shell.REPO.resolve("verify_deployment.java").toString();
    Shell.launcher(script, "demo", "-q").in(elsewhere).exits(0).outContains("demo is good");
    assertFalse(Files.exists(elsewhere.resolve("lib")));
  }
}
