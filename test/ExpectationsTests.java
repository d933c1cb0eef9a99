package test;

import java.util.ArrayList;
import java.util.List;
import lib.demo.DemoStage;
import lib.demo.Scenario;
import org.junit.jupiter.api.Test;

/** What a deploy script expects to see after its work. */
class ExpectationsTests {

  private static final String IMAGE =
      "images.example.invalid/demo-project/validibot/validibot-web:5b1f0c3";

  private static Shell verify(String... arguments) {
    var command = new ArrayList<>(List.of("verify_deployment.java"));
    command.addAll(List.of(arguments));
    return Shell.script(command.toArray(String[]::new));
  }

  @Test
  void what_was_deployed_is_there() {
    verify(
            "demo",
            "--expect-revision=validibot-web-00007",
            "--expect-revision=validibot-worker-00007",
            "--expect-image=" + IMAGE,
            "--expect-version=0.14.0")
        .exits(0)
        .outContains("✓ expected revision serves")
        .outContains("✓ expected image runs")
        .outContains("✓ expected version runs")
        .outContains("skipped: --expect-revision says which revision is to serve: see there.");
  }

  @Test
  void what_was_not_deployed_is_told_with_both_sides() {
    verify(
            "demo",
            "--expect-revision=validibot-web-00008",
            "--expect-image=09e273f",
            "--expect-version=v0.15.0",
            "-k",
            "expected")
        .exits(1)
        .outContains(": 3 failed in ")
        .outContains("expected: all requests go to validibot-web-00008 (--expect-revision)")
        .outContains("requests go to validibot-web-00007 (100%)")
        .outContains("expected: :09e273f (--expect-image)")
        .outContains("validibot-worker has image " + IMAGE + ", VALIDIBOT_VERSION v0.14.0")
        .outContains("expected: v0.15.0 (--expect-version)");
  }

  @Test
  void old_revision_that_is_meant_to_serve_is_good() {
    verify("demo", "--break=traffic-pinned", "--expect-revision=validibot-web-00007")
        .exits(0)
        .outContains("✓ expected revision serves")
        .outContains("! web and worker are of the same build")
        .outContains(":09e273f, VALIDIBOT_VERSION v0.13.2\n");
  }

  @Test
  void what_serves_is_compared_and_not_what_is_newest() {
    verify("demo", "--break=traffic-pinned", "--expect-version=0.14.0", "-k", "expected")
        .exits(1)
        .outContains("✗ expected version runs")
        .outContains(":09e273f, VALIDIBOT_VERSION v0.13.2 (validibot-web-00007)");
  }

  @Test
  void expectation_that_google_was_not_asked_about_is_not_verified() {
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev"))) {
      var script =
          verify(
              "dev",
              "--anonymous",
              "--web-url=" + stage.web(),
              "--worker-url=" + stage.worker(),
              "--expect-version=0.14.0");

      script
          .exits(2)
          .outContains("? expected version runs")
          .outContains("--expect-version cannot be checked: Google did not tell")
          .outContains("skipped: Google told nothing of the web service: its address was");
    }
  }

  @Test
  void what_cannot_be_meant_is_told() {
    verify("demo", "--expect-image", "a b").exits(2).errContains("'a b' is no image");
    verify("demo", "--expect-revision=other-00007-abc", "-k", "expected")
        .exits(2)
        .outContains("is a revision of none of validibot-web, validibot-worker");
  }
}
