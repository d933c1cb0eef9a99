package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static test.IdentityTests.of;
import static test.IdentityTests.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.demo.DemoStage;
import lib.demo.Exchange;
import lib.demo.Fault;
import lib.demo.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import test.Shell.Outcome;

/** Signing in: once, with care, and with an explanation of what it meets. */
class SignInTests {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern TROUBLE = Pattern.compile("(?m)^  ([✗?!]) (.*\\S) +[0-9.]+ s$");

  private static final String IN = "superuser can sign in";
  private static final String DASHBOARD = "dashboard is served";
  private static final String DOCS = "API documentation is served to users";
  private static final String SCHEMA = "API schema is served to users";
  private static final String PARTS = "every part of the app is healthy";
  private static final Set<String> BEHIND = Set.of(DASHBOARD, DOCS, SCHEMA, PARTS);

  private static final String LOGIN = "/accounts/login/";

  @TempDir Path folder;

  @Test
  void healthy_demo_is_good_behind_the_sign_in_too() {
    Shell.jbang("verify_deployment.java", "demo", "--sign-in")
        .exits(0)
        .errIsQuiet()
        .outContains("✓ " + IN)
        .outContains("✓ " + PARTS)
        .outContains("validators: error (detail: check failed): a known defect of 0.14")
        .outContains("✓ demo is good: 58 passed, 10 skipped in ");
    Shell.jbang("verify_deployment.java", "demo", "--sign-in", "--shape", "documented")
        .exits(0)
        .errIsQuiet()
        .outLacks("known defect")
        .outContains("✓ demo is good: 58 passed, 7 skipped in ");
  }

  /**
   * A fault, and what it is found by.
   *
   * @param mark what is before the test that finds it
   * @param test what the others find follows from that one alone
   */
  private record Found(Fault fault, String mark, String test, String sentence) {

    @Override
    public String toString() {
      return fault.id();
    }
  }

  static Stream<Found> faults() {
    return Stream.of(
        new Found(Fault.SIGN_IN_REFUSED, "✗", IN, "The app refuses this name and password."),
        new Found(Fault.LOCKED_OUT, "?", IN, "nobody may sign in for five minutes"),
        new Found(Fault.SIGN_IN_THROTTLED, "?", IN, "Ask again in a minute."),
        new Found(Fault.MFA_ASKED, "?", IN, "wants a second factor"),
        new Found(Fault.CAPTCHA_ASKED, "?", IN, "Nothing was sent."),
        new Found(Fault.EMAIL_UNVERIFIED, "?", IN, "was never verified"),
        new Found(Fault.FORM_POSTS_ELSEWHERE, "✗", IN, "elsewhere: https://elsewhere.example.com/"),
        new Found(Fault.CSRF_ORIGIN_UNKNOWN, "✗", IN, "DJANGO_CSRF_TRUSTED_ORIGINS lacks http:"),
        new Found(Fault.COOKIE_DOMAIN_WRONG, "✗", IN, "=...; Domain=elsewhere.example.com;"),
        new Found(Fault.SESSION_LOST, "✗", IN, "sessions are not kept"),
        new Found(Fault.DASHBOARD_BROKEN, "✗", DASHBOARD, "Users see no dashboard"),
        new Found(Fault.ROLE_MISSING, "?", DASHBOARD, "no owner, admin or author"),
        new Found(Fault.API_DOCS_BROKEN, "✗", DOCS, "cannot read how"),
        new Found(Fault.API_SCHEMA_BROKEN, "✗", SCHEMA, "cannot read how"),
        new Found(Fault.NOT_SUPERUSER, "?", PARTS, "this user is none"),
        new Found(Fault.STORAGE_DOWN, "✗", PARTS, "came back: storage: error (detail: check fa"),
        new Found(Fault.RELEASE_NEWER, "!", PARTS, "whether it still is in v0.15.0 is not known"),
        new Found(Fault.SECURITY_WARNINGS, "!", PARTS, "security: warning (warnings: [\"DEBUG"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @MethodSource("faults")
  void fault_is_found_where_it_is(Found found) {
    var scenario = Scenario.healthy().stage("dev").with(found.fault());
    try (var stage = DemoStage.start(scenario)) {
      var outcome = run(stage, verify(stage, "-k", "superuser"));

      var exit = List.of("!", "✗", "?").indexOf(found.mark());
      outcome.exits(exit).outContains(found.sentence());
      var expected = new TreeSet<>(Set.of(found.mark() + " " + found.test()));
      if (found.test().equals(IN)) {
        BEHIND.forEach(it -> expected.add("? " + it));
        outcome.outContains("Not signed in: ");
      }
      assertEquals(expected, trouble(outcome));
      // A session whose cookie no browser keeps cannot be ended.
      assertEquals(found.fault() == Fault.COOKIE_DOMAIN_WRONG ? 1 : 0, stage.signedIn());
      assertTrue(posts(stage, LOGIN) <= 1, "one attempt");
      var unsent = EnumSet.of(Fault.CAPTCHA_ASKED, Fault.FORM_POSTS_ELSEWHERE);
      assertEquals(unsent.contains(found.fault()), posts(stage, LOGIN) == 0);
    }
  }

  @Test
  void every_fault_behind_the_sign_in_is_found() {
    var shown = faults().map(Found::fault).collect(Collectors.toSet());
    shown.add(Fault.SIGN_OUT_BROKEN);

    assertEquals(
        Stream.of(Fault.values()).filter(Fault::needsSignIn).collect(Collectors.toSet()), shown);
  }

  /** Whatever is broken before it is told there. */
  @ParameterizedTest
  @CsvSource({
    "database-down, ?, The app calls itself unhealthy (see there)",
    "cache-down, ?, The cache does not work (see there)",
    "api-off, ?, The API is not served (see there)",
    "login-off, ✗, DJANGO_ACCOUNT_ALLOW_LOGIN=false has this effect.",
    "web-private, ✗, Google refuses strangers"
  })
  void what_follows_from_another_fault_is_said_to(String fault, String mark, String sentence) {
    var outcome =
        Shell.script("verify_deployment.java", "demo", "--sign-in", "--break", fault)
            .exits(1)
            .outContains(sentence);

    var trouble = trouble(outcome);
    assertTrue(trouble.contains(mark + " " + IN), outcome::out);
    BEHIND.forEach(it -> assertTrue(trouble.contains("? " + it), outcome::out));
  }

  @Test
  void everything_is_asked_in_one_session_which_is_ended() {
    try (var stage = stage()) {
      var outcome = run(stage, verify(stage, "-vv")).exits(0).errIsQuiet();

      outcome.outContains("POST " + stage.web() + LOGIN + " as the superuser -> 302 by the app");
      assertEquals(1, posts(stage, LOGIN));
      assertEquals(1, posts(stage, "/accounts/logout/"));
      assertEquals(0, stage.signedIn());
      assertFalse(Files.exists(cache(stage)) && cacheFiles(stage).findAny().isPresent());
    }
  }

  @Test
  void session_that_cannot_be_ended_is_told_and_breaks_no_promise() {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev").with(Fault.SIGN_OUT_BROKEN))) {
      run(stage, verify(stage, "-k", "dashboard"))
          .exits(0)
          .errContains("note: Could not sign out, so a session is left behind")
          .errContains("/accounts/logout/ as the superuser: 500 from the app");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SUPERUSER_PASSWORD, SUPERUSER_PASSWORD not set.",
    "SUPERUSER_USERNAME, SUPERUSER_USERNAME not set."
  })
  void without_a_name_or_a_password_nobody_signs_in_and_the_verdict_says_so(
      String variable, String sentence) {
    try (var stage = stage()) {
      run(stage, verify(stage).with(variable, ""))
          .exits(0)
          .outContains("- " + IN + "\n      skipped: Nobody was signed in: " + sentence)
          .outContains("\nNobody was signed in: " + sentence + "\n✓ dev is good as far as asked: ");
      assertEquals(0, posts(stage, LOGIN));
    }
  }

  @Test
  void refused_password_is_not_tried_again_for_five_minutes() throws IOException {
    try (var stage = stage()) {
      var wrong = verify(stage, "-k", "superuser").with("SUPERUSER_PASSWORD", "wrong-password");
      run(stage, wrong)
          .exits(1)
          .outContains("it says: Nobody here has this name")
          .outLacks("wrong");

      var marker = cacheFiles(stage).findFirst().orElseThrow();
      var name = marker.getFileName().toString();
      assertTrue(name.matches("sign-in-\\p{XDigit}{64}"), name);
      var content = Files.readString(marker);
      assertFalse(content.contains("wrong-password") || content.contains("admin"), content);

      run(stage, verify(stage, "-k", "superuser"))
          .exits(2)
          .outContains("Not tried: this user's password was refused here ")
          .outContains("so it rests for another 4 min ");
      assertEquals(List.of("GET", "POST"), methods(stage), "nothing at all by the second");

      Files.setLastModifiedTime(marker, FileTime.from(Instant.now().minusSeconds(301)));
      run(stage, verify(stage, "-k", "superuser")).exits(0);
      assertFalse(Files.exists(marker));
    }
  }

  @Test
  void another_user_and_another_place_are_no_business_of_a_marker() {
    try (var stage = stage()) {
      var one = verify(stage, "-k", "superuser").with("SUPERUSER_USERNAME", "ada");
      run(stage, one).exits(1);

      run(stage, verify(stage, "-k", "superuser")).exits(0);
      assertEquals(2, posts(stage, LOGIN));
    }
  }

  @Test
  void of_two_runs_at_once_only_one_is_refused() throws Exception {
    var slow = Scenario.healthy().stage("dev").delayed(Duration.ofMillis(300));
    try (var stage = DemoStage.start(slow);
        var one = wrong(stage).start();
        var other = wrong(stage).start()) {
      var exits = new TreeSet<Integer>();
      exits.add(one.within(PATIENCE).exit());
      exits.add(other.within(PATIENCE).exit());

      assertEquals(Set.of(1, 2), exits);
      assertEquals(1, posts(stage, LOGIN));
    }
  }

  private static Shell wrong(DemoStage stage) {
    return verify(stage, "-k", "superuser").with("SUPERUSER_PASSWORD", "wrong-password");
  }

  @Test
  void nothing_is_tried_where_refusals_cannot_be_kept_in_mind() throws IOException {
    var file = Files.writeString(folder.resolve("no-folder"), "");
    try (var stage = stage()) {
      run(stage, verify(stage, "-k", "superuser").with("XDG_CACHE_HOME", file.toString()))
          .exits(2)
          .outContains("Set XDG_CACHE_HOME to a folder");
      assertEquals(0, posts(stage, LOGIN));
    }
  }

  @Test
  void interrupted_run_signs_out() throws Exception {
    var hanging = Scenario.healthy().stage("dev").with(Fault.WORKER_HANGS);
    try (var stage = DemoStage.start(hanging);
        var running = verify(stage).start()) {
      running.until(() -> stage.signedIn() == 1 && hangs(stage), "signed in, and a worker hangs");
      running.signal("INT");

      running.within(PATIENCE).exits(130).outContains("? Interrupted, dev is not verified");
      assertEquals(0, stage.signedIn());
    }
  }

  private static boolean hangs(DemoStage stage) {
    return of(stage, "worker").stream().anyMatch(it -> it.status() == 0);
  }

  @Test
  void run_that_is_ended_by_its_deadline_signs_out() {
    var hanging = Scenario.healthy().stage("dev").with(Fault.WORKER_HANGS);
    try (var stage = DemoStage.start(hanging)) {
      run(stage, verify(stage, "--deadline", "12", "-k", "superuser or invoker"))
          .exits(1)
          .outContains("✓ " + IN)
          .outContains("no answer by the deadline");
      assertEquals(0, stage.signedIn());
    }
  }

  @Test
  void password_is_not_sent_over_plain_http() {
    Shell.jbang(
            "verify_deployment.java",
            "dev",
            "--sign-in",
            "--web-url=http://192.0.2.1",
            "-k",
            "superuser")
        .with("SUPERUSER_USERNAME", "admin")
        .with("SUPERUSER_PASSWORD", "secret-password")
        .exits(2)
        .outContains("The password is not sent over plain http: http://192.0.2.1.")
        .outLacks("secret-password");
  }

  private static DemoStage stage() {
    return DemoStage.start(Scenario.healthy().stage("dev"));
  }

  private static Shell verify(DemoStage stage, String... options) {
    var words = new ArrayList<>(List.of("verify_deployment.java", "dev", "--sign-in"));
    words.addAll(List.of(options));
    var script = Shell.script(words.toArray(String[]::new));
    stage.environment().forEach(script::with);
    return script;
  }

  private static long posts(DemoStage stage, String path) {
    return of(stage, "web").stream()
        .filter(it -> it.method().equals("POST") && it.path().equals(path))
        .count();
  }

  /** What reached the sign-in page. */
  private static List<String> methods(DemoStage stage) {
    return of(stage, "web").stream()
        .filter(it -> it.path().equals(LOGIN))
        .map(Exchange::method)
        .toList();
  }

  private static Path cache(DemoStage stage) {
    return Path.of(stage.environment().get("XDG_CACHE_HOME"), "validibot-pdv");
  }

  private static Stream<Path> cacheFiles(DemoStage stage) {
    try (var files = Files.list(cache(stage))) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> trouble(Outcome outcome) {
    return TROUBLE
        .matcher(outcome.out())
        .results()
        .map(it -> it.group(1) + " " + it.group(2).replaceFirst(" \\(.*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
