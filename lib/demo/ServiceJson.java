package lib.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the Admin API writes a service down; as in Google's JSON, what is false is left out. */
record ServiceJson(Scenario scenario) {

  private static final Map<String, Object> LATEST =
      Map.of("type", "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent", 100);

  Map<String, Object> v2(Service service) {
    var revision = path(service) + "/revisions/" + service.name() + "-0000";
    var json = new LinkedHashMap<String, Object>();
    json.put("name", path(service));
    json.put("generation", "7");
    json.put("observedGeneration", "7");
    json.put("updateTime", "2026-08-07T09:00:00Z");
    json.put("lastModifier", DemoStage.OPERATOR);
    json.put("ingress", service.ingress());
    json.put("template", template(service));
    json.put("traffic", List.of(LATEST));
    json.put("trafficStatuses", List.of(LATEST));
    json.put("terminalCondition", succeeded("Ready"));
    json.put("conditions", List.of(succeeded("RoutesReady")));
    json.put("latestReadyRevision", revision + "7");
    json.put("latestCreatedRevision", revision + "7");
    json.put("uri", service.uri());
    json.put("urls", service.addresses());
    if (service.invokerIamDisabled()) {
      json.put("invokerIamDisabled", true);
    }
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

  private Map<String, Object> template(Service service) {
    var app = scenario.app();
    var program = service.role() == Role.MCP ? "mcp" : "web";
    var image =
        "images.example.invalid/%s/%s/%s-%s:5b1f0c3"
            .formatted(scenario.project(), app, app, program);
    var environment = service.role() == Role.MCP ? environmentOfMcp(service) : environment(service);
    var env =
        environment.entrySet().stream()
            .map(variable -> Map.of("name", variable.getKey(), "value", variable.getValue()))
            .toList();
    var container = Map.of("image", image, "env", env);
    return Map.of("serviceAccount", scenario.serviceAccount(), "containers", List.of(container));
  }

  private Map<String, String> environment(Service service) {
    var environment = new LinkedHashMap<String, String>();
    environment.put("APP_ROLE", service.role().id());
    environment.put("GCP_APP_NAME", scenario.app());
    environment.put("VALIDIBOT_STAGE", scenario.stage());
    if (scenario.shape() == Shape.CURRENT) {
      environment.put("VALIDIBOT_VERSION", "v0.14.0");
    }
    return environment;
  }

  private static Map<String, String> environmentOfMcp(Service service) {
    return Map.of(
        "VALIDIBOT_MCP_BASE_URL", service.uri() + "/mcp", "VALIDIBOT_MCP_ENABLED", "true");
  }

  private static Map<String, String> succeeded(String type) {
    return Map.of("type", type, "state", "CONDITION_SUCCEEDED");
  }

  private String path(Service service) {
    var place = "projects/" + scenario.project() + "/locations/" + scenario.region();
    return place + "/services/" + service.name();
  }
}
