package lib.checks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.checks.Check.Repair;
import lib.engine.Container;
import lib.engine.Engine;
import lib.engine.Engine.Executed;
import lib.settings.DatabaseUrl;
import lib.settings.DeploymentTarget;
import lib.settings.Django;
import lib.settings.Variables;
import lib.settings.Variables.Layer;
import lib.target.Setting;

/**
 * Validibot's own management commands, in the running web container. They go through its
 * entrypoint, which alone builds DATABASE_URL and becomes the app's user (validibot.md section
 * 1.2).
 */
record ManagePy(Examined examined) {

  /** They take 7 to 12 s to start (compose.md section 6). */
  private static final Duration LIMIT = Duration.ofSeconds(180);

  /** A large table takes its time, and whoever ends a migration half way has to know what to do. */
  private static final Duration LONG = Duration.ofHours(1);

  private static final String MIGRATE = "migrate";
  private static final String ENTRYPOINT = "/entrypoint python manage.py ";
  private static final Pattern REASON = Pattern.compile("[A-Za-z_][\\w.]*: .+");

  /**
   * Run commands one after another, up to the first that fails.
   *
   * @param what they do, as a sentence without a full stop
   * @return nothing when no web container runs, or the one that does has another database: an env
   *     file may be newer than the container
   */
  Optional<Repair> repair(String what, String... commands) {
    var stack = examined.stack();
    return stack
        .flatMap(it -> it.service("web"))
        .filter(it -> it.state().running() && hasOurDatabase(it))
        .map(
            web ->
                new Repair(
                    "%s, with manage.py in the container %s".formatted(what, web.name()),
                    () -> {
                      for (var command : commands) {
                        run(stack.orElseThrow().engine(), web, command);
                      }
                      return "done: " + String.join(", ", commands);
                    }));
  }

  private boolean hasOurDatabase(Container web) {
    var layer = new Layer(Setting.Origin.CONTAINER, web.name(), web.environment());
    var theirs = new Django(examined.django().target(), new Variables(List.of(layer))).database();
    return theirs
        .map(DatabaseUrl::address)
        .equals(examined.database().map(it -> it.url().address()));
  }

  /** What to type, or to do, in order to run a command by hand. */
  List<String> byHand(String command) {
    if (examined.django().target() == DeploymentTarget.GCP) {
      var job = command.startsWith(MIGRATE) ? "migrate" : "management";
      return List.of(job(job) + " It is to run manage.py " + command + ".");
    }
    var timeout = command.startsWith(MIGRATE) ? "" : "timeout " + LIMIT.toSeconds() + " ";
    return List.of(examined.compose("exec -T web " + timeout + ENTRYPOINT + command));
  }

  /** How to run one of the jobs that a stage on Cloud Run has (validibot.md section 1.1). */
  String job(String name) {
    var job = examined.django().variables().text("GCP_APP_NAME", "validibot") + "-" + name;
    return "Run the Cloud Run job %1$s (%1$s-STAGE outside prod).".formatted(job);
  }

  private void run(Engine engine, Container web, String command) throws IOException {
    var limit = command.startsWith(MIGRATE) ? LONG : LIMIT;
    var ended = engine.exec(web, "root", limit, (ENTRYPOINT + command).split(" "));
    if (ended.exitCode() != 0 && !isLacking(ended, command)) {
      throw new IOException("manage.py " + command + " " + reason(ended, limit));
    }
  }

  /** Releases before the reset of 2026-07-16 have no history to guard, and no such command. */
  private static boolean isLacking(Executed ended, String command) {
    return command.equals("check_migration_history")
        && ended.said().contains("Unknown command: 'check_migration_history'");
  }

  private String reason(Executed ended, Duration limit) {
    var lines = ended.said().lines().filter(it -> !it.isBlank()).map(String::strip).toList();
    if (ended.timedOut()) {
      var last = lines.stream().filter(it -> it.startsWith("Applying ")).reduce((a, b) -> b);
      return "did not end within "
          + limit.toSeconds()
          + " s"
          + last.map(it -> ", last: " + examined.excerpt(it)).orElse("");
    }
    var last = lines.isEmpty() ? "no word" : lines.get(lines.size() - 1);
    var reason =
        lines.stream().filter(it -> REASON.matcher(it).matches()).reduce((a, b) -> b).orElse(last);
    return "exited with " + ended.exitCode() + ": " + examined.excerpt(reason);
  }
}
