package lib.google;

import static lib.target.Config.Key.APP_NAME;
import static lib.target.Config.Key.PROJECT;
import static lib.target.Config.Key.REGION;
import static lib.target.Config.Key.RUN_API;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import lib.http.Http;
import lib.target.Background;
import lib.target.CannotVerify;
import lib.target.Config;
import lib.target.Environment;
import lib.target.Ingress;
import lib.target.Place;
import lib.target.Service;
import lib.target.Setting;
import lib.target.SiteUrl;
import lib.target.Stage;
import lib.target.Target;
import lib.target.Target.Part;
import lib.target.TargetOptions;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** From a stage to its services: addresses given by hand, else those that Google knows. */
public final class TargetFinder {

  private final TargetOptions options;
  private final Environment environment;
  private final Config config;
  private final GoogleIdentity identity;
  private final OkHttpClient http;
  private final Instant deadline;
  private final List<String> notes = new ArrayList<>();
  private Place lookedIn;

  public TargetFinder(
      TargetOptions options,
      Environment environment,
      Config config,
      GoogleIdentity identity,
      OkHttpClient http,
      Instant deadline) {
    this.options = options;
    this.environment = environment;
    this.config = config;
    this.identity = identity;
    this.http = http;
    this.deadline = deadline;
    this.lookedIn = new Place(config.find(PROJECT), config.get(REGION));
  }

  /**
   * Find the services of a stage.
   *
   * @throws CannotVerify when a service cannot be found, or when it cannot be known whether it is
   *     there
   */
  public Target find(Stage stage) {
    var place = lookedIn;
    var app = config.get(APP_NAME).value();
    var webName = stage.service(app, "web");
    var workerName = stage.service(app, "worker");
    var given = new LinkedHashMap<String, HttpUrl>();
    options.webUrl.ifPresent(url -> given.put(webName, url));
    options.workerUrl.ifPresent(url -> given.put(workerName, url));
    if (given.size() == 2 && Http.isSameOrigin(given.get(webName), given.get(workerName))) {
      throw new CannotVerify("--web-url and --worker-url are the same: " + given.get(webName));
    }
    var wanted = new ArrayList<>(List.of(webName, workerName));
    wanted.removeAll(given.keySet());

    var parts = new LinkedHashMap<String, Part>();
    given.forEach((name, url) -> parts.put(name, new Part.Within(Service.at(url, name, place))));
    var blocker = given.isEmpty() ? Optional.<String>empty() : whyNotLookedUp(place);
    if (blocker.isPresent()) {
      wanted.forEach(name -> parts.put(name, new Part.Outside(blocker.get())));
    } else if (!wanted.isEmpty()) {
      lookUp(wanted, place).forEach((name, service) -> parts.put(name, new Part.Within(service)));
    }
    if (parts.get(webName) instanceof Part.Within web && wanted.contains(webName)) {
      parts.put(webName, new Part.Within(reachable(web.service(), stage)));
    }
    return new Target(stage, parts.get(webName), parts.get(workerName), settings(), notes);
  }

  /** Say that nobody answered in time. */
  CannotVerify unanswered(Stage stage, Duration deadline) {
    return CloudRun.failed(
        stage.service(config.get(APP_NAME).value(), "web"),
        lookedIn,
        "no answer by the deadline of " + deadline.toMillis() / 1000.0 + " s");
  }

  /** With one address given, the other service is looked up only if that was clearly meant. */
  private Optional<String> whyNotLookedUp(Place place) {
    var meant = place.project().filter(project -> project.origin().deliberate());
    if (meant.isEmpty()) {
      return Optional.of(
          place
              .project()
              .map(any -> "no address was given for it, and " + any + " may not be its project")
              .orElse("no address was given for it, and no project to look it up in"));
    }
    return identity.exists()
        ? Optional.empty()
        : Optional.of("no address was given for it, and no Google credentials to look it up with");
  }

  private Map<String, Service> lookUp(List<String> names, Place place) {
    if (place.project().isEmpty()) {
      throw new CannotVerify(
          "Failed to get service URL of "
              + String.join(" and ", names)
              + ": no Google Cloud project is set.\nGive --project ID, set GCP_PROJECT_ID, or:\n"
              + "  gcloud config set project ID");
    }
    var token = Background.begin(identity::accessToken);
    var api = new CloudRun(http, config.get(RUN_API), () -> joined(token), deadline);
    var found = findAll(api, names, place);
    if (found.size() == names.size()) {
      return found;
    }
    var missing = names.stream().filter(name -> !found.containsKey(name)).findFirst().orElseThrow();
    if (place.region().origin() != Setting.Origin.DEFAULT) {
      throw CloudRun.failed(missing, place, "it does not exist there");
    }
    return findElsewhere(api, names, missing, place);
  }

  /** Nobody said which region, and the default has no such service: search the project, once. */
  private Map<String, Service> findElsewhere(
      CloudRun api, List<String> names, String missing, Place place) {
    var regions = api.regionsWith(Set.copyOf(names), place);
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
    var found = findAll(api, names, other);
    for (var name : names) {
      if (!found.containsKey(name)) {
        throw CloudRun.failed(name, other, "it does not exist there");
      }
    }
    lookedIn = other;
    notes.add(
        "No region was configured, and %s has no %s: using %s, the one region that has it."
            .formatted(place.region().value(), missing, region));
    return found;
  }

  /** Ask for all services at once. */
  private static Map<String, Service> findAll(CloudRun api, List<String> names, Place place) {
    var asked =
        names.stream()
            .collect(
                Collectors.toMap(
                    name -> name, name -> Background.begin(() -> api.find(name, place))));
    var found = new LinkedHashMap<String, Service>();
    for (var name : names) {
      joined(asked.get(name)).ifPresent(service -> found.put(name, service));
    }
    return found;
  }

  /** The web service at an address that can answer: behind a load balancer that is SITE_URL. */
  private Service reachable(Service web, Stage stage) {
    if (!web.ingress().keepsStrangersOut()) {
      return web;
    }
    var site = SiteUrl.of(stage, environment);
    if (site.url().isPresent()) {
      notes.add(
          "%s has ingress %s: asking it at SITE_URL of %s."
              .formatted(web.name(), web.ingress(), site.file()));
      return web.at(site.url().get());
    }
    throw CloudRun.failed(
        web.name(),
        web.place(),
        """
        the web service has ingress %s: its address %s cannot answer from here.
        Give its public address: --web-url https://...
        It could also be read as SITE_URL of %s, but %s%s\
        """
            .formatted(
                web.ingress(),
                web.address(),
                site.file(),
                site.problem(),
                web.ingress() == Ingress.INTERNAL_LOAD_BALANCER
                    ? ""
                    : ".\nA stage that is parked or in maintenance looks like this, too"));
  }

  private List<String> settings() {
    return List.of(
        "project " + lookedIn.project().map(Setting::toString).orElse("(not set)"),
        "region " + lookedIn.region(),
        "app name " + config.get(APP_NAME));
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
