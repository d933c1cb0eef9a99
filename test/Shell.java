package test;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.opentest4j.AssertionFailedError;

/**
 * A command as a user runs it: a real process, with nothing of this machine's Google accounts and
 * stages in its environment.
 */
final class Shell {

  /** The root of this repository, where commands run unless told otherwise. */
  static final Path REPO = Path.of(System.getProperty("repo", "")).toAbsolutePath().normalize();

  private static final Map<String, String> DIRECT = new ConcurrentHashMap<>();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path NO_ACCOUNTS = emptyFolder();

  /** What the JVM, or Google's library, reads of its process. */
  private static final List<String> OF_A_PROCESS =
      List.of("JAVA_TOOL_OPTIONS", "GCE_METADATA_HOST");

  private static final Pattern OF_THIS_MACHINE =
      Pattern.compile(
          "(GOOGLE|CLOUDSDK|GCP|GCE|GITHUB)_.*|NO_GCE_CHECK|SMOKE_TEST_STAGE"
              + "|(DATABASE|REDIS|SITE)_URL|(POSTGRES|DJANGO|EMAIL|DOCKER)_.*|DEPLOYMENT_TARGET"
              + "|SUPERUSER_.*|NO_COLOR|FORCE_COLOR|CLICOLOR.*|(?i:[a-z]+_proxy)");

  private final List<String> command;
  private Optional<Supplier<Outcome>> inJvm = Optional.empty();
  private final ProcessBuilder builder;
  private String stdin = "";

  private Shell(List<String> command) {
    this.command = command;
    builder = new ProcessBuilder(command).directory(REPO.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment());
  }

  /** The environment of every command, unless it is told otherwise. */
  static Map<String, String> environment() {
    var environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> OF_THIS_MACHINE.matcher(name).matches());
    environment.put("CLOUDSDK_CONFIG", NO_ACCOUNTS.toString());
    return environment;
  }

  static Shell run(String... command) {
    return new Shell(List.of(command));
  }

  /**
   * Run this repository's {@code ./jbang}, from wherever. For a script of ours it is asked once how
   * that is run: JBang's own second, for each of some two hundred runs, is not what they test.
   */
  static Shell jbang(String... arguments) {
    var jbang = REPO.resolve("jbang").toString();
    var script = REPO.resolve(arguments[0]).getFileName().toString();
    var ours =
        !arguments[0].contains("://")
            && List.of("verify_deployment.java", "quick_verify.java", "check_validibot.java")
                .contains(script);
    var command = new ArrayList<>(ours ? direct(script) : List.of(jbang, arguments[0]));
    command.addAll(List.of(arguments).subList(1, arguments.length));
    var shell = new Shell(List.copyOf(command));
    return ours ? shell.with("XDG_CACHE_HOME", NO_ACCOUNTS.toString()) : shell;
  }

  /**
   * Run a script of ours in this JVM, where a process is not what is looked at: that would take ten
   * times as long. What a JVM reads of its process, and what is started to be left running, is one
   * all the same.
   */
  static Shell script(String... arguments) {
    var name = REPO.resolve(arguments[0]).getFileName().toString();
    var words = List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
    var shell = jbang(arguments);
    shell.inJvm =
        Optional.of(
            () ->
                InJvm.of(name)
                    .run(
                        Map.copyOf(shell.builder.environment()),
                        shell.builder.directory().toPath(),
                        PATIENCE,
                        words));
    return shell;
  }

  /** Run a script of ours with one more option of its JVM. */
  Shell withJvm(String option) {
    return withJava("$1 " + option);
  }

  /** Run a script of ours, as it was compiled, by another Java. */
  Shell withJava(Path java) {
    return withJava(java.toString());
  }

  private Shell withJava(String java) {
    var words = new ArrayList<>(builder.command());
    words.replaceAll(word -> word.replaceFirst("^(\\S+/java) ", java + " "));
    builder.command(words);
    return this;
  }

  /** Run it as a process all the same. */
  Shell asProcess() {
    inJvm = Optional.empty();
    return this;
  }

  /** Run this repository's {@code ./jbang} itself, from wherever. */
  static Shell launcher(String... arguments) {
    var command = new ArrayList<>(List.of(REPO.resolve("jbang").toString()));
    command.addAll(List.of(arguments));
    return new Shell(List.copyOf(command));
  }

  private static List<String> direct(String script) {
    return List.of(
        "/bin/sh",
        "-c",
        "command=$1; shift; eval \"exec $command \\\"\\$@\\\"\"",
        "sh",
        command(script));
  }

  /** The command with which JBang runs a script of ours. */
  static String command(String script) {
    return DIRECT.computeIfAbsent(
        script,
        it -> {
          var path = REPO.resolve(it).toString();
          launcher(path, "--version").exits(0); // leaves the class archive of a first run
          return launcher(path).with("PDV_SHOW_COMMAND", "yes").exits(0).out().strip();
        });
  }

  /** The words of it, for something else to run. */
  List<String> command() {
    return command;
  }

  Shell in(Path folder) {
    builder.directory(folder.toFile());
    return this;
  }

  Shell with(String name, String value) {
    builder.environment().put(name, value);
    return this;
  }

  Shell without(String name) {
    builder.environment().remove(name);
    return this;
  }

  Shell stdin(String text) {
    stdin = text;
    return this;
  }

  /** Run to the end, or fail when that takes longer. */
  Outcome within(Duration deadline) {
    if (inJvm.isPresent() && Collections.disjoint(builder.environment().keySet(), OF_A_PROCESS)) {
      return inJvm.get().get();
    }
    try (var running = start()) {
      return running.within(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Run to the end, and expect this exit code. */
  Outcome exits(int expected) {
    return within(PATIENCE).exits(expected);
  }

  /** Start, for a test that has something to do while the command runs. */
  Running start() {
    try {
      return new Running(command, builder.start(), stdin);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path emptyFolder() {
    try {
      var folder = Files.createTempDirectory("no-accounts");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What became of a command. */
  record Outcome(List<String> command, int exit, String out, String err, Duration took) {

    Outcome exits(int expected) {
      return holds(exit == expected, "exit " + expected, "exit " + exit);
    }

    Outcome fails() {
      return holds(exit != 0, "another exit than 0", "exit 0");
    }

    Outcome outIs(String expected) {
      return holds(out.equals(expected), "exactly this on stdout: " + expected, "another stdout");
    }

    Outcome outContains(String expected) {
      return holds(out.contains(expected), "on stdout: " + expected, "no such thing");
    }

    Outcome outLacks(String unwanted) {
      return holds(!out.contains(unwanted), "not on stdout: " + unwanted, "just that");
    }

    Outcome errIs(String expected) {
      return holds(err.equals(expected), "exactly this on stderr: " + expected, "another stderr");
    }

    /** Nothing but what JBang says of its own work, such as that it builds a script. */
    Outcome errIsQuiet() {
      var said =
          err.lines().filter(line -> !line.startsWith("[jbang]") && !line.startsWith("jbang:"));
      return holds(said.findAny().isEmpty(), "nothing on stderr", "something");
    }

    Outcome errContains(String expected) {
      return holds(err.contains(expected), "on stderr: " + expected, "no such thing");
    }

    Outcome errLacks(String unwanted) {
      return holds(!err.contains(unwanted), "not on stderr: " + unwanted, "just that");
    }

    private Outcome holds(boolean promise, String expected, String actual) {
      if (!promise) {
        throw failure(expected, actual);
      }
      return this;
    }

    private AssertionFailedError failure(String expected, String actual) {
      var message =
          """
          expected %s
          but there was %s

          $ %s
          exit %d after %d ms
          --- stdout
          %s
          --- stderr
          %s\
          """
              .formatted(
                  expected, actual, String.join(" ", command), exit, took.toMillis(), out, err);
      return new AssertionFailedError(message, expected, actual);
    }
  }

  /** A command that may still be running; closing it ends it and all that it started. */
  static final class Running implements AutoCloseable {

    private final List<String> command;
    private final Process process;
    private final long began = System.nanoTime();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Thread> readers;

    private Running(List<String> command, Process process, String stdin) {
      this.command = command;
      this.process = process;
      readers =
          List.of(
              thread(() -> process.getInputStream().transferTo(out)),
              thread(() -> process.getErrorStream().transferTo(err)));
      thread(() -> type(stdin, process.getOutputStream()));
    }

    /** Return what is on stdout so far. */
    String out() {
      return out.toString(UTF_8);
    }

    /** Wait for a text on stdout. */
    Running says(String expected) throws InterruptedException {
      return until(() -> out().contains(expected), "on stdout: " + expected);
    }

    /** Wait for something that the command is to bring about. */
    Running until(BooleanSupplier state, String description) throws InterruptedException {
      while (!state.getAsBoolean()) {
        var ended = process.waitFor(10, TimeUnit.MILLISECONDS);
        if (ended) {
          awaitReaders();
        }
        if (!state.getAsBoolean() && (ended || took().compareTo(PATIENCE) > 0)) {
          close();
          throw soFar().failure(description, ended ? "an end before that" : "none in " + PATIENCE);
        }
      }
      return this;
    }

    /** Send a signal to this one process, as {@code kill -INT} does. */
    Running signal(String name) {
      Shell.run("kill", "-" + name, Long.toString(process.pid())).exits(0);
      return this;
    }

    /** Wait for the end, or fail when the command runs for longer than this, all in all. */
    Outcome within(Duration deadline) throws InterruptedException {
      if (!process.waitFor(deadline.minus(took()).toNanos(), TimeUnit.NANOSECONDS)) {
        close();
        throw soFar().failure("an end within " + deadline, "none");
      }
      awaitReaders();
      return soFar();
    }

    /** Kill the process and its descendants, unless they have ended by themselves. */
    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }

    private Outcome soFar() {
      return new Outcome(command, process.exitValue(), out(), err.toString(UTF_8), took());
    }

    private Duration took() {
      return Duration.ofNanos(System.nanoTime() - began);
    }

    /** A grandchild may have the streams open for ever, so this has an end too. */
    private void awaitReaders() throws InterruptedException {
      for (var reader : readers) {
        reader.join(2000);
      }
    }

    private static void type(String text, OutputStream keyboard) throws IOException {
      try (keyboard) {
        keyboard.write(text.getBytes(UTF_8));
      }
    }

    private static Thread thread(Pump pump) {
      var thread =
          new Thread(
              () -> {
                try {
                  pump.run();
                } catch (IOException e) {
                  // The other end is gone. That is the command's business; its outcome tells.
                }
              });
      thread.setDaemon(true);
      thread.start();
      return thread;
    }
  }

  /** Moves bytes until there are no more. */
  private interface Pump {
    void run() throws IOException;
  }
}
