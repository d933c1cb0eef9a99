package test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code just completion} prints, as a real bash understands it. */
class CompletionTests {

  /** What bash does when somebody presses TAB after these words, the last of which is begun. */
  private static final String TAB =
      """
      source "$1"; shift
      compopt() { :; }
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
      of=$(complete -p "$1"); of=${of#*-F }
      "${of%% *}" "$1" "${@: -1}" "${@: -2:1}"
      echo "${COMPREPLY[*]}"
      """;

  @TempDir private static Path folder;

  private static Path completion;

  @BeforeAll
  static void print() throws IOException {
    var printed = Shell.launcher(".ci/completion.java").exits(0).out();
    completion = Files.writeString(folder.resolve("completion"), printed);
  }

  @ParameterizedTest
  @CsvSource({
    "./jbang q, quick_verify.java",
    "./jbang verify_deployment.java st, staging",
    "./jbang verify_deployment.java --region us-central1 d, dev demo",
    "./jbang ./quick_verify.java --jun, --junit-xml",
    "./jbang verify_deployment.java demo --break callback-c, callback-csrf-only",
    "./jbang check_validibot.java --comp, --compose-project --compare",
    "verify pro, prod",
    "verify_deployment.java --last, --last-failed",
    "check --prom, --prometheus"
  })
  void tab_completes(String words, String completed) {
    var command = new ArrayList<>(List.of("bash", "-c", TAB, "bash"));
    command.add(completion.toString());
    command.addAll(List.of(words.split(" ")));

    Shell.run(command.toArray(String[]::new)).exits(0).outIs(completed + "\n");
  }
}
