package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import lib.demo.Fault;
import lib.report.Status;
import lib.report.Summary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fault is found, by the tests that it explains and by no other. */
class FaultTests {

  /** Those that heal by themselves are in {@link WaitingTests}. */
  @ParameterizedTest(name = "{0}")
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DOOR_SHUTS_LATE", "GRANT_LATE", "WEB_STARTS_LATE"})
  void fault_is_found_where_it_is(Fault fault) {
    var words = new ArrayList<>(FaultEffect.QUESTION);
    words.addAll(List.of("--break", fault.id(), "--cold-start", "3", "--timeout", "20"));
    var expected = FaultEffect.of(fault);

    var shell = Shell.script(words.toArray(String[]::new));
    // a hundred processes take CI minutes, and are started by other tests
    var outcome =
        (System.getenv().containsKey("PDV_MATRIX") ? shell.asProcess() : shell)
            .exits(expected.exit());

    var found = FaultEffect.in(outcome);
    assertEquals(expected.marks(), found.marks());
    assertTrue(found.stopped().contains(expected.stopped()), outcome::err);
    assertEquals(expected.stopped().isEmpty(), found.stopped().isEmpty(), outcome::err);
    outcome.errContains(fault.id() + ": " + fault.summary());
  }

  @Test
  void stage_that_is_parked_is_neither_broken_nor_good() {
    for (var script : List.of("verify_deployment.java", "quick_verify.java")) {
      Shell.script(script, "demo", "--break", "parked")
          .exits(2)
          .outIs("")
          .errContains(
              "demo is parked or in maintenance: validibot-web, validibot-worker, validibot-mcp"
                  + " have ingress internal")
          .errContains("Nothing is broken, and nothing can be verified.")
          .errContains("\n  just gcp mode-status demo\n");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "iam-check-off | its IAM check is off | --invoker-iam-check",
        "grant-pending | allUsers has roles/run.invoker | --member=allUsers"
      })
  void stage_that_is_parked_and_open_is_not_said_to_be_unbroken(
      String fault, String why, String option) {
    Shell.script("verify_deployment.java", "demo", "--break", "parked", "--break", fault)
        .exits(2)
        .outIs("")
        .errContains("demo is parked or in maintenance")
        .errContains("the worker is not closed: " + why)
        .errContains(option)
        .errLacks("Nothing is broken");
  }

  @Test
  void stage_that_is_parked_is_not_called_unbroken_where_that_is_not_known() {
    Shell.script("verify_deployment.java", "demo", "--break", "parked", "--break", "policy-denied")
        .exits(2)
        .errContains("demo is parked or in maintenance")
        .errContains("once the stage is awake is not known")
        .errContains("run.services.getIamPolicy")
        .errLacks("Nothing is broken");
  }

  /** The stage is as good as ever, and the invoker's tests cannot tell. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "token-expired  | Our token had expired 2 h before | gcloud auth login --update-adc",
        "wrong-audience | is made for https://another-service-demo-uc.a.run.app, and not for http"
            + " | --impersonate-service-account=EMAIL",
        "adc-user-token | Our token is an application-default user's"
            + " | gcloud auth login --update-adc",
        "email-missing  | Our token names no e-mail address | --impersonate-service-account=EMAIL"
      })
  void fault_of_our_own_token_is_explained_and_not_held_against_the_stage(
      String fault, String why, String line) {
    var outcome =
        Shell.script("verify_deployment.java", "demo", "--break", fault)
            .exits(2)
            .outContains("demo could not be verified: 2 not verified, 51 passed")
            .outContains("our token: ")
            .outContains(why)
            .outContains("\n      " + line + "\n")
            .outLacks("eyJ");
  }

  static Stream<Fault> weaknesses() {
    return Stream.of(Fault.values())
        .filter(it -> FaultEffect.of(it).marks().containsValue(Status.WARNING))
        .filter(it -> FaultEffect.of(it).exit() == Summary.GOOD);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("weaknesses")
  void weakness_fails_the_strict(Fault fault) {
    var words = new ArrayList<>(FaultEffect.QUESTION);
    words.addAll(List.of("--break", fault.id(), "--strict"));

    var outcome = Shell.script(words.toArray(String[]::new)).exits(Summary.BROKEN);

    var found = FaultEffect.in(outcome).marks();
    assertEquals(FaultEffect.of(fault).marks().keySet(), found.keySet());
    assertEquals(Set.of(Status.FAILED), Set.copyOf(found.values()));
  }

  @Test
  void every_fault_is_listed_with_a_line() {
    var outcome = Shell.script("verify_deployment.java", "--list-faults").exits(0);

    assertEquals(
        Stream.of(Fault.values()).map(Fault::id).toList(),
        outcome.out().lines().map(line -> line.split(" ")[0]).toList());
  }

  /** What a fault says that only one test finds: that this test can fail, and is needed. */
  @Test
  void every_smoke_test_has_a_fault_that_only_it_finds() {
    assertEquals(List.of(), FaultTable.unproved());
  }

  @Test
  void table_of_faults_says_what_is_found() throws IOException {
    var file = Shell.REPO.resolve("docs/faults.md");
    if (System.getenv().containsKey("PDV_WRITE_DOCS")) {
      Files.writeString(file, FaultTable.text());
    }

    assertEquals(FaultTable.text(), Files.readString(file), "just faults writes it anew");
  }
}
