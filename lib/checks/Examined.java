package lib.checks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import lib.engine.Container;
import lib.engine.Engine;
import lib.engine.Stack;
import lib.http.Client;
import lib.http.Http;
import lib.report.Redaction;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.settings.Django;
import lib.settings.Gathering.Gathered;
import lib.target.CannotVerify;
import lib.target.Environment;

/**
 * The deployment that is examined: what its settings say, and the ways to what they name.
 *
 * @param database nothing when no setting names one
 * @param redis the broker's and the cache's; nothing when REDIS_URL is no URL of Redis
 * @param engine the container engine, or why there is none
 * @param source a checkout of Validibot, to compare with
 * @param timeout for each question
 * @param redaction for texts that are shortened, which could cut a secret in two, and for new
 *     secrets
 */
public record Examined(
    Gathered gathered,
    Network network,
    Optional<Database> database,
    Optional<Redis> redis,
    EngineFound engine,
    Client http,
    Environment environment,
    Optional<Path> source,
    Duration timeout,
    Redaction redaction) {

  private static final String FORM =
      "It has the form redis://USER:PASSWORD@HOST:6379/0 (or rediss://), with a number at the end,"
          + " and in the password each of / ? # @ : % percent-encoded.";

  private static final Verdict UNREADABLE =
      Verdict.failed(
          "REDIS_URL is no URL that both the cache and Celery can read",
          "Without its Redis neither works.",
          FORM);

  /** The settings as Django sees them. */
  public Django django() {
    return gathered.django();
  }

  /** The containers of this deployment. */
  public Optional<Stack> stack() {
    return gathered.stack();
  }

  /**
   * The container engine.
   *
   * @throws CannotVerify when there is none to ask
   */
  public Engine theEngine() {
    if (django().target() == DeploymentTarget.GCP) {
      throw new CannotVerify("on Google Cloud there is no container engine to ask");
    }
    return engine
        .engine()
        .orElseThrow(() -> new CannotVerify("no container engine answers: " + engine.problem()));
  }

  /**
   * The containers of this deployment as they are now, which may be others than at the start.
   *
   * @throws CannotVerify when there are none
   */
  public Stack stackNow() throws IOException {
    if (stack().isPresent()) {
      return stack().get().now();
    }
    throw new CannotVerify(
        gathered.stranger().isEmpty()
            ? "no containers of this deployment were found here"
            : "the containers found are another deployment's: " + gathered.stranger());
  }

  /**
   * See to it that a container is still the one that was asked: a command in one that ends, ends
   * with it, and that is no answer.
   *
   * @throws CannotVerify when it has ended meanwhile, or started anew
   */
  void expectStill(Container asked) throws IOException {
    // The engine tells the end of a command before that of its container.
    if (!runsOn(asked) || !later() || !runsOn(asked)) {
      throw new CannotVerify("the container " + asked.name() + " ended while it was asked");
    }
  }

  private boolean runsOn(Container asked) throws IOException {
    return stackNow().all(asked.service()).stream()
        .filter(it -> it.id().equals(asked.id()) && it.state().running())
        .anyMatch(it -> it.state().startedAt().equals(asked.state().startedAt()));
  }

  private static boolean later() {
    try {
      Thread.sleep(500);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A text of somebody else's in one short line, without secrets. */
  public String excerpt(String text) {
    return Http.excerpt(redaction.of(text));
  }

  /**
   * The database.
   *
   * @throws CannotVerify when it is not known, or not to be reached from here
   */
  public Database theDatabase() {
    var found =
        database.orElseThrow(
            () ->
                new CannotVerify(
                    "no database is configured: DATABASE_URL, or POSTGRES_HOST and POSTGRES_DB"));
    var socket = found.url().socket();
    if (socket.startsWith("/cloudsql/")) {
      throw new CannotVerify(
          "the database is behind the Cloud SQL socket %s, which is not here: start the Cloud SQL"
                  .formatted(socket)
              + " proxy and give DATABASE_URL with its address");
    }
    if (!socket.isEmpty()) {
      throw new CannotVerify(
          "the database is at the Unix socket " + socket + ", which is not asked from here");
    }
    return found;
  }

  /**
   * The Redis of the broker and of the cache.
   *
   * @throws lib.report.NotKept when REDIS_URL cannot be read
   */
  public Redis theRedis() {
    return redis.orElseThrow(
        () -> django().redisRefusal().map(Examined::refused).orElse(UNREADABLE).asException());
  }

  private static Verdict refused(String what) {
    return Verdict.failed(
        "REDIS_URL is no URL that both the cache and Celery can read: " + what,
        "It stops there, so whatever needs Redis fails.",
        "Remove that option. Both take those of TLS (ssl_...), with rediss:// only, and as"
            + " ssl_cert_reqs none, optional or required.",
        FORM);
  }

  /** A line to paste that has Compose do something with this deployment. */
  public String compose(String words) {
    var kind = django().target().production() ? "production" : "local";
    return stack()
        .map(it -> it.compose(words))
        .orElse("  docker compose -p validibot -f docker-compose." + kind + ".yml " + words);
  }

  /** The version of Validibot that runs, as its containers tell; nothing when none tells. */
  public Optional<String> version() {
    return stack()
        .flatMap(it -> it.service("web").or(() -> it.service("worker")))
        .map(it -> it.version().replaceFirst("^v", ""))
        .filter(it -> !it.isEmpty())
        .or(
            () ->
                django()
                    .variables()
                    .text("VALIDIBOT_VERSION")
                    .map(it -> it.replaceFirst("^v", "")));
  }
}
