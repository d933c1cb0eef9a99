package test;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is not good yet is asked again, as long as it may change and {@code --wait} lasts. */
class WaitingTests {

  private static Shell verify(String fault, String tests, String... more) {
    var words = new java.util.ArrayList<>(java.util.List.of("verify_deployment.java", "demo"));
    words.addAll(java.util.List.of("--break", fault, "-k", tests));
    words.addAll(java.util.List.of(more));
    return Shell.script(words.toArray(String[]::new));
  }

  @Test
  void door_that_shuts_late_is_a_warning_with_the_time_that_it_was_open() {
    verify("door-shuts-late", "root", "--wait", "60")
        .exits(0)
        .outContains("! root refuses strangers")
        .outContains("came back: 500")
        .outContains(" UTC at least, shut at ")
        .outContains("The door was open when this run began")
        .outContains("  gcloud run services logs read validibot-worker")
        .outContains("demo is good as far as asked: 1 warning in ");
    verify("door-shuts-late", "root", "--wait", "60", "--strict").exits(1);
    verify("door-shuts-late", "root").exits(1).outContains("Anyone can reach this worker");
  }

  @Test
  void role_that_was_granted_just_now_is_waited_for() {
    verify("grant-late", "healthy and invoker", "--wait", "60")
        .exits(0)
        .outContains("✓ invoker reaches a healthy app")
        .outContains("good since ");
    verify("grant-late", "healthy and invoker").exits(1);
  }

  @Test
  void service_that_is_still_starting_is_waited_for() {
    verify("web-starts-late", "homepage or cache", "--wait", "60")
        .exits(0)
        .outContains("2 passed in ");
    Shell.script("quick_verify.java", "demo", "--break", "web-starts-late", "--wait", "60")
        .exits(0)
        .outContains("good since ");
    Shell.script("quick_verify.java", "demo", "--break", "web-starts-late").exits(1);
  }

  @Test
  void form_that_is_not_there_yet_is_waited_for() {
    verify("web-starts-late", "superuser", "--sign-in", "--wait", "60")
        .exits(0)
        .outContains("✓ superuser can sign in")
        .outContains("5 passed in ");
    verify("web-starts-late", "superuser", "--sign-in").exits(1).outContains("4 not verified");
  }

  @Test
  void waiting_ends_and_what_is_still_broken_is_told() {
    var outcome = verify("worker-public", "root", "--wait", "3").exits(1);

    outcome.outContains("asked ").outContains(" times, the last time at ");
    outcome.outContains("Anyone can reach this worker");
    assertTrue(outcome.took().toSeconds() >= 3, outcome.toString());
  }

  @Test
  void what_cannot_change_any_more_is_not_waited_for() {
    // would hang until the harness gives up
    verify("api-open", "API_orgs", "--wait", "3600").exits(1).outLacks("times");
  }
}
