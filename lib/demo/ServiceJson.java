package lib.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the Admin API writes a service down; as in Google's JSON, what is false is left out. */
record ServiceJson(Scenario scenario) {

  Map<String, Object> v2(Service service) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", scenario.path(service));
    json.put("updateTime", "2026-08-07T09:00:00Z");
    json.put("lastModifier", DemoStage.OPERATOR);
    json.put("ingress", service.ingress());
    json.put("template", template(service, false));
    if (service.role() == Role.WEB && !scenario.has(Fault.PARKED)) {
      json.put("scaling", Map.of("minInstanceCount", 1));
    }
    json.putAll(new Revisions(scenario, service).json());
    json.put("uri", service.uri());
    json.put("urls", service.addresses());
    if (service.invokerIamDisabled()) {
      json.put("invokerIamDisabled", true);
    }
    return json;
  }

  /** The revision that requests are pinned to is of the release before; others differ in less. */
  Map<String, Object> revision(Service service, String name) {
    var pinned =
        service.role() == Role.WEB
            && scenario.has(Fault.TRAFFIC_PINNED)
            && !new Revisions(scenario, service).isNewest(name);
    var json = new LinkedHashMap<String, Object>();
    json.put("name", scenario.path(service) + "/revisions/" + name);
    json.putAll(template(service, pinned));
    return json;
  }

  Map<String, Object> policy(Service service) {
    var binding = Map.of("role", "roles/run.invoker", "members", service.invokers());
    return Map.of("version", 1, "etag", "demo", "bindings", List.of(binding));
  }

  /** The v1 API's list of services, wherever they are. */
  Map<String, Object> list(List<Service> services) {
    var items = services.stream().map(this::v1).toList();
    return Map.of("kind", "ServiceList", "metadata", Map.of(), "items", items);
  }

  private Map<String, Object> v1(Service service) {
    var ingress = service.ingress().equals(Service.ALL) ? "all" : "internal";
    var metadata =
        Map.of(
            "name", service.name(),
            "namespace", scenario.project(),
            "labels", Map.of("cloud.googleapis.com/location", scenario.region()),
            "annotations", Map.of("run.googleapis.com/ingress", ingress));
    return Map.of("kind", "Service", "metadata", metadata, "status", Map.of("url", service.uri()));
  }

  private Map<String, Object> template(Service service, boolean before) {
    var app = scenario.app();
    var mcp = service.role() == Role.MCP;
    var left = service.role() == Role.WORKER && scenario.has(Fault.IMAGES_DIFFER);
    var tag = before || left || scenario.has(Fault.IMAGE_OLDER) ? "09e273f" : "5b1f0c3";
    var moved = service.role() == Role.WORKER && scenario.has(Fault.REPOSITORIES_DIFFER);
    var image =
        "images.example.invalid/%s/%s/%s-%s:%s"
            .formatted(scenario.project(), moved ? "staging" : app, app, mcp ? "mcp" : "web", tag);
    var environment = mcp ? environmentOfMcp(service) : environment(service, before);
    var env =
        environment.entrySet().stream()
            .map(variable -> Map.of("name", variable.getKey(), "value", variable.getValue()))
            .toList();
    var container = Map.of("image", image, "env", env);
    return Map.of("serviceAccount", scenario.serviceAccount(), "containers", List.of(container));
  }

  private Map<String, String> environment(Service service, boolean before) {
    var environment = new LinkedHashMap<String, String>();
    environment.put("APP_ROLE", service.role().id());
    environment.put("GCP_APP_NAME", scenario.app());
    var other = service.role() == Role.WORKER && scenario.has(Fault.STAGE_OF_ANOTHER);
    environment.put("VALIDIBOT_STAGE", other ? "another" : scenario.stage());
    if (scenario.shape() == Shape.CURRENT) {
      var left = service.role() == Role.WORKER && scenario.has(Fault.VERSIONS_DIFFER);
      var older = before || left || scenario.has(Fault.VERSION_OLDER);
      var newer = scenario.has(Fault.RELEASE_NEWER);
      environment.put("VALIDIBOT_VERSION", newer ? "v0.15.0" : older ? "v0.13.2" : "v0.14.0");
    }
    return environment;
  }

  private static Map<String, String> environmentOfMcp(Service service) {
    return Map.of(
        "VALIDIBOT_MCP_BASE_URL", service.uri() + "/mcp", "VALIDIBOT_MCP_ENABLED", "true");
  }
}
