package lib.report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import lib.target.CannotVerify;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What every script does around its own work: arguments in, exit code out, errors in words. */
public final class Scripts {

  /** What all output of this process goes through. */
  public static final Redaction REDACTION = new Redaction();

  private Scripts() {}

  /** Standard output and standard error, without secrets. */
  public static Output output() {
    return new Output(writer(FileDescriptor.out), writer(FileDescriptor.err), REDACTION);
  }

  /** Run a script and return its exit code. */
  public static int run(Callable<Integer> script, String... args) {
    return new CommandLine(script)
        .setOut(writer(FileDescriptor.out))
        .setErr(writer(FileDescriptor.err))
        .setUsageHelpWidth(80)
        .setParameterExceptionHandler((problem, ignored) -> usage(problem))
        .setExecutionExceptionHandler(
            (problem, commandLine, ignored) -> failed(problem, commandLine))
        .execute(args);
  }

  private static int usage(ParameterException problem) {
    var commandLine = problem.getCommandLine();
    var err = commandLine.getErr();
    Terminal.ofProcess(true, Optional.empty())
        .wrapped("", REDACTION.of(problem.getMessage()))
        .forEach(err::println);
    err.println("See: ./jbang " + commandLine.getCommandName() + ".java --help");
    return Summary.NOT_VERIFIED;
  }

  private static int failed(Exception problem, CommandLine commandLine) {
    var err = commandLine.getErr();
    if (problem instanceof CannotVerify) {
      Terminal.ofProcess(true, Optional.empty())
          .wrapped("", REDACTION.of(problem.getMessage()))
          .forEach(err::println);
    } else {
      var trace = new StringWriter();
      problem.printStackTrace(new PrintWriter(trace));
      err.println("This is an error of our own, please report it; nothing is known of the stage.");
      err.println(REDACTION.of(trace.toString()));
    }
    return Summary.NOT_VERIFIED;
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    var stream = new PrintStream(new FileOutputStream(descriptor), false, Terminal.charset());
    return new PrintWriter(stream, true);
  }

  /** Ctrl-C: what was learnt so far is told, and the process ends with 130. */
  public static final class Interruption implements AutoCloseable {

    private Optional<Runnable> last;
    private final Thread hook = new Thread(this::now, "interruption");

    /**
     * @param words what to say when nothing is known yet
     */
    public Interruption(Runnable words) {
      last = Optional.of(words);
      Runtime.getRuntime().addShutdownHook(hook);
    }

    /** What to say from now on. */
    public synchronized void tell(Runnable words) {
      last = Optional.of(words);
    }

    /** There is nothing left to interrupt. */
    @Override
    public synchronized void close() {
      last = Optional.empty();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the process is ending already, and has told what it knew
      }
    }

    private synchronized void now() {
      last.ifPresent(Runnable::run);
    }
  }
}
