package lib.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the last roll-out of a service went, as the Admin API tells it. */
record Revisions(Scenario scenario, Service service) {

  private static final int PREVIOUS = 7;
  private static final Map<String, Object> LATEST =
      Map.of("type", "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent", 100);

  /** The members of the service's JSON that tell of it; what is false is left out. */
  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("generation", Integer.toString(newest()));
    json.put("observedGeneration", Integer.toString(settled() ? newest() : PREVIOUS));
    if (isOf(Role.WORKER, Fault.ROLLOUT_UNDER_WAY)) {
      json.put("reconciling", true);
    }
    json.put("traffic", targets(isOf(Role.WEB, Fault.TRAFFIC_PINNED)));
    json.put(
        "trafficStatuses",
        statuses(
            isOf(Role.WEB, Fault.TRAFFIC_PINNED) || isOf(Role.WEB, Fault.OLD_REVISION_SERVES)));
    json.put("terminalCondition", outcome("Ready"));
    json.put("conditions", List.of(succeeded("RoutesReady"), outcome("ConfigurationsReady")));
    json.put("latestReadyRevision", path(settled() ? newest() : PREVIOUS));
    json.put("latestCreatedRevision", path(newest()));
    return json;
  }

  boolean isNewest(String name) {
    return name(newest()).equals(name);
  }

  private int newest() {
    var again =
        isOf(Role.WEB, Fault.TRAFFIC_PINNED)
            || isOf(Role.WEB, Fault.OLD_REVISION_SERVES)
            || isOf(Role.WORKER, Fault.REVISION_OF_ANOTHER);
    return settled() && !again ? PREVIOUS : PREVIOUS + 1;
  }

  private boolean settled() {
    return !isOf(Role.WEB, Fault.ROLLOUT_FAILED) && !isOf(Role.WORKER, Fault.ROLLOUT_UNDER_WAY);
  }

  private Map<String, String> outcome(String type) {
    if (isOf(Role.WORKER, Fault.ROLLOUT_UNDER_WAY)) {
      return Map.of("type", type, "state", "CONDITION_RECONCILING", "message", "Deploying.");
    }
    if (isOf(Role.WEB, Fault.ROLLOUT_FAILED)) {
      return Map.of(
          "type",
          type,
          "state",
          "CONDITION_FAILED",
          "revisionReason",
          "HEALTH_CHECK_CONTAINER_ERROR",
          "message",
          "Revision '" + name(newest()) + "': the container did not start in time.");
    }
    return succeeded(type);
  }

  private static Map<String, String> succeeded(String type) {
    return Map.of("type", type, "state", "CONDITION_SUCCEEDED");
  }

  private List<Map<String, Object>> targets(boolean old) {
    var pinned =
        Map.<String, Object>of(
            "type",
            "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION",
            "revision",
            name(PREVIOUS),
            "percent",
            100);
    return List.of(old ? pinned : LATEST);
  }

  private List<Map<String, Object>> statuses(boolean old) {
    var statuses = new ArrayList<>(targets(old));
    service
        .tagged()
        .map(
            uri ->
                Map.<String, Object>of(
                    "type",
                    "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION",
                    "revision",
                    name(PREVIOUS),
                    "tag",
                    "before",
                    "uri",
                    uri))
        .ifPresent(statuses::add);
    return statuses;
  }

  private boolean isOf(Role role, Fault fault) {
    return service.role() == role && scenario.has(fault);
  }

  private String path(int number) {
    return scenario.path(service) + "/revisions/" + name(number);
  }

  private String name(int number) {
    return service.name() + "-0000" + number;
  }
}
