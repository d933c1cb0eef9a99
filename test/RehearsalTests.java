package test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the first runs of a script leaves the class archive that lasts. */
class RehearsalTests {

  private static final String RECORDING = "-XX:ArchiveClassesAtExit=";
  private static final String USING = "-XX:SharedArchiveFile=";

  private static final String ARCHIVE = "ARCHIVE";

  @TempDir private Path folder;

  /** As JBang starts the doctor, but of a jar here, which has no archive yet. */
  private String command;

  @BeforeEach
  void copy() throws IOException {
    var theirs = Shell.command("check_validibot.java");
    var jar = theirs.replaceFirst(".* -classpath ([^:]+\\.jar):.*", "$1");
    Files.copy(Path.of(jar), folder.resolve("doctor.jar"));
    command =
        theirs
            .replace(jar, "" + folder.resolve("doctor.jar"))
            .replaceFirst(USING + "\\S+", ARCHIVE);
  }

  private void run(String archive, String... arguments) {
    var line = command.replace(ARCHIVE, archive + folder.resolve("doctor.jsa"));
    Shell.run("/bin/sh", "-c", line + " " + String.join(" ", arguments))
        .in(folder)
        .with("DATABASE_URL", Postgres.seeded().url())
        .with("DOCKER_HOST", "unix:///nonexistent.sock")
        .exits(0)
        .errIsQuiet();
  }

  private List<String> left() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void the_first_that_meets_a_database_does_whatever_was_first_of_all() throws IOException {
    run(RECORDING, "--version");
    assertEquals(List.of("doctor.jar", "doctor.jsa", "doctor.rehearsed"), left());

    run(USING, "--only", "VB001");
    assertEquals(List.of("doctor.jar", "doctor.jsa", "doctor.rehearsed"), left());

    run(USING, "--only", "VB101");
    assertEquals(List.of("doctor.jar"), left());

    run(RECORDING, "--only", "VB101");
    assertEquals(List.of("doctor.jar", "doctor.jsa"), left());
  }
}
