package lib.google;

import static java.util.stream.Collectors.joining;
import static lib.target.Config.Key.APP_NAME;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.http.Client;
import lib.http.Http;
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

/** From a stage to its services: addresses given by hand, else those that Google knows. */
final class TargetFinder {

  private final TargetOptions options;
  private final Environment environment;
  private final Config config;
  private final GoogleIdentity identity;
  private final boolean withMcp;
  private final List<String> notes = new ArrayList<>();
  private final Lookup lookup;

  /**
   * A stage, and what Google knows of it.
   *
   * @param described the services that were looked up, by name
   * @param api whom to ask for more; nobody when all addresses were given by hand
   */
  record Found(Target target, Map<String, Described> described, Optional<CloudRun> api) {}

  TargetFinder(
      TargetOptions options,
      Environment environment,
      Config config,
      GoogleIdentity identity,
      Client http,
      Instant deadline,
      boolean withMcp) {
    this.options = options;
    this.environment = environment;
    this.config = config;
    this.identity = identity;
    this.withMcp = withMcp;
    this.lookup = new Lookup(config, identity, http, deadline);
  }

  /**
   * Find the services of a stage.
   *
   * @throws CannotVerify when a service cannot be found, or when it cannot be known whether it is
   *     there
   */
  Found find(Stage stage) {
    var place = lookup.place();
    var app = config.get(APP_NAME).value();
    var webName = stage.service(app, "web");
    var workerName = stage.service(app, "worker");
    var given = new LinkedHashMap<String, HttpUrl>();
    options.webUrl.ifPresent(url -> given.put(webName, url));
    options.workerUrl.ifPresent(url -> given.put(workerName, url));
    options.webUrl.ifPresent(this::refuseAsAlias);
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
    } else if (isLookedUp(wanted, given, mcp.isEmpty() ? mcpName : "")) {
      lookup.found().forEach((name, it) -> parts.put(name, new Part.Within(it.service())));
      given.keySet().forEach(name -> told(name).ifPresent(it -> parts.put(name, it)));
      if (!wanted.isEmpty()) {
        Asleep.refuse(stage, lookup, workerName, mcpName);
      }
      if (withMcp && mcp.isEmpty()) {
        mcp = Optional.of(McpService.of(lookup, mcpName).part());
      }
    }
    var site = SiteUrl.of(stage, environment);
    if (parts.get(webName) instanceof Part.Within web) {
      web.service().own().forEach(this::refuseAsAlias);
      if (wanted.contains(webName)) {
        parts.put(webName, new Part.Within(reachable(web.service(), site)));
      }
    }
    var target =
        new Target(
            stage,
            parts.get(webName),
            parts.get(workerName),
            mcp.orElseGet(
                () -> new Part.Without("No address was given for an MCP service: --mcp-url.")),
            site.url(),
            settings(),
            notes());
    return new Found(target, lookup.found(), lookup.api());
  }

  /**
   * Look up what has no address, and beside it what has one. Where everything has one, Google is
   * asked for the sake of its word alone: that it cannot be asked is no reason to verify nothing.
   */
  private boolean isLookedUp(List<String> wanted, Map<String, HttpUrl> given, String mcpName) {
    if (wanted.isEmpty() && (!withMcp || options.anonymous)) {
      return false;
    }
    try {
      lookup.find(wanted, given, Optional.of(mcpName).filter(it -> withMcp && !it.isEmpty()));
      return true;
    } catch (CannotVerify e) {
      if (!wanted.isEmpty()) {
        throw e;
      }
      noteUntold(e);
      return false;
    }
  }

  /** A service whose address was given, with what Google tells of it, if it does. */
  private Optional<Part> told(String name) {
    try {
      return Optional.of(new Part.Within(lookup.given(name)));
    } catch (CannotVerify e) {
      noteUntold(e);
      return Optional.empty();
    }
  }

  private void noteUntold(CannotVerify problem) {
    var why = problem.getMessage().lines().limit(2).map(String::strip).collect(joining(" "));
    var note = "Not looked up, the address was given by hand. " + why;
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  /** A web service lets strangers in, and taken for the worker that would be an alarm. */
  private void refuseAsAlias(HttpUrl web) {
    if (options.workerAliases.stream().anyMatch(alias -> Http.isSameOrigin(alias, web))) {
      throw new CannotVerify("--worker-alias is the address of the web service: " + web);
    }
  }

  /** Say that nobody answered in time. */
  CannotVerify unanswered(Stage stage, Duration deadline) {
    return CloudRun.failed(
        stage.service(config.get(APP_NAME).value(), "web"),
        lookup.place(),
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

  /** The web service at an address that can answer: behind a load balancer that is SITE_URL. */
  private Service reachable(Service web, SiteUrl site) {
    if (!web.ingress().keepsStrangersOut()) {
      return web;
    }
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

  private List<String> notes() {
    return Stream.concat(lookup.notes().stream(), notes.stream()).toList();
  }

  private List<String> settings() {
    var place = lookup.place();
    return List.of(
        "project " + place.project().map(Setting::toString).orElse("(not set)"),
        "region " + place.region(),
        "app name " + config.get(APP_NAME));
  }
}
