package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The doctor's command line: what it takes, what it prints, how it exits. */
class DoctorTests {

  private static final String NOWHERE = "postgres://validibot:canary-pw-url@127.0.0.1:1/validibot";

  @TempDir private Path folder;

  private Shell doctor(String... arguments) {
    var all = new ArrayList<>(List.of("check_validibot.java"));
    all.addAll(List.of(arguments));
    return Shell.script(all.toArray(String[]::new))
        .in(folder)
        .with("DOCKER_HOST", "unix:///nonexistent.sock");
  }

  @Test
  void nothing_configured_is_told_and_exits_2() {
    doctor().exits(2).outIs("").errContains("Nothing is configured here").errContains("--env-file");
    var run = DoctorRun.of(doctor("--json").exits(2));
    assertEquals(0, run.document().getAsJsonArray("checks").size());
    assertTrue(run.document().get("problem").getAsString().contains("Nothing is configured"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--target=aws",
        "--stage=demo",
        "--stage=qa",
        "--timeout=0",
        "--timeout=x",
        "--nonsense"
      })
  void a_wrong_option_is_a_usage_error(String option) {
    doctor(option)
        .exits(2)
        .outIs("")
        .errContains(option.split("=")[0].replace("--nonsense", "Unknown"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--target=aws", "--stage=qa", "--timeout=x", "--nonsense", "--list"})
  void a_program_is_told_of_a_usage_error_in_a_document(String option) throws IOException {
    var run = DoctorRun.with(Map.of(), folder, option);

    assertEquals(2, run.outcome().exit());
    Schema.kept(run.outcome().out());
    var problem = run.document().get("problem").getAsString();
    assertTrue(run.outcome().err().startsWith(problem.lines().findFirst().orElseThrow()), problem);
  }

  @Test
  void a_word_that_names_no_check_is_a_mistake() {
    for (var option : List.of("--only", "--skip")) {
      doctor(option, "VB999")
          .with("DATABASE_URL", NOWHERE)
          .exits(2)
          .outIs("")
          .errContains("'VB999' is no id and no group")
          .errContains("--list");
    }
  }

  @Test
  void a_checkout_that_is_not_there_is_a_mistake_also_where_it_is_not_needed() {
    var settings = Map.of("DATABASE_URL", NOWHERE, "VALIDIBOT_VERSION", "0.14.0");

    var run = DoctorRun.with(settings, folder, "--only=VB103", "--source=gone");

    assertEquals(2, run.outcome().exit());
    assertEquals("--source gone: there is no such folder.\n", run.outcome().err());
  }

  @Test
  void an_env_file_that_is_not_there_is_told() {
    doctor("--env-file", "gone").exits(2).errContains("gone: there is no such file");
    doctor("--env-file", ".").exits(2).errContains("it is a folder");
  }

  @Test
  void the_document_keeps_its_schema() throws IOException {
    var run = DoctorRun.with(Map.of("DATABASE_URL", NOWHERE), folder, "--only", "database");

    Schema.kept(run.outcome().out());
    assertEquals(
        List.of(
            "schema_version",
            "validibot_version",
            "target",
            "stage",
            "provider",
            "storage_capability",
            "ran_at",
            "summary",
            "checks",
            "duration_ms"),
        List.copyOf(run.document().keySet()));
    assertEquals(1, run.outcome().exit());
    run.outcome().errIsQuiet();
  }

  @Test
  void text_and_document_exit_alike() {
    for (var arguments : List.of(List.of(""), List.of("--strict"), List.of("--verbose"))) {
      var options = Stream.concat(Stream.of("--only", "roles"), arguments.stream());
      var words = options.filter(it -> !it.isEmpty()).toArray(String[]::new);
      var database = Postgres.seeded().run("delete from users_role where code = 'OWNER'");
      var text = doctor(words).with("DATABASE_URL", database.url()).exits(1);
      text.outContains("missing: OWNER").outContains("[VB810]").outContains("NOT good");
      assertEquals(
          1,
          DoctorRun.with(Map.of("DATABASE_URL", database.url()), folder, words).outcome().exit());
    }
  }

  @Test
  void what_needs_a_broken_dependency_is_skipped_with_its_name() {
    var run = DoctorRun.with(Map.of("DATABASE_URL", NOWHERE), folder, "--only", "roles");

    assertEquals(List.of("VB101"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("VB810").contains("VB101"), run.message("VB810"));
  }

  @Test
  void a_waived_check_is_shown_and_does_not_count() {
    var database = Postgres.seeded().run("delete from users_role where code = 'OWNER'");

    var run =
        DoctorRun.with(
            Map.of("DATABASE_URL", database.url()), folder, "--only=roles", "--skip=vb810");

    assertEquals(0, run.outcome().exit());
    assertEquals("skipped", run.status("VB810"));
    assertTrue(run.check("VB810").get("waived").getAsBoolean());
    assertFalse(run.check("VB811").get("waived").getAsBoolean());
  }

  @Test
  void a_verdict_on_a_part_does_not_sound_like_one_on_all() {
    doctor("--only", "roles")
        .with("DATABASE_URL", Postgres.seeded().url())
        .exits(0)
        .outContains("✓ This deployment is good, as far as asked: ");
  }

  @Test
  void a_verdict_on_little_tells_how_little_it_was() {
    var run = ofLittle().outLacks("This deployment");

    var line = run.out().lines().filter(it -> it.contains("No error was found")).findFirst();
    assertTrue(
        line.orElse("").matches("\\S No error was found, but only \\d+ of \\d+ checks could.*"),
        run.out());
  }

  @Test
  void reason_of_a_skip_is_a_sentence() {
    var run = ofLittle();

    var reasons = run.out().lines().filter(it -> it.startsWith("      ")).toList();
    assertTrue(reasons.size() > 5, run.out());
    assertTrue(reasons.stream().allMatch(it -> it.endsWith(".")), run.out());
  }

  /** A run in which most is skipped, because the database is not to be reached. */
  private Shell.Outcome ofLittle() {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", "postgres://validibot:x@/validibot?host=/cloudsql/a:b:c");
    var shell = doctor("--only", "settings,database,roles,site,initialization");
    settings.forEach(shell::with);
    return shell.exits(0);
  }

  @Test
  void nothing_asked_is_nothing_checked() {
    var run =
        DoctorRun.with(
            Map.of("DATABASE_URL", NOWHERE), folder, "--only=roles", "--skip=roles,database");

    assertEquals(2, run.outcome().exit());
  }

  @Test
  void no_secret_is_told_however_much_is_told() {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", NOWHERE);
    settings.put("REDIS_URL", "redis://:canary-pw-redis@127.0.0.1:1/0");
    var shell = doctor("--verbose", "--timeout=3");
    settings.forEach(shell::with);

    var text = shell.exits(1);
    var json = DoctorRun.with(settings, folder, "--verbose", "--timeout=3").outcome();

    for (var output : List.of(text.out(), text.err(), json.out(), json.err())) {
      assertFalse(output.contains("canary"), output);
    }
  }

  @Test
  void fixing_what_may_be_another_deployment_is_refused() {
    doctor("--fix").with("DATABASE_URL", NOWHERE).exits(2).outIs("").errContains("guessed");
    doctor("--dry-run").with("DATABASE_URL", NOWHERE).exits(2).outIs("").errContains("--fix");
  }

  @Test
  void every_check_is_documented_and_nothing_else_is() throws IOException {
    var listed = doctor("--list").with("DATABASE_URL", NOWHERE).exits(0).out();
    var checks =
        listed
            .lines()
            .filter(it -> it.startsWith("  "))
            .map(it -> it.strip().replaceFirst(" +", " "));
    var headings =
        Pattern.compile("^### ((?:VB|PDV)\\d{3})\n\n\\*\\*(.*)\\.\\*\\*", Pattern.MULTILINE)
            .matcher(Files.readString(Shell.REPO.resolve("docs/checks.md")))
            .results()
            .map(it -> it.group(1) + " " + it.group(2));

    assertEquals(checks.toList(), headings.toList());
  }

  @Test
  void an_interrupted_run_tells_what_it_learnt() throws Exception {
    try (var silent = new java.net.ServerSocket(0)) {
      var url = "postgres://validibot:x@127.0.0.1:" + silent.getLocalPort() + "/validibot";
      try (var running = doctor("--timeout=60").with("DATABASE_URL", url).start()) {
        running.says("Checking a deployment");
        running.signal("INT").within(Duration.ofSeconds(20)).exits(130).outContains("Interrupted");
      }
    }
  }
}
