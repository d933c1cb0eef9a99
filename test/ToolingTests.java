package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The justfile passes on what it is told, and format and lint leave a script's header alone. */
class ToolingTests {

  private static final String SCRIPT =
      """
      ///usr/bin/env jbang "$0" "$@" ; exit $?
      //DESCRIPTION A sentence that is so long that a formatter, left alone, would break it into two lines
      //JAVA 17+
      //DEPS info.picocli:picocli:4.7.7
      //SOURCES lib/Part.java
      //COMPILE_OPTIONS -Xlint:all -Werror

      // DEPS are above.
      final class Sample {
        public static void main(String... args) {
          System.out.println("// DEPS \\\\ &");
        }
      }
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "verify-deployment, verify_deployment.java",
    "verify-deployment-quick, quick_verify.java"
  })
  void a_recipe_passes_its_arguments_on(String recipe, String script) throws IOException {
    just(recipe, "demo", "a b", "", "'\"$HOME`id`", "-k", "*")
        .exits(0)
        .outIs("<" + script + "><demo><a b><><'\"$HOME`id`><-k><*>");
  }

  @Test
  void the_doctor_takes_arguments_too() throws IOException {
    just("check-validibot", "--only", "a b").exits(0).outIs("<check_validibot.java><--only><a b>");
  }

  @Test
  void the_tests_take_arguments_too() throws IOException {
    just("test", "-k", "not slow").exits(0).outIs("<test/run_tests.java><-k><not slow>");
  }

  @Test
  void a_recipe_works_from_any_folder_below() throws IOException {
    just("test").in(Shell.REPO.resolve("test")).exits(0).outIs("<test/run_tests.java>");
  }

  @Test
  void the_exit_code_is_the_scripts() throws IOException {
    just("verify-deployment", "prod").with("EXIT", "2").exits(2).errIs("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify-deployment", "verify-deployment-quick"})
  void an_unknown_stage_is_refused_before_java_starts(String recipe) throws IOException {
    for (var stage : new String[] {"qa", "", "prod ", "Prod", "prod|dev"}) {
      just(recipe, stage).within(Duration.ofSeconds(30)).fails().outIs("").errContains("pattern");
    }
  }

  @Test
  void the_justfile_is_formatted() {
    assumeJust();
    Shell.run("just", "--fmt", "--check").exits(0);
  }

  @Test
  void formatting_keeps_the_header_and_comes_to_rest() throws IOException {
    var script = project().resolve("sample.java");
    var messy = SCRIPT.replace("class Sample {", "class Sample{").replace("args)", "args )");
    Files.writeString(script, messy);
    assertTrue(script.toFile().setExecutable(true));

    format("--check").exits(1).outIs("sample.java\n");
    assertEquals(messy, Files.readString(script));

    format().exits(0).outIs("sample.java\n");
    assertEquals(SCRIPT, Files.readString(script));
    assertTrue(Files.isExecutable(script));

    format("--check").exits(0).outIs("");
    format().exits(0).outIs("");
  }

  @Test
  void formatting_changes_nothing_when_one_file_cannot_be_read() throws IOException {
    var good = Files.writeString(project().resolve("good.java"), "class  Good {}\n");
    var bad = Files.createDirectories(folder.resolve("lib")).resolve("Bad.java");
    Files.writeString(bad, "class Bad {\n");

    format().exits(2).errContains("lib/Bad.java:1:");

    assertEquals("class  Good {}\n", Files.readString(good));
    assertEquals("class Bad {\n", Files.readString(bad));
  }

  @Test
  void formatting_nothing_is_fine() throws IOException {
    project();

    format().exits(0).outIs("");
  }

  @Test
  void lint_accepts_a_script_whose_header_is_right() throws IOException {
    Files.writeString(project().resolve("sample.java"), SCRIPT);
    Files.writeString(Files.createDirectories(folder.resolve("lib")).resolve("Part.java"), "");

    lint().exits(0);
  }

  @Test
  void lint_names_versions_that_differ() throws IOException {
    Files.writeString(
        project().resolve("a.java"), "//DEPS x:y:1, x:bom:1@pom\n//DEPS x:z // any\n");
    Files.writeString(folder.resolve("b.java"), "//DEPS x:bom:1@pom x:z\n//DEPS x:y:2\n");

    lint()
        .exits(1)
        .errContains("x:y is 1 in a.java, but 2 in b.java")
        .errLacks("x:z")
        .errLacks("bom");
  }

  @ParameterizedTest
  @CsvSource({"lib/*.java, a glob", "lib/Gone.java, no such file", "lib, no such file"})
  void lint_names_sources_that_are_no_file(String source, String complaint) throws IOException {
    Files.createDirectories(project().resolve("lib"));
    Files.writeString(folder.resolve("a.java"), "//SOURCES " + source + "\n");

    lint().exits(1).errContains("a.java: //SOURCES " + source).errContains(complaint);
  }

  @Test
  void lint_names_a_script_that_does_not_compile() throws IOException {
    Files.writeString(project().resolve("a.java"), "");

    lint().with("FAILS_ON", "a.java").exits(1).errContains("a.java does not compile");
  }

  /** Call a recipe of this repository, with a JBang that only says what it is asked for. */
  private Shell just(String... arguments) throws IOException {
    assumeJust();
    return Shell.run(Stream.concat(Stream.of("just"), Stream.of(arguments)).toArray(String[]::new))
        .with("JBANG", fakeJbang("printf '<%s>' \"$@\"; exit ${EXIT:-0}"));
  }

  private Shell format(String... arguments) {
    return Shell.run(
            Stream.concat(Stream.of(".ci/format"), Stream.of(arguments)).toArray(String[]::new))
        .in(folder)
        .with("JBANG", Shell.REPO.resolve("jbang").toString());
  }

  /** Lint with a JBang that formats nothing and compiles all but one script. */
  private Shell lint() throws IOException {
    return Shell.run(".ci/lint").in(folder).with("JBANG", fakeJbang("[ \"$3\" != \"$FAILS_ON\" ]"));
  }

  private static void assumeJust() {
    var just = Shell.run("sh", "-c", "command -v just").within(Duration.ofSeconds(30));
    assumeTrue(just.exit() == 0, "just is not installed");
  }

  private String fakeJbang(String command) throws IOException {
    var fake = Files.writeString(folder.resolve("fake"), "#!/bin/sh\n" + command + "\n");
    assertTrue(fake.toFile().setExecutable(true));
    return fake.toString();
  }

  /** Lay out a project that has this one's tools. */
  private Path project() throws IOException {
    Files.createDirectories(folder.resolve(".ci"));
    for (var tool : new String[] {".ci/format", ".ci/lint", "jbang", "justfile"}) {
      Files.copy(
          Shell.REPO.resolve(tool), folder.resolve(tool), StandardCopyOption.COPY_ATTRIBUTES);
    }
    return folder;
  }
}
