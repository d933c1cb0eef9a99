package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// One after the other: a --fresh build in one test would pull the jar from under another.
/** {@code ./jbang} brings JBang, and alters nothing between a user and a script. */
@Execution(ExecutionMode.SAME_THREAD)
class BootstrapTests {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** Says what it was given in plain ASCII, so that no locale can alter the answer. */
  private static final String PARROT =
      """
      //JAVA 17+
      class Parrot {
        public static void main(String... args) throws Exception {
          var said = new StringBuilder();
          for (var arg : args) {
            said.append('[');
            arg.chars()
                .forEach(c -> said.append(c >= ' ' && c <= '~' ? "" + (char) c : "{" + c + "}"));
            said.append(']');
          }
          Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("goodbye")));
          System.out.println("said " + said);
          switch (System.getenv().getOrDefault("PARROT", "")) {
            case "listens" -> System.out.println("heard " + new String(System.in.readAllBytes()));
            case "listens once" ->
                System.out.println("heard " + new java.util.Scanner(System.in).nextLine());
            case "waits" -> Thread.sleep(60_000);
            case "fails" -> System.exit(43);
            default -> {}
          }
        }
      }
      """;

  /** Where the parrot lives, and JBang keeps what it builds of it. */
  @TempDir private static Path cage;

  /** The pinned JBang, as the real cache has it. */
  private static Path jar;

  @TempDir private Path folder;

  @BeforeAll
  static void fetch_jbang() throws IOException {
    Files.writeString(cage.resolve("Parrot.java"), PARROT);
    Files.writeString(cage.resolve("Other.java"), "class Other {}");
    jar = PinnedJbang.jar();
    inCage(Shell.jbang("build", "Parrot.java")).exits(0);
  }

  @Test
  void arguments_arrive_as_they_were_given() {
    parrot("", "a b", "'", "\"", "$HOME `id` \\n", "*", "~", "%{nope}", "@Other.java", "--", "-s")
        .exits(0)
        .outContains("said [][a b]['][\"][$HOME `id` \\n][*][~][%{nope}][@Other.java][--][-s]\n");
  }

  @Test
  void line_breaks_arrive_at_the_end_too() {
    parrot("\n", "a\nb\n\n").exits(0).outContains("said [{10}][a{10}b{10}{10}]\n");
  }

  @Test
  void the_last_argument_may_look_like_our_own_stand_in() {
    parrot("ARGUMENTS", "ARGUMENTS").exits(0).outContains("said [ARGUMENTS][ARGUMENTS]\n");
  }

  @Test
  void no_argument_is_none() {
    parrot().exits(0).outContains("said \n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "C.UTF-8"})
  void an_umlaut_arrives_in_every_locale(String locale) {
    var umlaut = "exec \"$0\" Parrot.java \"$(printf '\\303\\274')\"";

    inCage(Shell.run("sh", "-c", umlaut, Shell.REPO.resolve("jbang").toString()))
        .with("LC_ALL", locale)
        .exits(0)
        .outContains("said [{252}]\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "--fresh",
        "--quiet run --offline",
        "-s Other.java",
        "--sources=Other.java --java 17+",
        "-j17+ -Dx=y -D y=z",
        "--verbose -R -Xmx64m"
      })
  void options_of_jbang_come_before_the_script(String options) {
    var words = new ArrayList<>(List.of(options.split(" ")));
    words.addAll(List.of("Parrot.java", "--fresh", "", "run"));

    inCage(Shell.jbang(words.toArray(String[]::new)))
        .exits(0)
        .outContains("said [--fresh][][run]\n");
  }

  @ParameterizedTest
  @CsvSource({"version, 0.132.1", "build Parrot.java, ''", "info jar Parrot.java, Parrot.jar"})
  void commands_of_jbang_work(String command, String expected) {
    inCage(Shell.jbang(command.split(" ")))
        .exits(0)
        .outContains(expected)
        .outLacks("said")
        .errLacks("\033");
  }

  @Test
  void arguments_of_an_alias_come_first() throws IOException {
    Files.writeString(
        folder.resolve("jbang-catalog.json"),
        """
        {"aliases": {"polly": {"script-ref": "%s", "arguments": ["cracker"]}}}
        """
            .formatted(cage.resolve("Parrot.java")));

    inCage(Shell.jbang("polly")).in(folder).exits(0).outContains("said [cracker]\n");
    inCage(Shell.jbang("polly", "")).in(folder).exits(0).outContains("said [cracker][]\n");
  }

  @Test
  void a_jshell_script_gets_its_arguments() throws IOException {
    Files.writeString(folder.resolve("say.jsh"), "System.out.println(\"said \" + args[1]);");

    inCage(Shell.jbang("say.jsh", "a", "b c"))
        .in(folder)
        .with("JBANG_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder) // JBang leaves files there
        .exits(0)
        .outContains("said b c\n");
  }

  @Test
  void piped_input_reaches_the_script() {
    parrot().with("PARROT", "listens").stdin("one\ntwo").exits(0).outContains("heard one\ntwo\n");
  }

  @Test
  void typed_input_reaches_the_script() {
    assumeTrue(Shell.run("sh", "-c", "script --version").within(SOON).out().contains("util-linux"));
    var command = "'%s' Parrot.java 'a b'".formatted(Shell.REPO.resolve("jbang"));

    inCage(Shell.run("script", "-qec", command, "/dev/null"))
        .with("PARROT", "listens once")
        .stdin("typed\n")
        .exits(0)
        .outContains("said [a b]")
        .outContains("heard typed");
  }

  @Test
  void the_exit_code_is_the_scripts() {
    parrot().with("PARROT", "fails").exits(43);
  }

  @Test
  void a_script_that_does_not_compile_is_no_broken_promise() throws IOException {
    Files.writeString(folder.resolve("Broken.java"), "class Broken { int }");

    inCage(Shell.jbang("Broken.java")).in(folder).within(SOON).exits(2).outIs("");
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void a_signal_reaches_the_script(String signal, int exit) throws Exception {
    assumeFalse(ignoresInterrupts(), "SIGINT is ignored here, and so by all that is started here");

    try (var running = parrot().with("PARROT", "waits").start()) {
      running.says("said").signal(signal).within(SOON).exits(exit).outContains("goodbye");
    }
  }

  @Test
  void a_signal_while_jbang_builds_ends_it_and_leaves_nothing() throws Exception {
    assumeFalse(ignoresInterrupts(), "SIGINT is ignored here, and so by all that is started here");
    var lock = PinnedJbang.supplied(jar, folder).resolve("lock");
    var shell = inCage(Shell.jbang("--fresh", "Parrot.java")).with("XDG_CACHE_HOME", "" + folder);

    try (var running = shell.start()) {
      running
          .until(() -> Files.isSymbolicLink(lock), "a lock")
          .signal("INT")
          .within(SOON)
          .exits(130)
          .outLacks("said");
    }
    assertEquals(List.of(jar.getFileName()), names(folder));
  }

  @Test
  void the_lock_of_a_dead_process_is_no_obstacle() throws Exception {
    var lock = PinnedJbang.supplied(jar, folder).resolve("lock");
    var dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.createSymbolicLink(lock, Path.of("" + dead.pid()));

    parrot().with("XDG_CACHE_HOME", "" + folder).exits(0).errIs("");

    assertTrue(Files.notExists(lock, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void a_broken_class_archive_is_no_obstacle() throws IOException {
    PinnedJbang.supplied(jar, folder);
    parrot().with("XDG_CACHE_HOME", "" + folder).exits(0);
    for (var file : kept(folder)) {
      if (file.toString().endsWith(".jsa")) {
        assertTrue(file.toFile().setWritable(true));
        Files.writeString(file, "no archive");
      }
    }

    parrot("x").with("XDG_CACHE_HOME", "" + folder).exits(0).outIs("said [x]\ngoodbye\n").errIs("");
  }

  @Test
  void another_jbang_on_the_path_is_preferred() throws IOException {
    program("jbang", "printf '<%s>' \"$@\"; exit 5");

    parrot("a b", "")
        .with("PATH", folder + File.pathSeparator + PinnedJbang.pathWithoutAnother())
        .exits(5)
        .outIs("<Parrot.java><a b><>");
  }

  @Test
  void an_installed_jbang_is_run_from_the_jar_beside_it() throws IOException {
    var installed = Files.createDirectories(folder.resolve("opt/jbang/bin"));
    program("opt/jbang/bin/jbang", "exit 5");
    Files.copy(jar, installed.resolve("jbang.jar"));
    Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(folder.resolve("bin/jbang"), Path.of("../opt/jbang/bin/jbang"));

    parrot("a b", "")
        .with("XDG_CACHE_HOME", "" + folder)
        .with("PATH", tools("java", "javac", "mv") + File.pathSeparator + folder.resolve("bin"))
        .exits(0)
        .outIs("said [a b][]\ngoodbye\n")
        .errIsQuiet();
  }

  @ParameterizedTest
  @ValueSource(strings = {"itself", "a link", "a copy", "a shim"})
  void finding_itself_on_the_path_is_no_loop(String found) throws IOException {
    var ours = Shell.REPO.resolve("jbang");
    var other = folder.resolve("jbang");
    var first = found.equals("itself") ? Shell.REPO : folder;
    switch (found) {
      case "a link" -> Files.createSymbolicLink(other, ours);
      case "a copy" -> program("jbang", Files.readString(ours).replaceFirst("#!/bin/sh\n", ""));
      case "a shim" -> program("jbang", "exec '%s' \"$@\"".formatted(ours));
      default -> {}
    }

    inCage(Shell.run("sh", "-c", "jbang Parrot.java here"))
        .with("PATH", first + File.pathSeparator + PinnedJbang.pathWithoutAnother())
        .exits(0)
        .outContains("said [here]\n");
    Files.deleteIfExists(other); // JUnit would warn of a link that leads out of its folder
  }

  @Test
  void paths_may_have_blanks_and_be_anywhere() throws IOException {
    var elsewhere = Files.createDirectories(folder.resolve("some where"));
    var link = elsewhere.resolve("the jbang");
    Files.createSymbolicLink(link, Shell.REPO.resolve("jbang"));
    Files.copy(cage.resolve("Parrot.java"), elsewhere.resolve("Parrot.java"));

    inCage(Shell.run("" + link, "some where/Parrot.java", "a"))
        .in(folder)
        .with("XDG_CACHE_HOME", "" + PinnedJbang.supplied(jar, elsewhere).getParent())
        .exits(0)
        .outContains("said [a]\n");
    Files.delete(link); // JUnit would warn of a link that leads out of its folder
  }

  @Test
  void three_first_starts_at_once_all_succeed() throws Exception {
    var cache = folder.resolve("cache");
    fakeMaven("cp \"$FETCHED\"");
    var parts = IntStream.range(0, 20).mapToObj(i -> "Part" + i).toList();
    for (var part : parts) {
      Files.writeString(folder.resolve(part + ".java"), "record " + part + "() {}");
    }
    Files.writeString(
        folder.resolve("Whole.java"),
        parts.stream().map(part -> "//SOURCES " + part + ".java\n").collect(Collectors.joining())
            + "class Whole { public static void main(String... args) { System.out.println("
            + parts.stream()
                .map(part -> "\"\" + new " + part + "()")
                .collect(Collectors.joining("+"))
            + "); } }");

    var starts = new ArrayList<Shell.Running>();
    try {
      for (var i = 0; i < 3; i++) {
        starts.add(firstStart(cache, "Whole.java").start());
      }
      var all = parts.stream().map(part -> part + "[]").collect(Collectors.joining()) + "\n";
      var fetches = 0;
      for (var start : starts) {
        var outcome = start.within(Duration.ofMinutes(2)).exits(0).outIs(all);
        fetches += outcome.err().contains("fetching") ? 1 : 0;
      }
      assertEquals(1, fetches);
    } finally {
      starts.forEach(Shell.Running::close);
    }
    assertTrue(names(cache).stream().allMatch(name -> name.toString().startsWith("jbang-")));
  }

  @Test
  void a_wrong_checksum_is_refused_and_nothing_stays() throws IOException {
    fakeMaven("echo wrong >");

    firstStart(folder, "Parrot.java").exits(2).outIs("").errContains("wrong SHA-256");

    assertEquals(List.of(), names(folder));
  }

  @Test
  void a_failed_fetch_leaves_nothing() throws IOException {
    fakeMaven("exit 1;");

    firstStart(folder, "Parrot.java").exits(2).outIs("").errContains("Is the network there?");

    assertEquals(List.of(), names(folder));
  }

  @Test
  void without_maven_two_lines_say_what_to_install() throws IOException {
    var outcome = firstStart(folder, "Parrot.java").with("PATH", tools("java", "javac")).exits(2);

    outcome.outIs("").errContains("neither jbang nor mvn").errContains("Install JBang");
    assertEquals(2, outcome.err().lines().count());
  }

  @Test
  void without_a_jdk_two_lines_say_what_to_install() throws IOException {
    var outcome = parrot().with("PATH", tools("java")).without("JAVA_HOME").within(SOON).exits(2);

    outcome.outIs("").errContains("no JDK").errContains("Install one");
    assertEquals(2, outcome.err().lines().count());
  }

  private static Shell parrot(String... arguments) {
    return inCage(
        Shell.jbang(
            Stream.concat(Stream.of("Parrot.java"), Stream.of(arguments)).toArray(String[]::new)));
  }

  private static Shell inCage(Shell shell) {
    return pinned(shell).in(cage).with("JBANG_CACHE_DIR", "" + cage.resolve("jbang"));
  }

  /** A start that finds neither JBang nor anything built, and may find a fake Maven. */
  private Shell firstStart(Path cache, String script) {
    return pinned(Shell.jbang(script))
        .without("PDV_LAUNCH_CACHE")
        .in(folder)
        .with("XDG_CACHE_HOME", "" + cache)
        .with("JBANG_CACHE_DIR", "" + cache.resolve("jbang"))
        .with("FETCHED", "" + jar)
        .with(
            "PATH", folder.resolve("bin") + File.pathSeparator + PinnedJbang.pathWithoutAnother());
  }

  /** These are about what JBang answers, so it is asked each time: {@link LaunchCacheTests}. */
  private static Shell pinned(Shell shell) {
    return shell.with("PATH", PinnedJbang.pathWithoutAnother()).with("PDV_LAUNCH_CACHE", "no");
  }

  /** Put a Maven on the path that makes the file it is asked for with this command. */
  private void fakeMaven(String command) throws IOException {
    Files.createDirectories(folder.resolve("bin"));
    program(
        "bin/mvn",
        """
        echo noise
        for word do
          case $word in -Dartifact=*) version=${word%%:jar:all} ;; esac
        done
        %s "jbang-cli-${version##*:}-all.jar"
        """
            .formatted(command));
  }

  private void program(String name, String text) throws IOException {
    var file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text);
    assertTrue(file.toFile().setExecutable(true));
  }

  /** Make a path of what the bootstrap needs at least, and of these. */
  private String tools(String... more) throws IOException {
    var tools = Files.createDirectories(folder.resolve("tools"));
    var needed = List.of("mkdir", "ln", "readlink", "rm", "cksum", "sleep");
    for (var tool : Stream.concat(needed.stream(), Stream.of(more)).toList()) {
      for (var entry : PinnedJbang.pathWithoutAnother().split(File.pathSeparator)) {
        if (Files.isExecutable(Path.of(entry, tool)) && Files.notExists(tools.resolve(tool))) {
          program("tools/" + tool, "exec '%s' \"$@\"".formatted(Path.of(entry, tool)));
        }
      }
    }
    return tools.toString();
  }

  private static List<Path> kept(Path home) throws IOException {
    try (var files = Files.list(home.resolve("validibot-pdv"))) {
      return files.toList();
    }
  }

  private static List<Path> names(Path home) throws IOException {
    return kept(home).stream().map(Path::getFileName).toList();
  }

  /**
   * Whether whoever started these tests had SIGINT ignored, as a shell does for what it puts in the
   * background.
   */
  private static boolean ignoresInterrupts() throws IOException {
    var status = Path.of("/proc/self/status");
    if (Files.notExists(status)) {
      return false;
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }
  }
}
