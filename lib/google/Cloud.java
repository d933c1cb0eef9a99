package lib.google;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import lib.http.Http;
import lib.http.Trace;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.Background;
import lib.target.CannotVerify;
import lib.target.Service;
import lib.target.Stage;
import lib.target.Target;
import lib.target.Target.Part;
import okhttp3.HttpUrl;

/** What Google knows of a stage: all that the look-up told, and what tests ask for beside it. */
public final class Cloud {

  private final Target target;
  private final Map<String, Described> described;
  private final Optional<CloudRun> api;
  private final boolean anonymous;
  private final List<HttpUrl> aliases;
  private final Map<String, CompletableFuture<Policy>> policies;
  private final Trace trace;

  private Cloud(
      Target target,
      Map<String, Described> described,
      Optional<CloudRun> api,
      boolean anonymous,
      List<HttpUrl> aliases,
      Map<String, CompletableFuture<Policy>> policies,
      Trace trace) {
    this.target = target;
    this.described = described;
    this.api = api;
    this.anonymous = anonymous;
    this.aliases = List.copyOf(aliases);
    this.policies = policies;
    this.trace = trace;
  }

  /**
   * @param anonymous whether credentials serve for the look-up, and for no more
   * @param aliases addresses of the worker that Google does not know
   */
  Cloud(TargetFinder.Found found, boolean anonymous, List<HttpUrl> aliases) {
    this(
        found.target(),
        Collections.synchronizedMap(new LinkedHashMap<>(found.described())),
        found.api(),
        anonymous,
        aliases,
        new ConcurrentHashMap<>(),
        new Trace());
  }

  /** Which stage all this is about. */
  public Stage stage() {
    return target.stage();
  }

  /** The same knowledge, for one test. */
  public Cloud tracedBy(Trace other) {
    return new Cloud(target, described, api, anonymous, aliases, policies, other);
  }

  /** Say something although the promise is kept. */
  public void remark(String remark) {
    if (!remark.isEmpty()) {
      trace.remark(remark);
    }
  }

  /**
   * The service of a role.
   *
   * @param role {@code web} or {@code worker}
   * @throws NotKept with the reason, when Google was not asked about it
   */
  public Described service(String role) {
    var part = role.equals("web") ? target.web() : target.worker();
    if (part instanceof Part.Outside outside) {
      throw Verdict.skipped(
              "The %s is outside this target: %s.".formatted(named(role), outside.reason()))
          .asException();
    }
    var known = Optional.ofNullable(described.get(((Part.Within) part).service().name()));
    return known.orElseThrow(
        () ->
            Verdict.skipped(
                    "Google told nothing of the "
                        + named(role)
                        + ": its address was given by hand, and no look-up found it.")
                .asException());
  }

  /**
   * The service of a role; looked up once more when its roll-out was under way.
   *
   * @throws NotKept as {@link #service} does
   */
  public Described latest(String role) {
    var known = service(role);
    if (!known.rollout().underWay() || api.isEmpty()) {
      return known;
    }
    var service = known.service();
    try {
      var found = api.get().find(service.name(), service.place(), Optional.of(service.url()));
      found.ifPresent(it -> described.put(it.service().name(), it));
      return found.orElse(known);
    } catch (CannotVerify e) {
      return known; // the next best thing
    }
  }

  /**
   * The service as the revision is that gets all requests: after a roll-back, an older one.
   *
   * @return nothing when several get some, or when Google does not tell
   */
  public Optional<Described> serving(Described service) {
    return service.rollout().newestServes()
        ? Optional.of(service)
        : service.rollout().only().flatMap(it -> api.flatMap(api -> api.revision(service, it)));
  }

  /** Every service that Google was asked about. */
  public List<Described> services() {
    synchronized (described) {
      return List.copyOf(described.values());
    }
  }

  /** The VALIDIBOT_VERSION of the web service; empty when it has none, or that is not known. */
  public String version() {
    var web = target.web() instanceof Part.Within within ? within.service().name() : "";
    return Optional.ofNullable(described.get(web))
        .filter(it -> it.rollout().newestServes())
        .map(Described::version)
        .orElse("");
  }

  /** Whether that is the public address by the stage's own env file; others may be from inside. */
  boolean isPublic(HttpUrl url) {
    return target.site().filter(it -> Http.isSameOrigin(it, url)).isPresent();
  }

  /** The roles of the services that are asked although Google told nothing of them. */
  public List<String> untold() {
    var roles = new ArrayList<String>();
    if (target.web() instanceof Part.Within web && !described.containsKey(web.service().name())) {
      roles.add("web");
    }
    if (target.worker() instanceof Part.Within worker
        && !described.containsKey(worker.service().name())) {
      roles.add("worker");
    }
    return roles;
  }

  /** Whether Google was asked about all that there is to be verified. */
  boolean knowsAll() {
    return target.web() instanceof Part.Within
        && target.worker() instanceof Part.Within
        && untold().isEmpty();
  }

  /** All addresses of a worker that are known, the one that all other tests ask first. */
  List<HttpUrl> addresses(Service worker) {
    var all = new LinkedHashSet<>(List.of(worker.url()));
    all.addAll(worker.own());
    all.addAll(aliases);
    return List.copyOf(all);
  }

  /**
   * Who may do what with a service; asked once, however many tests want to know.
   *
   * @throws NotKept with the reason, when that cannot be read
   */
  Policy policy(Described service) {
    if (anonymous) {
      throw Verdict.skipped("--anonymous: IAM policies are not read.").asException();
    }
    var asked =
        policies.computeIfAbsent(
            service.service().name(),
            name -> Background.begin(() -> api.orElseThrow().policy(service.service())));
    try {
      return asked.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RunApi.Useless || e.getCause() instanceof CannotVerify) {
        throw unreadable(service.service(), e.getCause().getMessage());
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static NotKept unreadable(Service service, String reason) {
    return new Verdict(
            Status.UNVERIFIED,
            List.of("asked: the IAM policy of " + service.name(), "came back: " + reason),
            "What Google itself says of who may call a service is one of the witnesses here.",
            List.of("To look yourself:", "  " + service.gcloud("get-iam-policy")))
        .asException();
  }

  private static String named(String role) {
    return role.equals("web") ? "web service" : role;
  }
}
