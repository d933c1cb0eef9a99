///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Print what bash and zsh need to complete the scripts' options
//MAIN Completion
//SOURCES ../verify_deployment.java
//SOURCES ../quick_verify.java
//SOURCES ../check_validibot.java

import java.nio.file.Path;
import java.util.Map;
import lib.report.Output;
import lib.report.Scripts;
import lib.target.Environment;
import picocli.AutoComplete;
import picocli.CommandLine;

/** The scripts are completed by the names of their files, and by those of their aliases. */
final class Completion {

  /** {@code ./jbang SCRIPT ...} is completed as the script is; other jbangs have their own. */
  private static final String LAUNCHER =
      """
      _complete_launcher() {
        local script=${COMP_WORDS[1]##*/}
        if ((COMP_CWORD < 2)); then
          COMPREPLY=($(compgen -W 'verify_deployment.java quick_verify.java check_validibot.java' -- "$2"))
        elif declare -F "_complete_as_${script%.java}" >/dev/null; then
          COMP_WORDS=("${COMP_WORDS[@]:1}") COMP_CWORD=$((COMP_CWORD - 1))
          "_complete_as_${script%.java}"
        fi
      }
      complete -F _complete_launcher -o default ./jbang
      """;

  public static void main(String... args) {
    var output = Output.ofProcess();
    var nowhere = new Environment(Map.of(), Path.of(""));
    print("verify_deployment", "verify", new VerifyDeployment(nowhere, output));
    print("quick_verify", "quick", new QuickVerify(nowhere, output));
    print("check_validibot", "check", new CheckValidibot(nowhere, output));
    System.out.print(LAUNCHER);
  }

  private static void print(String name, String alias, Scripts.Script script) {
    System.out.print(AutoComplete.bash(name, new CommandLine(script.options().spec())));
    // picocli's part counts words from the one name that it knows
    System.out.printf(
        "_complete_as_%1$s() { COMP_WORDS[0]=%1$s; _complete_%1$s; }%n"
            + "complete -F _complete_as_%1$s -o default %1$s.java %2$s%n",
        name, alias);
  }
}
