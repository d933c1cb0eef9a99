package lib.google;

import static lib.target.Config.Key.PROJECT;
import static lib.target.Config.Key.REGION;
import static lib.target.Config.Key.RUN_API;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import lib.http.Client;
import lib.target.Background;
import lib.target.CannotVerify;
import lib.target.Config;
import lib.target.Place;
import lib.target.Setting;

/** Looks services up in their project, and in all its regions when nobody said in which. */
final class Lookup {

  private final Config config;
  private final GoogleIdentity identity;
  private final Client http;
  private final Instant deadline;
  private final Map<String, Described> found = new LinkedHashMap<>();
  private final Map<String, CompletableFuture<Optional<Described>>> others = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private Optional<CloudRun> api = Optional.empty();
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
   * @throws CannotVerify when that cannot be told
   */
  Optional<Described> other(String name) {
    return Background.joined(
        others.computeIfAbsent(name, it -> asked(api.orElseThrow(), it, place)));
  }

  /**
   * Look services up, all at once.
   *
   * @param other one that is asked for beside them, and that need not be there
   * @throws CannotVerify when one of them is not found, or when that cannot be told
   */
  void find(List<String> names, Optional<String> other) {
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
    other.ifPresent(name -> others.put(name, asked(run, name, place)));
    var found = findAll(run, names, place);
    if (found.size() == names.size()) {
      this.found.putAll(found);
      return;
    }
    var missing = names.stream().filter(name -> !found.containsKey(name)).findFirst().orElseThrow();
    if (place.region().origin() != Setting.Origin.DEFAULT) {
      throw CloudRun.failed(missing, place, "it does not exist there");
    }
    this.found.putAll(findElsewhere(run, names, other, missing));
  }

  /** Nobody said which region, and the default has no such service: search the project, once. */
  private Map<String, Described> findElsewhere(
      CloudRun run, List<String> names, Optional<String> optional, String missing) {
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
    optional.ifPresent(name -> others.put(name, asked(run, name, elsewhere)));
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
  private static Map<String, Described> findAll(CloudRun run, List<String> names, Place place) {
    var asked =
        names.stream().collect(Collectors.toMap(name -> name, name -> asked(run, name, place)));
    var found = new LinkedHashMap<String, Described>();
    for (var name : names) {
      Background.joined(asked.get(name)).ifPresent(service -> found.put(name, service));
    }
    return found;
  }

  private static CompletableFuture<Optional<Described>> asked(
      CloudRun run, String name, Place place) {
    return Background.begin(() -> run.find(name, place));
  }
}
