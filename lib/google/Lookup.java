package lib.google;

import static lib.target.Config.Key.PROJECT;
import static lib.target.Config.Key.REGION;
import static lib.target.Config.Key.RUN_API;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.http.Client;
import lib.http.Http;
import lib.target.Background;
import lib.target.CannotVerify;
import lib.target.Config;
import lib.target.Place;
import lib.target.Service;
import lib.target.Setting;
import okhttp3.HttpUrl;

/** Looks services up in their project, and in all its regions when nobody said in which. */
final class Lookup {

  private static final String RUN_APP = ".run.app";

  private final Config config;
  private final GoogleIdentity identity;
  private final Client http;
  private final Instant deadline;
  private final Map<String, Described> found = new LinkedHashMap<>();
  private final Map<String, CompletableFuture<Optional<Described>>> others = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private Map<String, HttpUrl> given = Map.of();
  private Optional<CloudRun> api = Optional.empty();
  private Instant patience = Instant.MAX;
  private Place place;

  Lookup(Config config, GoogleIdentity identity, Client http, Instant deadline) {
    this.config = config;
    this.identity = identity;
    this.http = http;
    this.deadline = deadline;
    this.place = new Place(config.find(PROJECT), config.get(REGION));
  }

  /** Where services are looked up: as configured, or where they were found. */
  Place place() {
    return place;
  }

  /** What was found so far, by name. */
  Map<String, Described> found() {
    return new LinkedHashMap<>(found);
  }

  /** Whom to ask for more; nobody, when nothing was looked up. */
  Optional<CloudRun> api() {
    return api;
  }

  /** What a reader should know about where they were found. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * A service that the stage may do without, which may have been asked for before.
   *
   * @return nothing when there is none
   * @throws CannotVerify when that cannot be told, or not soon
   */
  Optional<Described> other(String name) {
    var asked = others.computeIfAbsent(name, it -> asked(api.orElseThrow(), it, place));
    var left = Math.max(1, Duration.between(Instant.now(), patience).toMillis());
    try {
      return Background.joined(asked.copy().orTimeout(left, TimeUnit.MILLISECONDS));
    } catch (CompletionException e) {
      throw CloudRun.failed(name, place, "no answer in time");
    }
  }

  /**
   * A service at the address given for it, with what Google tells of it.
   *
   * @throws CannotVerify when Google tells nothing of it, or of another service
   */
  Service given(String name) {
    var url = given.get(name);
    var told =
        other(name).orElseThrow(() -> CloudRun.failed(name, place, "it does not exist there"));
    if (isGoogles(url)
        && told.service().own().stream().noneMatch(it -> Http.isSameOrigin(it, url))) {
      throw CloudRun.failed(name, place, url + " is no address of it");
    }
    found.put(name, told);
    return told.service().at(url);
  }

  /** Whether Google would know it, were it an address of a service; none is on this machine. */
  private static boolean isGoogles(HttpUrl url) {
    return url.host().endsWith(RUN_APP) || Http.isLoopback(url);
  }

  /**
   * Look services up, all at once.
   *
   * @param byHand those whose addresses were given: they are asked for beside them, and need not be
   *     there
   * @param mcp one more of that kind
   * @throws CannotVerify when one of them is not found, or when that cannot be told
   */
  void find(List<String> names, Map<String, HttpUrl> byHand, Optional<String> mcp) {
    if (place.project().isEmpty()) {
      throw new CannotVerify(
          "Failed to get service URL of "
              + String.join(" and ", names)
              + ": no Google Cloud project is set.\nGive --project ID, set GCP_PROJECT_ID, or:\n"
              + "  gcloud config set project ID");
    }
    var token = Background.begin(identity::accessToken);
    var run =
        new CloudRun(
            new RunApi(http, config.get(RUN_API), () -> Background.joined(token), deadline));
    api = Optional.of(run);
    given = byHand;
    var optional = Stream.concat(byHand.keySet().stream(), mcp.stream()).toList();
    optional.forEach(name -> others.put(name, asked(run, name, place)));
    var found = findAll(run, names, place);
    patience = soon();
    if (found.size() == names.size()) {
      this.found.putAll(found);
      return;
    }
    var missing = names.stream().filter(name -> !found.containsKey(name)).findFirst().orElseThrow();
    if (place.region().origin() != Setting.Origin.DEFAULT) {
      throw CloudRun.failed(missing, place, "it does not exist there");
    }
    this.found.putAll(findElsewhere(run, names, optional, missing));
    patience = soon();
  }

  /** Nobody said which region, and the default has no such service: search the project, once. */
  private Map<String, Described> findElsewhere(
      CloudRun run, List<String> names, List<String> optional, String missing) {
    var regions = run.regionsWith(Set.copyOf(names), place);
    if (regions.isEmpty()) {
      throw CloudRun.failed(missing, place, "it does not exist there, nor in any other region");
    }
    if (regions.size() > 1) {
      throw CloudRun.failed(
          missing,
          place,
          "it does not exist there, but %s have services of this stage. Give --region, one of them"
              .formatted(String.join(", ", regions)),
          place.in(new Setting(regions.iterator().next(), Setting.Origin.DEFAULT, "found")));
    }
    var region = regions.iterator().next();
    var other = place;
    if (!region.equals(place.region().value())) {
      other = place.in(new Setting(region, Setting.Origin.DEFAULT, "found in the project"));
    }
    var elsewhere = other;
    optional.forEach(name -> others.put(name, asked(run, name, elsewhere)));
    var found = findAll(run, names, other);
    for (var name : names) {
      if (!found.containsKey(name)) {
        throw CloudRun.failed(name, other, "it does not exist there");
      }
    }
    var configured = place.region().value();
    place = other;
    notes.add(
        "No region was configured, and %s has no %s: using %s, the one region that has it."
            .formatted(configured, missing, region));
    return found;
  }

  /** Ask for all services at once. */
  private Map<String, Described> findAll(CloudRun run, List<String> names, Place place) {
    var asked =
        names.stream().collect(Collectors.toMap(name -> name, name -> asked(run, name, place)));
    var found = new LinkedHashMap<String, Described>();
    for (var name : names) {
      Background.joined(asked.get(name)).ifPresent(service -> found.put(name, service));
    }
    return found;
  }

  private CompletableFuture<Optional<Described>> asked(CloudRun run, String name, Place place) {
    var address = Optional.ofNullable(given.get(name));
    return Background.begin(() -> run.find(name, place, address));
  }

  /** What a run can do without must not take its time. */
  private Instant soon() {
    var third = Duration.between(Instant.now(), deadline).dividedBy(3);
    var timeout = Duration.ofMillis(http.callTimeoutMillis());
    return Instant.now().plus(third.compareTo(timeout) < 0 ? third : timeout);
  }
}
