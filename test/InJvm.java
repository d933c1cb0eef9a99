package test;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A script as JBang built it, run in this JVM: for the many runs whose verdicts are looked at, and
 * not how they came about. It has classes of its own, so it finds its own smoke tests and not ours.
 */
final class InJvm {

  private final ClassLoader classes;
  private final String script;
  private final Class<?> type;

  private static final Map<String, InJvm> ALL = new ConcurrentHashMap<>();

  /** The script of that name, such as {@code verify_deployment.java}; loaded once. */
  static InJvm of(String script) {
    return ALL.computeIfAbsent(script, InJvm::new);
  }

  private InJvm(String script) {
    try {
      this.script = script;
      this.classes = new URLClassLoader(classPath(script), ClassLoader.getPlatformClassLoader());
      this.type = classes.loadClass(className(script));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The name that every script of ours gives its class. */
  private static String className(String script) {
    return Stream.of(script.replace(".java", "").split("_"))
        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining());
  }

  /** Run it to its end, or fail when that takes longer. */
  Shell.Outcome run(
      Map<String, String> environment, Path folder, Duration deadline, String... words) {
    var run = new FutureTask<>(() -> run(environment, folder, words));
    var thread = new Thread(run, script);
    thread.setDaemon(true);
    thread.start();
    try {
      return run.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(script + " did not end within " + deadline, e);
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Shell.Outcome run(Map<String, String> environment, Path folder, String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    var began = System.nanoTime();
    Thread.currentThread().setContextClassLoader(classes);
    try {
      var obeyed = "true".equals(environment.get("GITHUB_ACTIONS"));
      var output = output(new PrintWriter(out), new PrintWriter(err), obeyed);
      var start = made("lib.target.Environment", environment, folder);
      var constructor = type.getDeclaredConstructor(start.getClass(), output.getClass());
      constructor.setAccessible(true);
      var runnable = classes.loadClass("lib.report.Scripts$Script");
      var exit =
          classes
              .loadClass("lib.report.Scripts")
              .getMethod("run", runnable, output.getClass(), String[].class)
              .invoke(null, constructor.newInstance(start, output), output, words);
      var took = Duration.ofNanos(System.nanoTime() - began);
      var command = Stream.concat(Stream.of(script), Stream.of(words)).toList();
      return new Shell.Outcome(command, (int) exit, out.toString(), err.toString(), took);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a pipe can show: no colour, no lines taken back, lines of any length. */
  private Object output(PrintWriter out, PrintWriter err, boolean obeyed)
      throws ReflectiveOperationException {
    var terminal = made("lib.report.Terminal", false, true, false, Integer.MAX_VALUE);
    return made("lib.report.Output", out, err, terminal, obeyed);
  }

  /** The one public constructor, called. */
  private Object made(String name, Object... arguments) throws ReflectiveOperationException {
    return classes.loadClass(name).getConstructors()[0].newInstance(arguments);
  }

  private static URL[] classPath(String script) {
    var words = List.of(Shell.command(script).split(" "));
    var path = words.get(words.indexOf("-classpath") + 1);
    return Stream.of(path.split(File.pathSeparator)).map(InJvm::url).toArray(URL[]::new);
  }

  private static URL url(String jar) {
    try {
      return Path.of(jar).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
