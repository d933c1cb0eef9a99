package lib.checks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.engine.Container;
import lib.engine.Engine;
import lib.target.CannotVerify;

/** Finds out which migrations to expect: what the image brings, else a checkout, else a list. */
final class ExpectedMigrations {

  /** The release whose migrations we have a list of. */
  private static final String LISTED = "0.14.0";

  private static final String LIST = "/lib/checks/migrations-0.14.tsv";

  /**
   * Names only: no Python, which takes seconds, and no entrypoint, which may wait for ever
   * (compose.md section 6). What people stored is not searched.
   */
  private static final String FIND =
      "find /app /usr/local/lib /opt ( -name node_modules -o -name .git -o -path /app/storage )"
          + " -prune -o -path */migrations/*.py -print";

  private final Examined examined;
  private Optional<Found> found = Optional.empty();

  /** What was found, and where. */
  record Found(MigrationFiles files, String source) {}

  ExpectedMigrations(Examined examined) {
    this.examined = examined;
  }

  /**
   * Find them, once: three checks ask.
   *
   * @throws CannotVerify when nothing tells
   */
  synchronized Found find() {
    if (found.isEmpty()) {
      found = Optional.of(look());
    }
    return found.get();
  }

  private Found look() {
    var problems = new ArrayList<String>();
    return ofContainer(problems)
        .or(() -> examined.source().map(ExpectedMigrations::ofCheckout))
        .or(this::ofList)
        .orElseThrow(() -> unknown(problems));
  }

  private Optional<Found> ofContainer(List<String> problems) {
    var stack = examined.stack();
    var web = stack.flatMap(it -> it.service("web")).filter(it -> it.state().running());
    if (web.isEmpty()) {
      problems.add("no web container runs");
      return Optional.empty();
    }
    try {
      var files = listed(stack.orElseThrow().engine(), web.get());
      if (files.isEmpty()) {
        problems.add("none were found in the container " + web.get().name());
        return Optional.empty();
      }
      return Optional.of(new Found(files, "the files in the container " + web.get().name()));
    } catch (IOException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  private MigrationFiles listed(Engine engine, Container web) throws IOException {
    // half of the check's own time, so that there is a second half for the other sources
    var ended = engine.exec(web, "root", examined.timeout().dividedBy(2), FIND.split(" "));
    // 1 is a folder that is not there; after anything else the list may be half of it
    if (ended.exitCode() != 0 && ended.exitCode() != 1) {
      throw new IOException(
          "find in the container %s exited with %d".formatted(web.name(), ended.exitCode()));
    }
    return MigrationFiles.of(ended.out().lines());
  }

  private static Found ofCheckout(Path source) {
    var files = new ArrayList<String>();
    for (var apps : List.of("validibot", "validibot/contrib")) {
      if (Files.isDirectory(source.resolve(apps))) {
        try (var folders = Files.list(source.resolve(apps))) {
          for (var app : folders.toList()) {
            files.addAll(names(apps + "/" + app.getFileName(), app.resolve("migrations")));
          }
        } catch (IOException e) {
          throw new CannotVerify("--source " + source + " cannot be read: " + e.getMessage());
        }
      }
    }
    var found = MigrationFiles.of(files.stream());
    if (found.isEmpty()) {
      throw new CannotVerify(
          "--source %s is no checkout of Validibot: it has no validibot/*/migrations"
              .formatted(source));
    }
    return new Found(found, "the files below " + source + ", without those of packages");
  }

  private static List<String> names(String app, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.map(it -> app + "/migrations/" + it.getFileName()).toList();
    }
  }

  private Optional<Found> ofList() {
    if (examined.version().filter(it -> it.equals(LISTED) || it.equals("0.14")).isEmpty()) {
      return Optional.empty();
    }
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                ExpectedMigrations.class.getResourceAsStream(LIST), StandardCharsets.UTF_8))) {
      return Optional.of(
          new Found(MigrationFiles.ofTable(lines.lines()), "the list of release " + LISTED));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CannotVerify unknown(List<String> problems) {
    return new CannotVerify(
        "nothing tells which migrations to expect: %s, --source names no checkout, and the version"
                .formatted(String.join(", ", problems))
            + " is %s. Give a checkout of the release that runs: --source DIR"
                .formatted(examined.version().orElse("unknown")));
  }
}
