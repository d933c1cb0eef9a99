package lib.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import lib.target.CannotVerify;
import lib.target.Environment;
import lib.target.Options;

/** The options that say in which forms a run is told beside the terminal, and where. */
public final class ReportOptions {

  private Optional<Path> junitXml = Optional.empty();
  private Optional<Path> html = Optional.empty();
  private Optional<Path> prometheus = Optional.empty();
  private Optional<Path> earlier = Optional.empty();

  /** Have them read. */
  public void declare(Options options) {
    options
        .file("--junit-xml", it -> junitXml = Optional.of(it))
        .description("Write a JUnit XML report, too, for CI servers.");
    options
        .file("--html", it -> html = Optional.of(it))
        .description("Write a page, too, that people can look at and print.");
    options
        .file("--prometheus", it -> prometheus = Optional.of(it))
        .description(
            "Write metrics, too, for the textfile collector of Prometheus' node exporter.");
    options
        .file("--compare", it -> earlier = Optional.of(it))
        .description("Say what changed since an earlier run, whose --json this is.");
  }

  /**
   * Refuse what could not be done at the end, before anything is asked.
   *
   * @return the earlier run to compare with
   * @throws CannotVerify when that cannot be read, or a report not be written
   */
  public Optional<Comparison.Earlier> prepare(Environment environment) {
    files()
        .forEach(
            (option, file) ->
                obstacle(environment.directory().resolve(file))
                    .ifPresent(
                        reason -> {
                          throw new CannotVerify(option + " " + file + ": " + reason + ".");
                        }));
    if (Set.copyOf(files().values()).size() < files().size()) {
      throw new CannotVerify("Each report needs a file of its own: " + files().values());
    }
    return earlier.map(
        file -> Comparison.Earlier.read("--compare", file, environment.directory().resolve(file)));
  }

  /**
   * Tell a run in all forms that were asked for.
   *
   * @return the exit code of the run; of a good one whose report could not be written, that nothing
   *     is known
   */
  public int tell(Report report, Environment environment, Output output) {
    var github = GithubActions.of(environment);
    if (files().isEmpty() && github.isEmpty()) {
      return report.exitCode();
    }
    var clean = report.cleaned(output::clean);
    var written = true;
    written &= write("--junit-xml", junitXml, environment, output, file -> JunitXml.of(clean));
    written &= write("--html", html, environment, output, file -> HtmlPage.of(clean));
    written &=
        write(
            "--prometheus",
            prometheus,
            environment,
            output,
            file -> Prometheus.of(clean, textOf(file)));
    github.ifPresent(it -> it.tell(clean, output));
    return written || report.exitCode() != Summary.GOOD ? report.exitCode() : Summary.NOT_VERIFIED;
  }

  /** Why nothing can be written there, as far as that can be seen before. */
  private static Optional<String> obstacle(Path file) {
    var target = file.toAbsolutePath();
    if (Files.isDirectory(target)) {
      return Optional.of("that is a folder");
    }
    var folder = real(target).getParent();
    if (!isStream(target) && !Files.isDirectory(folder)) {
      return Optional.of("there is no folder " + folder);
    }
    var place = isStream(target) ? target : folder;
    return Files.isWritable(place)
        ? Optional.empty()
        : Optional.of("this user may not write to " + place);
  }

  private Map<String, Path> files() {
    var files = new LinkedHashMap<String, Path>();
    junitXml.ifPresent(file -> files.put("--junit-xml", file));
    html.ifPresent(file -> files.put("--html", file));
    prometheus.ifPresent(file -> files.put("--prometheus", file));
    return files;
  }

  private boolean write(
      String option,
      Optional<Path> wanted,
      Environment environment,
      Output output,
      Function<Path, String> form) {
    if (wanted.isEmpty()) {
      return true;
    }
    var file = environment.directory().resolve(wanted.get()).toAbsolutePath();
    if (obstacle(file).isPresent()) {
      return false; // it was said before anything was asked
    }
    try {
      replace(file, form.apply(file));
      return true;
    } catch (IOException e) {
      output.problem("%s %s: could not be written: %s".formatted(option, wanted.get(), e));
      return false;
    }
  }

  /** Whoever reads the file meanwhile finds the old one whole, or the new one. */
  private static void replace(Path file, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (isStream(file)) {
      Files.write(file, bytes);
      return;
    }
    var target = real(file);
    var unfinished =
        target.resolveSibling(
            ".%s.%d".formatted(target.getFileName(), ProcessHandle.current().pid()));
    try {
      Files.write(unfinished, bytes);
      Files.move(
          unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Whether it can only be written to, not replaced: such as /dev/stdout, or a pipe. */
  private static boolean isStream(Path file) {
    return file.startsWith("/dev/") || Files.exists(file) && !Files.isRegularFile(file);
  }

  /** What is replaced, where the file is a link; its folder has to be writable, not the link's. */
  private static Path real(Path file) {
    try {
      return Files.isRegularFile(file) ? file.toRealPath() : file;
    } catch (IOException e) {
      return file;
    }
  }

  private static String textOf(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
