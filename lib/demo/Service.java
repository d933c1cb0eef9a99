package lib.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Cloud Run service as deployed: the front end obeys it, and the Admin API shows it.
 *
 * @param invokers who may call it by its own policy
 * @param open whether everybody is let in; changes take time, and there are proxies
 * @param tagged the address of a revision tag
 */
record Service(
    Role role,
    String name,
    List<String> addresses,
    boolean exists,
    String ingress,
    boolean invokerIamDisabled,
    List<String> invokers,
    boolean open,
    Optional<String> tagged) {

  static final String ALL = "INGRESS_TRAFFIC_ALL";

  private static final String INTERNAL = "INGRESS_TRAFFIC_INTERNAL_ONLY";
  private static final String BALANCED = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER";
  private static final String EVERYBODY = "allUsers";
  private static final String OPERATOR = "user:" + DemoStage.OPERATOR;

  static Service web(Scenario scenario, Loopback server) {
    var proxied = scenario.has(Fault.WEB_PROXIED);
    var members = List.of(scenario.has(Fault.WEB_PRIVATE) || proxied ? OPERATOR : EVERYBODY);
    return new Service(
        Role.WEB,
        scenario.serviceName(Role.WEB),
        addresses(server),
        !scenario.has(Fault.WEB_MISSING),
        scenario.has(Fault.WEB_INGRESS_INTERNAL) ? BALANCED : ingress(scenario, Fault.PARKED),
        false,
        members,
        (proxied || members.contains(EVERYBODY)) && !scenario.has(Fault.WEB_REFUSED),
        Optional.empty());
  }

  static Service worker(Scenario scenario, Loopback server, Optional<String> tagged) {
    var members = new ArrayList<>(List.of("serviceAccount:" + scenario.serviceAccount()));
    if (scenario.has(Fault.WORKER_PUBLIC) || scenario.has(Fault.GRANT_PENDING)) {
      members.add(EVERYBODY);
    }
    if (scenario.has(Fault.ALL_AUTHENTICATED)) {
      members.add("allAuthenticatedUsers");
    }
    if (!scenario.has(Fault.INVOKER_MISSING)) {
      members.add(OPERATOR);
    }
    return new Service(
        Role.WORKER,
        scenario.serviceName(Role.WORKER),
        addresses(server),
        !scenario.has(Fault.WORKER_MISSING),
        scenario.has(Fault.INGRESS_INTERNAL) ? INTERNAL : ingress(scenario, Fault.PARKED),
        scenario.has(Fault.IAM_CHECK_OFF) || scenario.has(Fault.IAM_CHECK_OFF_PENDING),
        members,
        scenario.has(Fault.IAM_CHECK_OFF) || scenario.has(Fault.WORKER_PUBLIC),
        tagged);
  }

  /** The same service behind a door of its own, which is open. */
  Service opened() {
    return new Service(
        role, name, addresses, exists, ingress, invokerIamDisabled, invokers, true, tagged);
  }

  /** The same service as a proxy inside the network reaches it. */
  Service proxied() {
    return new Service(
        role, name, addresses, exists, ALL, invokerIamDisabled, invokers, true, tagged);
  }

  /** The app of the older documents knows nothing of it. */
  static Service mcp(Scenario scenario, Loopback server) {
    return new Service(
        Role.MCP,
        scenario.serviceName(Role.MCP),
        addresses(server),
        scenario.shape() == Shape.CURRENT && !scenario.has(Fault.MCP_ABSENT),
        ingress(scenario, Fault.PARKED),
        false,
        List.of(scenario.has(Fault.MCP_PRIVATE) ? OPERATOR : EVERYBODY),
        !scenario.has(Fault.MCP_PRIVATE),
        Optional.empty());
  }

  /** The address that the service is known by. */
  String uri() {
    return addresses.get(0);
  }

  private static String ingress(Scenario scenario, Fault internal) {
    return scenario.has(internal) ? INTERNAL : ALL;
  }

  private static List<String> addresses(Loopback server) {
    return List.of(server.at("127.0.0.1").toString(), server.at("localhost").toString());
  }
}
