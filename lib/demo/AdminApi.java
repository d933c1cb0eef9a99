package lib.demo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The Cloud Run Admin API: v2 for one service and its policy, v1 to find services anywhere. */
final class AdminApi implements Handler {

  private static final Pattern SERVICE =
      Pattern.compile(
          "/v2/projects/([^/]+)/locations/([^/]+)/services/([^/:]+)"
              + "(:getIamPolicy|/revisions/([^/:]+))?");
  private static final Pattern LIST =
      Pattern.compile(
          "/(?:apis/serving.knative.dev/v1/namespaces/([^/]+)|v1/projects/([^/]+)/locations/-)"
              + "/services");

  private final Scenario scenario;
  private final Tokens tokens;
  private final List<Service> services;
  private final ServiceJson json;
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();

  AdminApi(Scenario scenario, Tokens tokens, Service... services) {
    this.scenario = scenario;
    this.tokens = tokens;
    this.services = List.of(services).stream().filter(Service::exists).toList();
    this.json = new ServiceJson(scenario);
  }

  @Override
  public Answer answer(Request request) {
    if (scenario.has(Fault.ADMIN_BUSY)) {
      // Each address by itself, so that it does not matter in which order they are asked.
      var times = asked.merge(request.path(), 1, Integer::sum);
      if (times <= 2) {
        return times == 1
            ? Answer.error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.")
            : Answer.error(503, "UNAVAILABLE", "The service is currently unavailable.");
      }
    }
    return tokens.unauthenticated(request).orElseGet(() -> found(request.path()));
  }

  private Answer found(String path) {
    var one = SERVICE.matcher(path);
    if (one.matches()) {
      return denied(one.group(1))
          .orElseGet(
              () ->
                  one.group(5) == null
                      ? service(one.group(2), one.group(3), one.group(4) != null)
                      : revision(one.group(2), one.group(3), one.group(5)));
    }
    var all = LIST.matcher(path);
    if (all.matches()) {
      return denied(Optional.ofNullable(all.group(1)).orElseGet(() -> all.group(2)))
          .orElseGet(() -> Answer.json(200, json.list(services)));
    }
    return Answer.error(404, "NOT_FOUND", "Method not found.");
  }

  private Optional<Answer> denied(String project) {
    var message = "Permission denied on resource project %s (or it may not exist).";
    return scenario.has(Fault.ADMIN_DENIED) || !project.equals(scenario.project())
        ? Optional.of(Answer.error(403, "PERMISSION_DENIED", message.formatted(project)))
        : Optional.empty();
  }

  private Answer service(String region, String name, boolean policy) {
    if (policy && scenario.has(Fault.POLICY_DENIED)) {
      var message = "Permission 'run.services.getIamPolicy' denied on resource '%s'.";
      return Answer.error(403, "PERMISSION_DENIED", message.formatted(name));
    }
    return named(region, name)
        .map(service -> Answer.json(200, policy ? json.policy(service) : json.v2(service)))
        .orElseGet(() -> missing(name));
  }

  private Answer revision(String region, String name, String revision) {
    return named(region, name)
        .filter(service -> revision.startsWith(service.name() + "-"))
        .map(service -> Answer.json(200, json.revision(service, revision)))
        .orElseGet(() -> missing(revision));
  }

  private Optional<Service> named(String region, String name) {
    return services.stream()
        .filter(service -> service.name().equals(name) && scenario.region().equals(region))
        .findFirst();
  }

  private static Answer missing(String name) {
    return Answer.error(404, "NOT_FOUND", "Resource '" + name + "' was not found");
  }
}
