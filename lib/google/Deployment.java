package lib.google;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import lib.http.Client;
import lib.http.Http;
import lib.http.IdToken;
import lib.http.Mcp;
import lib.http.Proxies;
import lib.http.Traffic;
import lib.http.Web;
import lib.http.Worker;
import lib.report.Redaction;
import lib.target.Background;
import lib.target.CannotVerify;
import lib.target.Environment;
import lib.target.Gcloud;
import lib.target.Place;
import lib.target.Stage;
import lib.target.Target;
import lib.target.Target.Part;
import lib.target.TargetOptions;
import okhttp3.HttpUrl;

/** A deployed stage, found and ready to be asked. */
public final class Deployment {

  private static final Duration TOLD_BEFORE = Duration.ofMillis(1500);
  private static final Duration FOR_THE_HEADER = Duration.ofSeconds(1);

  private final TargetOptions options;
  private final Client http;
  private final Traffic traffic;
  private final GoogleIdentity identity;
  private final TargetFinder.Found found;
  private final Target target;
  private final Instant deadline;
  private Optional<CompletableFuture<IdToken>> idToken = Optional.empty();

  private Deployment(
      TargetOptions options,
      Client http,
      Traffic traffic,
      GoogleIdentity identity,
      TargetFinder.Found found,
      Instant deadline) {
    this.options = options;
    this.http = http;
    this.traffic = traffic;
    this.identity = identity;
    this.found = found;
    this.target = found.target();
    this.deadline = deadline;
  }

  /**
   * Find a stage.
   *
   * @param withMcp whether its MCP service is wanted, too
   * @param waiting is told, all the time, for how many seconds it has looked
   * @throws lib.target.CannotVerify when its services cannot be found
   */
  public static Deployment find(
      Stage stage,
      TargetOptions options,
      Environment environment,
      Redaction redaction,
      Instant deadline,
      boolean withMcp,
      LongConsumer waiting) {
    var gcloud = new Gcloud(environment);
    var config = options.config(environment, gcloud);
    var proxies = new Proxies(environment, redaction::add);
    var traffic = new Traffic();
    var http =
        Http.client(options.timeout, options.authorities, proxies)
            .with(it -> it.addInterceptor(traffic));
    var identity = new GoogleIdentity(environment, gcloud, config, http, redaction::add);
    var finder = new TargetFinder(options, environment, config, identity, http, deadline, withMcp);
    return new Deployment(
        options,
        http,
        traffic,
        identity,
        found(finder, stage, http, options.deadline, waiting),
        deadline);
  }

  /** Many answers may be needed to find a stage, so the deadline is for all of them together. */
  private static TargetFinder.Found found(
      TargetFinder finder, Stage stage, Client http, Duration deadline, LongConsumer waiting) {
    var found = Background.begin(() -> finder.find(stage));
    try {
      return Background.awaited(found, deadline, waiting);
    } catch (TimeoutException e) {
      http.cancelAll();
      throw finder.unanswered(stage, deadline);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotVerify("Interrupted.");
    }
  }

  /** What a reader should know about how the stage was found, and as whom. */
  public List<String> notes() {
    var notes = new ArrayList<>(target.notes());
    if (!options.anonymous || looked().isPresent()) {
      notes.addAll(identity.passedOver());
    }
    return notes;
  }

  /** The requests of this run so far. */
  public Traffic traffic() {
    return traffic;
  }

  public Target target() {
    return target;
  }

  /** The web service, where it is within the target. */
  public Optional<Web> web() {
    return target.web() instanceof Part.Within web
        ? Optional.of(new Web(http, web.service(), target.site(), options.coldStart))
        : Optional.empty();
  }

  /** The worker, where it is within the target. */
  public Optional<Worker> worker() {
    var access =
        new Worker.Access(
            this::idToken, options.anonymous, options.trustWorkerHost, addressesOfWeb());
    return target.worker() instanceof Part.Within worker
        ? Optional.of(new Worker(http, worker.service(), access, options.coldStart))
        : Optional.empty();
  }

  /** The MCP service, where it is within the target. */
  public Optional<Mcp> mcp() {
    return target.mcp() instanceof Part.Within mcp
        ? Optional.of(new Mcp(http, mcp.service(), addressesOfWeb(), options.coldStart))
        : Optional.empty();
  }

  /** What Google knows of it. */
  public Cloud cloud() {
    return new Cloud(found, options.anonymous, options.workerAliases);
  }

  private List<HttpUrl> addressesOfWeb() {
    var addresses = new ArrayList<HttpUrl>();
    if (target.web() instanceof Part.Within web) {
      addresses.add(web.service().url());
      addresses.addAll(web.service().own());
    }
    return addresses;
  }

  /** End every request that is under way. */
  public void abort() {
    http.cancelAll();
  }

  /**
   * Say what is verified, and as whom.
   *
   * @param settings whether to tell where each setting came from
   */
  public List<String> header(boolean settings) {
    var lines = new ArrayList<String>();
    lines.add("Verifying " + target.stage());
    lines.add("  web     " + address(target.web()));
    lines.add("  worker  " + address(target.worker()));
    if (target.mcp() instanceof Part.Within) {
      lines.add("  mcp     " + address(target.mcp()));
    }
    looked().ifPresent(place -> lines.add("  in      " + place));
    lines.add("  as      " + (options.anonymous ? "a stranger (--anonymous)" : invoker()));
    if (settings) {
      target.settings().forEach(setting -> lines.add("  " + setting));
    }
    return lines;
  }

  /** What a report tells of the stage, by name. */
  public Map<String, String> about() {
    var about = new LinkedHashMap<String, String>();
    about("web", target.web(), about);
    about("worker", target.worker(), about);
    about("mcp", target.mcp(), about);
    looked().ifPresent(place -> about.put("place", place.toString()));
    about.put("identity kind", options.anonymous ? "stranger" : identity.kind());
    if (!options.anonymous && !identity.description().equals("none")) {
      about.put("identity", identity.description());
    }
    return about;
  }

  private void about(String role, Part part, Map<String, String> about) {
    if (part instanceof Part.Within within) {
      about.put(role, within.service().address());
      Optional.ofNullable(found.described().get(within.service().name()))
          .map(Described::serving)
          .filter(revision -> !revision.isEmpty())
          .ifPresent(revision -> about.put(role + " revision", revision));
    }
  }

  /** Where the services were looked up; nowhere, when their addresses were given. */
  private Optional<Place> looked() {
    return Stream.of(target.web(), target.worker(), target.mcp())
        .filter(part -> part instanceof Part.Within within && within.service().lookedUp())
        .map(part -> ((Part.Within) part).service().place())
        .findFirst();
  }

  private String invoker() {
    if (looked().isEmpty()) {
      // Nothing was minted yet, so nobody knows whose sign-in still holds.
      worker()
          .ifPresent(
              it ->
                  Background.run(it::prepareInvoker)
                      .completeOnTimeout(null, FOR_THE_HEADER.toMillis(), TimeUnit.MILLISECONDS)
                      .join());
    }
    var description = identity.description();
    return description.equals("none") ? "a stranger: no Google credentials found" : description;
  }

  private static String address(Part part) {
    if (part instanceof Part.Within within) {
      var service = within.service();
      var ingress = service.ingress();
      return service.address() + (ingress.keepsStrangersOut() ? " (ingress " + ingress + ")" : "");
    }
    return "outside this target: " + ((Part.Outside) part).reason();
  }

  /**
   * One token is enough for a run; the audience is the same for all.
   *
   * @throws CannotVerify with what was tried, or when none came in time: that says nothing of the
   *     stage, so it must be told before the run's own deadline
   */
  private IdToken idToken(HttpUrl worker) {
    var left = Duration.between(Instant.now(), deadline.minus(TOLD_BEFORE));
    try {
      return minting(worker).get(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new CannotVerify("No ID token came in time: see --deadline, and try: gcloud auth list");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotVerify("Interrupted.");
    }
  }

  private synchronized CompletableFuture<IdToken> minting(HttpUrl worker) {
    if (idToken.isEmpty()) {
      idToken = Optional.of(Background.begin(() -> new IdToken(identity.idToken(worker).value())));
    }
    return idToken.get();
  }
}
