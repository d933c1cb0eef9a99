package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// One after the other: they change what the others run.
/**
 * What {@code ./jbang} keeps of JBang's answers is never yesterday's. Whether it asks JBang shows
 * when that is taken away: what was kept runs all the same, and anything else does not.
 */
@Execution(ExecutionMode.SAME_THREAD)
class LaunchCacheTests {

  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String GREETER =
      """
      //JAVA 17+
      //REPOS here=file://%s/maven
      //DEPS test:word:1.0
      //SOURCES part/First.java
      //FILES text=part/text.txt
      class Greeter {
        public static void main(String... args) throws Exception {
          var text = Greeter.class.getResourceAsStream("/text").readAllBytes();
          var said = new StringBuilder(First.WORD + Second.WORD + new String(text).strip());
          for (var arg : args) {
            said.append('[');
            arg.chars()
                .forEach(c -> said.append(c >= ' ' && c <= '~' ? "" + (char) c : "{" + c + "}"));
            said.append(']');
          }
          System.out.println(said);
        }
      }
      """;

  /** What the script includes, below its folder. */
  private static final Map<String, String> PARTS =
      Map.of(
          "part/First.java",
          "//SOURCES deep/Second.java\nclass First { static final String WORD = \"1\"; }\n",
          "part/deep/Second.java",
          "class Second { static final String WORD = \"2\"; }\n",
          "part/text.txt",
          "3\n",
          "jbang.properties",
          "a=b\n");

  /** All that these tests and JBang leave, and the home of the user in them. */
  @TempDir private static Path home;

  /** Where the script is; the quote and the blanks have to be borne. */
  private static Path work;

  private static Path jar;

  @BeforeAll
  static void prepare() throws IOException {
    work = Files.createDirectories(home.resolve("it's a folder/of mine"));
    var original = PinnedJbang.jar();
    jar = PinnedJbang.supplied(original, home).resolve(original.getFileName());
    program("bin/mvn", "exit 1");
    program("other/bin/java", "exit 1");
    program("other/bin/javac", "exit 1");
    copyJdk(home.resolve("jdk"));
    Files.createSymbolicLink(home.resolve("current"), home.resolve("jdk"));
    library(home.resolve("maven/test/word/1.0/word-1.0"));
  }

  /** JUnit would warn of every link that leads out of its folder. */
  @AfterAll
  static void unlink() throws IOException {
    try (var files = Files.walk(home)) {
      for (var link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  /** Put everything back, and have the command kept. */
  @BeforeEach
  void keep() throws IOException {
    write("Greeter.java", GREETER.formatted(home));
    for (var part : PARTS.entrySet()) {
      write(part.getKey(), part.getValue());
    }
    if (asksJbang(greeter())) {
      greeter().exits(0).outIs("123\n");
      assertFalse(asksJbang(greeter()));
    }
  }

  @Test
  void arguments_arrive_as_they_were_given() throws IOException {
    withoutJbang(greeter("", "a b", "'", "\"", "$HOME `id` \\n", "*", "%{nope}", "@x", "\n", ""))
        .exits(0)
        .outIs("123[][a b]['][\"][$HOME `id` \\n][*][%{nope}][@x][{10}][]\n");
    withoutJbang(greeter("--fresh", "ARGUMENTS")).exits(0).outIs("123[--fresh][ARGUMENTS]\n");
  }

  @Test
  void an_umlaut_arrives_in_the_c_locale() throws IOException {
    var umlaut = "exec \"$0\" Greeter.java \"$(printf '\\303\\274')\"";
    var shell = Shell.run("sh", "-c", umlaut, Shell.REPO.resolve("jbang").toString());

    withoutJbang(at(shell)).exits(0).outIs("123[{252}]\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Greeter.java", "part/text.txt", "jbang.properties"})
  void a_change_is_noticed_that_neither_size_nor_time_shows(String source) throws IOException {
    var file = work.resolve(source);
    var then = Files.getLastModifiedTime(file);
    Files.writeString(file, Files.readString(file).replaceFirst("\n$", " "));
    Files.setLastModifiedTime(file, then);

    assertTrue(asksJbang(greeter()));
  }

  @Test
  void a_change_while_jbang_works_is_not_taken_for_what_it_read() throws Exception {
    var second = "part/deep/Second.java";
    var builds = find("jbang/cache/jars/*/Greeter.jar").size();
    write(second, PARTS.get(second).replace("2", "two"));
    try (var running = greeter().start()) {
      running.until(() -> find("jbang/cache/jars/*/Greeter.jar").size() > builds, "a build");
      write(second, PARTS.get(second));
      running.within(SOON).exits(0).outIs("1two3\n");
    }

    greeter().exits(0).outIs("123\n");
  }

  @Test
  void two_starts_at_once_after_a_change_run_the_new_code() throws Exception {
    write("part/deep/Second.java", "class Second { static final String WORD = \"both\"; }");

    try (var one = greeter().start();
        var other = greeter().start()) {
      one.within(SOON).exits(0).outIs("1both3\n");
      other.within(SOON).exits(0).outIs("1both3\n");
    }
    withoutJbang(greeter()).exits(0).outIs("1both3\n");
  }

  @Test
  void a_start_waits_for_no_build_that_it_does_not_need() throws IOException {
    var lock = Files.createSymbolicLink(cache("lock"), Path.of("" + ProcessHandle.current().pid()));
    try {
      greeter().within(Duration.ofSeconds(10)).exits(0).outIs("123\n").errIs("");
    } finally {
      Files.delete(lock);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jbang/cache/jars", "repository/test/word/1.0"})
  void what_is_gone_from_the_class_path_is_noticed(String name) throws IOException {
    var folder = home.resolve(name);
    var away = Files.move(folder, home.resolve("away"));
    try {
      assertTrue(asksJbang(greeter()));
    } finally {
      Files.move(away, folder);
    }
  }

  @Test
  void another_library_of_the_same_size_and_time_is_noticed() throws IOException {
    var file = home.resolve("repository/test/word/1.0/word-1.0.jar");
    Files.copy(file, home.resolve("copy"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(home.resolve("copy"), file, StandardCopyOption.REPLACE_EXISTING);

    assertTrue(asksJbang(greeter()));
  }

  @Test
  void a_jdk_elsewhere_is_noticed() throws IOException {
    assertTrue(asksJbang(greeter().with("JAVA_HOME", "" + home.resolve("jdk"))));
  }

  @ParameterizedTest
  @CsvSource({"current, other", "jdk/release, bin/mvn", "jdk/lib/modules, bin/mvn"})
  void another_jdk_in_the_same_place_is_noticed(String name, String other) throws IOException {
    var link = home.resolve(name);
    var target = Files.readSymbolicLink(link);
    Files.delete(link);
    Files.createSymbolicLink(link, home.resolve(other));
    try {
      assertTrue(asksJbang(greeter()));
    } finally {
      Files.delete(link);
      Files.createSymbolicLink(link, target);
    }
  }

  @Test
  void an_installed_jbang_is_asked_once_and_a_newer_one_is_noticed() throws IOException {
    program("opt/jbang", "exit 5");
    Files.copy(jar, home.resolve("opt/jbang.jar"));
    var path = home.resolve("opt") + File.pathSeparator + PinnedJbang.pathWithoutAnother();
    greeter().with("PATH", path).exits(0).outIs("123\n");
    var lock = Files.createSymbolicLink(cache("lock"), Path.of("" + ProcessHandle.current().pid()));
    try {
      greeter().with("PATH", path).within(Duration.ofSeconds(10)).exits(0).outIs("123\n").errIs("");
    } finally {
      Files.delete(lock);
    }

    Files.writeString(home.resolve("opt/jbang.jar"), "no jar");
    greeter().with("PATH", path).exits(2);
  }

  @Test
  void another_jbang_is_noticed() throws IOException {
    var bootstrap = Files.readString(Shell.REPO.resolve("jbang"));
    var newer = program("newer", bootstrap.replaceFirst("(?m)^version=.*", "version=0.999"));

    assertTrue(asksJbang(at(Shell.run("" + newer, "Greeter.java"))));
  }

  @ParameterizedTest
  @CsvSource({
    "JBANG_DEFAULT_JAVA_VERSION, 17",
    "JBANG_RUNTIME_OPTIONS, -Dx=y",
    "JBANG_REPO, elsewhere",
    "JBANG_JAVA_OPTIONS, -Dx=y",
    "JAVA_TOOL_OPTIONS, -Dx=y",
    "JDK_JAVA_OPTIONS, -Dx=y",
    "HOME, /",
    "PDV_LAUNCH_CACHE, no"
  })
  void another_environment_is_noticed(String name, String value) throws IOException {
    assertTrue(asksJbang(greeter().with(name, value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "it's a folder/of mine/.jbang/jbang.properties",
        "it's a folder/jbang.properties",
        "jbang/jbang.properties",
        ".m2/settings.xml"
      })
  void a_new_setting_is_noticed(String name) throws IOException {
    var file = home.resolve(name);
    var parent = Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    try {
      assertTrue(asksJbang(greeter()));
    } finally {
      Files.delete(file);
      if (!parent.equals(work)) {
        parent.toFile().delete(); // where nothing else is in it
      }
    }
  }

  @Test
  void a_setting_that_is_gone_is_noticed() throws IOException {
    Files.delete(work.resolve("jbang.properties"));

    assertTrue(asksJbang(greeter()));
  }

  @Test
  void a_moved_repository_is_noticed_and_so_is_what_takes_its_place() throws IOException {
    var moved = Files.move(work, home.resolve("moved"));
    try {
      assertTrue(asksJbang(greeter().in(moved)));

      write("Greeter.java", "class Greeter { }\n");
      assertTrue(asksJbang(greeter()));
      Files.delete(work.resolve("Greeter.java"));
      Files.delete(work);
    } finally {
      Files.move(moved, work);
    }
  }

  @Test
  void what_was_kept_is_the_owners() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "empty", "garbage", "cut", "more", "altered", "a folder"})
  void what_was_kept_is_not_run_when_it_is_damaged(String damage) throws IOException {
    var entry = Files.move(kept(), home.resolve("entry"));
    var text = Files.readString(entry);
    var evil = home.resolve("evil");
    switch (damage) {
      case "empty" -> Files.createFile(kept());
      case "garbage" -> Files.write(kept(), new byte[] {0, 10, (byte) 0xff, 10, 39, 10, 96, 10});
      case "cut" -> Files.writeString(kept(), text.substring(0, text.length() / 2));
      case "more" -> Files.writeString(kept(), text + work.resolve("part") + "\n");
      case "altered" ->
          Files.writeString(kept(), text.replaceFirst("\n", "\ntouch '" + evil + "'; "));
      case "a folder" -> Files.createDirectory(kept());
      default -> {}
    }
    try {
      var outcome = withoutJbang(greeter()).exits(2).errContains("fetching");
      assertEquals(3, outcome.err().lines().count(), outcome::err);
      assertTrue(Files.notExists(evil));
    } finally {
      Files.deleteIfExists(kept());
      Files.move(entry, kept());
    }
  }

  @Test
  void without_a_place_to_keep_it_jbang_gives_the_same_command_each_time() throws IOException {
    var kept = withoutJbang(greeter().with("PDV_SHOW_COMMAND", "yes")).exits(0).out();
    var away = Files.move(cache("jbang-launches"), home.resolve("away"));
    Files.createFile(cache("jbang-launches")); // root may write to a read-only folder
    try {
      greeter().with("PDV_SHOW_COMMAND", "yes").exits(0).outIs(kept).errIs("");
      assertTrue(asksJbang(greeter()));
    } finally {
      Files.delete(cache("jbang-launches"));
      Files.move(away, cache("jbang-launches"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--fresh",
        "--offline",
        "run",
        "-Dx=y",
        "--verbose",
        "--deps test:word:1.0",
        "-s part/First.java -Dx=y",
        "-s part"
      })
  void options_of_jbang_are_for_jbang(String options) throws IOException {
    var words = new ArrayList<>(Stream.of(options.split(" ")).toList());
    words.add("Greeter.java");

    assertTrue(asksJbang(at(Shell.launcher(words.toArray(String[]::new)))));
  }

  @Test
  void a_source_that_is_added_belongs_to_what_is_kept() throws IOException {
    write("Added.java", "//SOURCES Further.java\nclass Added {}\n");
    write("Further.java", "class Further {}\n");
    write("Other.java", "class Other {}\n");
    var added = at(Shell.launcher("-s", "Added.java", "Greeter.java", "-s", "x"));
    var both = at(Shell.launcher("-s", "Added.java", "--sources", "Other.java", "Greeter.java"));

    for (var shell : List.of(added, both)) {
      assertTrue(asksJbang(shell));
      shell.exits(0);
      assertFalse(asksJbang(shell));
    }
    withoutJbang(added).exits(0).outIs("123[-s][x]\n");
    withoutJbang(greeter()).exits(0).outIs("123\n");
    assertTrue(asksJbang(at(Shell.launcher("-s", "Other.java", "Greeter.java"))));

    write("Further.java", "class Further { int changed; }\n");
    assertTrue(asksJbang(added));
    assertTrue(asksJbang(both));
    assertFalse(asksJbang(greeter()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"//SOURCES part/deep/*.java", "//FILES part"})
  void a_script_whose_sources_cannot_be_told_is_not_kept(String directive) throws IOException {
    write("Vague.java", directive + "\nclass Vague { public static void main(String... a) {} }\n");

    at(Shell.launcher("Vague.java")).exits(0);

    assertTrue(asksJbang(at(Shell.launcher("Vague.java"))));
  }

  @Test
  void a_script_is_kept_for_as_long_as_it_has_its_class_archive() throws IOException {
    write("Fast.java", "//CDS\nclass Fast { public static void main(String... a) {} }\n");
    var fast = at(Shell.launcher("Fast.java"));

    fast.exits(0);
    var kept = withoutJbang(fast.with("PDV_SHOW_COMMAND", "yes")).exits(0).out();
    assertEquals(kept, fast.with("PDV_LAUNCH_CACHE", "no").exits(0).out());
    fast.without("PDV_LAUNCH_CACHE").without("PDV_SHOW_COMMAND");
    Files.delete(find("jbang/cache/jars/*/Fast.jsa").get(0));
    assertTrue(asksJbang(fast));
  }

  private static Shell greeter(String... arguments) {
    return at(
        Shell.launcher(
            Stream.concat(Stream.of("Greeter.java"), Stream.of(arguments)).toArray(String[]::new)));
  }

  /** Where nothing of this machine's JBang and of its user's settings counts. */
  private static Shell at(Shell shell) {
    Stream.of("JBANG_CACHE_DIR", "JAVA_TOOL_OPTIONS", "JBANG_JAVA_OPTIONS").forEach(shell::without);
    return shell
        .in(work)
        .with("LC_ALL", "C")
        .with("HOME", "" + home)
        .with("XDG_CACHE_HOME", "" + home)
        .with("JBANG_DIR", "" + home.resolve("jbang"))
        .with("JBANG_REPO", "" + home.resolve("repository"))
        .with("JAVA_HOME", "" + home.resolve("current"))
        .with("PATH", home.resolve("bin") + File.pathSeparator + PinnedJbang.pathWithoutAnother());
  }

  private static boolean asksJbang(Shell shell) throws IOException {
    var outcome = withoutJbang(shell.with("PDV_SHOW_COMMAND", "yes"));
    shell.without("PDV_SHOW_COMMAND");
    if (outcome.exit() != 0) {
      outcome.exits(2).errContains("Maven could not fetch JBang");
    }
    return outcome.exit() != 0;
  }

  private static Shell.Outcome withoutJbang(Shell shell) throws IOException {
    var away = Files.move(jar, home.resolve("jbang.jar"));
    try {
      return shell.within(SOON);
    } finally {
      Files.move(away, jar);
    }
  }

  private static Path cache(String name) {
    return home.resolve("validibot-pdv/" + name);
  }

  /** Where the command is kept. */
  private static Path kept() throws IOException {
    return cache("jbang-launches" + work.toRealPath().resolve("Greeter.java"));
  }

  private static List<Path> find(String pattern) {
    var matcher = home.getFileSystem().getPathMatcher("glob:" + home + "/" + pattern);
    try (var files = Files.walk(home.resolve("jbang/cache/jars"))) {
      return files.filter(matcher::matches).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Write a source, unless it says this already: that would be a change, too. */
  private static void write(String name, String text) throws IOException {
    var file = work.resolve(name);
    Files.createDirectories(file.getParent());
    if (Files.notExists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }

  private static Path program(String name, String text) throws IOException {
    var file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  /** Make a JDK that these tests may alter, of copies and of links to what is large. */
  private static void copyJdk(Path copy) throws IOException {
    var original = Path.of(System.getProperty("java.home"));
    for (var part : List.of("bin", "conf", "lib")) {
      try (var files = Files.walk(original.resolve(part), FileVisitOption.FOLLOW_LINKS)) {
        for (var file : (Iterable<Path>) files.filter(Files::exists)::iterator) {
          var target = copy.resolve("" + original.relativize(file));
          if (Files.isDirectory(file)) {
            Files.createDirectories(target);
          } else if (file.toString().contains(".so") || file.startsWith(original.resolve("bin"))) {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
          } else {
            Files.createSymbolicLink(target, file.toRealPath());
          }
        }
      }
    }
    Files.createSymbolicLink(copy.resolve("release"), original.resolve("release"));
  }

  /** Make a repository with one library in it. */
  private static void library(Path name) throws IOException {
    Files.createDirectories(name.getParent());
    Files.writeString(
        Path.of(name + ".pom"),
        """
        <project><modelVersion>4.0.0</modelVersion>
        <groupId>test</groupId><artifactId>word</artifactId><version>1.0</version></project>
        """);
    try (var library = new JarOutputStream(Files.newOutputStream(Path.of(name + ".jar")))) {
      library.putNextEntry(new ZipEntry("word"));
    }
  }
}
