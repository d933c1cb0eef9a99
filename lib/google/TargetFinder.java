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
  private final boolean withMcp;
  private final List<String> notes = new ArrayList<>();
  private Place lookedIn;

  public TargetFinder(
      TargetOptions options,
      Environment environment,
      Config config,
      GoogleIdentity identity,
      OkHttpClient http,
      Instant deadline,
      boolean withMcp) {
    this.options = options;
    this.environment = environment;
    this.config = config;
    this.identity = identity;
    this.http = http;
    this.deadline = deadline;
    this.withMcp = withMcp;
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
    var mcpName = stage.service(app, "mcp");
    var mcp = options.mcpUrl.<Part>map(url -> new Part.Within(Service.at(url, mcpName, place)));

    var parts = new LinkedHashMap<String, Part>();
    given.forEach((name, url) -> parts.put(name, new Part.Within(Service.at(url, name, place))));
    var anyGiven = !given.isEmpty() || mcp.isPresent();
    var blocker = anyGiven ? whyNotLookedUp(place) : Optional.<String>empty();
    if (blocker.isPresent()) {
      wanted.forEach(name -> parts.put(name, new Part.Outside(blocker.get())));
    } else if (!wanted.isEmpty()) {
      var found =
          lookUp(wanted, withMcp && mcp.isEmpty() ? Optional.of(mcpName) : Optional.empty(), place);
      found.services().forEach((name, service) -> parts.put(name, new Part.Within(service)));
      mcp = mcp.or(found::optional);
    }
    if (parts.get(webName) instanceof Part.Within web && wanted.contains(webName)) {
      parts.put(webName, new Part.Within(reachable(web.service(), stage)));
    }
    return new Target(
        stage,
        parts.get(webName),
        parts.get(workerName),
        mcp.orElseGet(
            () -> new Part.Without("No address was given for an MCP service: --mcp-url.")),
        settings(),
        notes);
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

  /**
   * What a look-up found.
   *
   * @param optional the service that a stage may do without, where it was wanted
   */
  private record Found(Map<String, Service> services, Optional<Part> optional) {

    boolean has(List<String> names) {
      return services.keySet().containsAll(names);
    }
  }

  private Found lookUp(List<String> names, Optional<String> optional, Place place) {
    if (place.project().isEmpty()) {
      throw new CannotVerify(
          "Failed to get service URL of "
              + String.join(" and ", names)
              + ": no Google Cloud project is set.\nGive --project ID, set GCP_PROJECT_ID, or:\n"
              + "  gcloud config set project ID");
    }
    var token = Background.begin(identity::accessToken);
    var api = new CloudRun(http, config.get(RUN_API), () -> joined(token), deadline);
    var found = findAll(api, names, optional, place);
    if (found.has(names)) {
      return found;
    }
    var missing = missing(names, found);
    if (place.region().origin() != Setting.Origin.DEFAULT) {
      throw CloudRun.failed(missing, place, "it does not exist there");
    }
    return findElsewhere(api, names, optional, missing, place);
  }

  /** Nobody said which region, and the default has no such service: search the project, once. */
  private Found findElsewhere(
      CloudRun api, List<String> names, Optional<String> optional, String missing, Place place) {
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
    var found = findAll(api, names, optional, other);
    if (!found.has(names)) {
      throw CloudRun.failed(missing(names, found), other, "it does not exist there");
    }
    lookedIn = other;
    notes.add(
        "No region was configured, and %s has no %s: using %s, the one region that has it."
            .formatted(place.region().value(), missing, region));
    return found;
  }

  private static String missing(List<String> names, Found found) {
    return names.stream()
        .filter(name -> !found.services().containsKey(name))
        .findFirst()
        .orElseThrow();
  }

  /** Ask for all services at once. */
  private static Found findAll(
      CloudRun api, List<String> names, Optional<String> optional, Place place) {
    var other = optional.map(name -> Background.begin(() -> optional(api, name, place)));
    var asked =
        names.stream()
            .collect(
                Collectors.toMap(
                    name -> name, name -> Background.begin(() -> api.find(name, place))));
    var found = new LinkedHashMap<String, Service>();
    for (var name : names) {
      joined(asked.get(name)).ifPresent(service -> found.put(name, service));
    }
    return new Found(found, other.map(TargetFinder::joined));
  }

  /** A service that may be absent; that nobody may look at it is no reason to look at nothing. */
  private static Part optional(CloudRun api, String name, Place place) {
    try {
      var service = api.find(name, place);
      if (service.isEmpty()) {
        return new Part.Without("This stage has no MCP service (" + name + ").");
      }
      return service.get().ingress().keepsStrangersOut()
          ? new Part.Outside(
              "ingress of %s is %s, and its public address was not given (--mcp-url)"
                  .formatted(name, service.get().ingress()))
          : new Part.Within(service.get());
    } catch (CannotVerify e) {
      return new Part.Outside("the Admin API does not tell whether there is " + name);
    }
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
