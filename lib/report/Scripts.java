package lib.report;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import lib.target.CannotVerify;
import lib.target.Options;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What every script does around its own work: arguments in, exit code out, errors in words. */
public final class Scripts {

  static {
    // else picocli looks for Groovy, and Java opens every jar there is to find none
    System.setProperty("picocli.disable.closures", "true");
  }

  private Scripts() {}

  /** Run a script and return its exit code. */
  public static int run(Script script, Output output, String... args) {
    return new CommandLine(script.options().spec())
        .setOut(output.out())
        .setErr(output.err())
        .setUsageHelpWidth(80)
        .setParameterExceptionHandler(
            (problem, words) -> {
              script.refused(List.of(words), problem.getMessage());
              return usage(problem, output);
            })
        .setExecutionExceptionHandler(
            (problem, commandLine, words) -> {
              script.refused(words.originalArgs(), String.valueOf(problem.getMessage()));
              return failed(problem, output);
            })
        .execute(args);
  }

  /** What it takes, and what it does. */
  public interface Script extends Callable<Integer> {

    /** What it is called and what it can be told; read before it is called. */
    Options options();

    /**
     * Tell programs, too, why nothing was done.
     *
     * @param words all arguments, because a wrong one may have kept others from being read
     */
    void refused(List<String> words, String reason);
  }

  private static int usage(ParameterException problem, Output output) {
    output.problem(problem.getMessage());
    output.note("See: ./jbang " + problem.getCommandLine().getCommandName() + ".java --help");
    return Summary.NOT_VERIFIED;
  }

  private static int failed(Exception problem, Output output) {
    if (problem instanceof CannotVerify) {
      output.problem(problem.getMessage());
    } else {
      output.note("This is an error of our own, please report it; nothing is known of the stage.");
      output.note(trace(problem));
    }
    return Summary.NOT_VERIFIED;
  }

  private static String trace(Throwable problem) {
    var trace = new StringWriter();
    problem.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  /** Ctrl-C: what was learnt so far is told, and the process ends with 130. */
  public static final class Interruption implements AutoCloseable {

    private volatile Runnable words;
    private final Thread hook = new Thread(() -> words.run(), "interruption");

    /**
     * @param words what to say when nothing is known yet
     */
    public Interruption(Runnable words) {
      this.words = words;
      Runtime.getRuntime().addShutdownHook(hook);
    }

    /** What to say from now on. */
    public void tell(Runnable words) {
      this.words = words;
    }

    /**
     * There is nothing left to interrupt. Who was interrupted already does not come back from here:
     * what a run that is cut off would tell now, such as that gcloud was killed, is not its story.
     */
    @Override
    public void close() {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        while (true) {
          LockSupport.park();
        }
      }
    }
  }
}
