package lib.checks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.engine.Container;
import lib.engine.Engine;
import lib.engine.Engine.Entry;
import lib.engine.Engine.Executed;
import lib.report.Verdict;

/**
 * The folder of the storage volume, looked at through the app's containers; the place is hard-coded
 * in Validibot, whatever the settings say (validibot.md section 2).
 */
final class StorageFolder {

  static final String ROOT = "/app/storage";
  static final String PRIVATE = ROOT + "/private";

  private static final String APP = "app";

  /** Whatever ends it, what it wrote is removed. */
  private static final String PROBE =
      """
      trap 'rm -f "$1"' EXIT
      trap 'exit 1' HUP INT TERM
      printf %s "$2" > "$1" && test "$(cat "$1")" = "$2"
      """;

  /** Who the app is, and whose the folders are: user, group, and mode in hexadecimal. */
  private static final String OWNERS =
      """
      set -e
      echo $(id -u %1$s) $(id -g %1$s) 0 app
      stat -c '%%u %%g %%f %%n' %2$s
      ! test -e %3$s || stat -c '%%u %%g %%f %%n' %3$s
      """
          .formatted(App.USER, ROOT, PRIVATE);

  private static final Pattern OWNER =
      Pattern.compile("(\\d{1,10}) (\\d{1,10}) (\\p{XDigit}{1,6}) (\\S+)");

  /** What POSIX has in a mode beside the permissions: of which kind it is, and that of a folder. */
  private static final int KIND = 0170000;

  private static final int FOLDER = 0040000;

  private final Examined examined;

  StorageFolder(Examined examined) {
    this.examined = examined;
  }

  /** The container to look into: any of the app, a running one first, for all share the volume. */
  Container container() throws IOException {
    var stack = examined.stackNow();
    var found = new ArrayList<Container>();
    App.SERVICES.forEach(it -> stack.service(it).ifPresent(found::add));
    return found.stream()
        .filter(it -> it.state().running())
        .findFirst()
        .or(() -> found.stream().findFirst())
        .orElseThrow(() -> StorageChecks.nowhere("there is no container of the app"));
  }

  private Engine engine() {
    return examined.stack().orElseThrow().engine();
  }

  /** A fresh volume is root's, and then the app cannot start (validibot.md section 8). */
  Verdict ownership() throws IOException {
    var entries = entries(container());
    var app = entries.get(APP);
    var foreign = new ArrayList<String>();
    for (var path : List.of(ROOT, PRIVATE)) {
      var entry = entries.get(path);
      if (entry != null && !mayWrite(app, entry)) {
        foreign.add("%s belongs to user %d, mode %o".formatted(path, entry.user(), entry.mode()));
      }
    }
    return foreign.isEmpty()
        ? Verdict.passed("%s (user %d)".formatted(App.USER, app.user()))
        : Verdict.failed(
            "%s, and the app runs as %s (user %d)"
                .formatted(String.join(", ", foreign), App.USER, app.user()),
            "The app cannot make files or folders there; a fresh install does not even start.",
            "  ./jbang check_validibot.java --fix --only PDV201",
            "or:",
            examined.compose(
                "run --rm --no-deps --entrypoint chown web -R %1$s:%1$s %2$s"
                    .formatted(App.USER, ROOT)));
  }

  /** Whose the folders are that are there, by path, and {@link #APP}. */
  private Map<String, Entry> entries(Container container) throws IOException {
    var inside = inside(container);
    if (inside.keySet().containsAll(List.of(APP, ROOT))) {
      return inside;
    }
    var entries = new HashMap<>(Map.of(APP, app(container)));
    for (var path : List.of(ROOT, PRIVATE)) {
      engine().entry(container, path).ifPresent(it -> entries.put(path, it));
    }
    return entries;
  }

  /** The same in one command, a third of the work, where the container runs and has the tools. */
  private Map<String, Entry> inside(Container container) throws IOException {
    var entries = new HashMap<String, Entry>();
    if (!container.state().running()) {
      return entries;
    }
    try {
      var limit = examined.timeout().dividedBy(2);
      var told = run(container, "root", limit, "sh", "-c", OWNERS);
      if (told.exitCode() == 0) {
        told.out()
            .lines()
            .map(OWNER::matcher)
            .filter(Matcher::matches)
            .forEach(it -> entries.put(it.group(4), entry(it)));
      }
    } catch (Engine.Failure e) {
      // it ended, or nobody may run commands: the engine tells
    }
    return entries;
  }

  private static Entry entry(Matcher told) {
    var mode = Integer.parseInt(told.group(3), 16);
    return new Entry(
        Long.parseLong(told.group(1)),
        Long.parseLong(told.group(2)),
        mode,
        (mode & KIND) == FOLDER);
  }

  Verdict exists() throws IOException {
    var container = container();
    var stat = engine().stat(container, PRIVATE);
    if (stat.isEmpty()) {
      return Verdict.failed(
          PRIVATE + " is missing in " + container.name(),
          "Uploads and results cannot be kept.",
          "  ./jbang check_validibot.java --fix --only VB202");
    }
    return stat.get().folder()
        ? Verdict.passed(PRIVATE)
        : Verdict.failed(PRIVATE + " is no folder", "Uploads and results cannot be kept.");
  }

  /** Write, read back and remove a file of our own, as the app would. */
  Verdict written() throws IOException {
    var web = examined.stackNow().running("web");
    var file = PRIVATE + "/.check_validibot-" + UUID.randomUUID();
    var word = UUID.randomUUID().toString();
    var whole = false;
    try {
      var done = run(web, App.USER, examined.timeout(), "sh", "-c", PROBE, "sh", file, word);
      whole = true;
      if (done.exitCode() == 0) {
        return Verdict.passed("written, read and removed as " + App.USER);
      }
      examined.expectStill(web);
      return Verdict.failed(
          "%s cannot be written as %s: %s"
              .formatted(
                  PRIVATE, App.USER, examined.excerpt(done.said().replace(file, "the probe"))),
          "Uploads and results cannot be kept.",
          "Is the disk full, or the volume mounted read-only?",
          "  docker exec -u %s %s df -h %s".formatted(App.USER, web.name(), ROOT));
    } finally {
      if (!whole) {
        run(web, App.USER, examined.timeout(), "rm", "-f", file);
      }
    }
  }

  Executed run(Container container, String user, Duration limit, String... command)
      throws IOException {
    return engine().exec(container, user, limit, command);
  }

  /** Who the app is in numbers, by the container's own list of users. */
  private Entry app(Container container) throws IOException {
    var users = engine().file(container, "/etc/passwd").orElse("");
    var line =
        Pattern.compile("^" + App.USER + ":[^:]*:(\\d{1,9}):(\\d{1,9}):", Pattern.MULTILINE)
            .matcher(users);
    if (!line.find()) {
      throw StorageChecks.nowhere(container.name() + " has no user " + App.USER);
    }
    return new Entry(Long.parseLong(line.group(1)), Long.parseLong(line.group(2)), 0, false);
  }

  private static boolean mayWrite(Entry app, Entry entry) {
    var owner = entry.user() == app.user();
    var shift = owner ? 6 : entry.group() == app.group() ? 3 : 0;
    var needed = entry.folder() ? 3 : 2;
    return (entry.mode() >> shift & needed) == needed;
  }
}
