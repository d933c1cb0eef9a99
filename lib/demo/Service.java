package lib.demo;

import java.util.List;

/** A Cloud Run service as deployed: the front end obeys it, and the Admin API shows it. */
record Service(
    Role role,
    String name,
    List<String> addresses,
    boolean exists,
    String ingress,
    boolean invokerIamDisabled,
    List<String> invokers) {

  static final String ALL = "INGRESS_TRAFFIC_ALL";

  private static final String EVERYBODY = "allUsers";
  private static final String OPERATOR = "user:" + DemoStage.OPERATOR;

  static Service web(Scenario scenario, Loopback server) {
    return new Service(
        Role.WEB,
        scenario.serviceName(Role.WEB),
        addresses(server),
        !scenario.has(Fault.WEB_MISSING),
        scenario.has(Fault.WEB_INGRESS_INTERNAL) ? "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" : ALL,
        false,
        List.of(scenario.has(Fault.WEB_PRIVATE) ? OPERATOR : EVERYBODY));
  }

  static Service worker(Scenario scenario, Loopback server) {
    var tasks = "serviceAccount:" + scenario.serviceAccount();
    var others = scenario.has(Fault.WORKER_PUBLIC) ? EVERYBODY : OPERATOR;
    return new Service(
        Role.WORKER,
        scenario.serviceName(Role.WORKER),
        addresses(server),
        !scenario.has(Fault.WORKER_MISSING),
        scenario.has(Fault.INGRESS_INTERNAL) ? "INGRESS_TRAFFIC_INTERNAL_ONLY" : ALL,
        scenario.has(Fault.IAM_CHECK_OFF),
        scenario.has(Fault.INVOKER_MISSING) ? List.of(tasks) : List.of(tasks, others));
  }

  /** The app of the older documents knows nothing of it. */
  static Service mcp(Scenario scenario, Loopback server) {
    return new Service(
        Role.MCP,
        scenario.serviceName(Role.MCP),
        addresses(server),
        scenario.shape() == Shape.CURRENT && !scenario.has(Fault.MCP_ABSENT),
        ALL,
        false,
        List.of(scenario.has(Fault.MCP_PRIVATE) ? OPERATOR : EVERYBODY));
  }

  /** The address that the service is known by. */
  String uri() {
    return addresses.get(0);
  }

  boolean open() {
    return invokerIamDisabled || invokers.contains(EVERYBODY);
  }

  private static List<String> addresses(Loopback server) {
    return List.of(server.at("127.0.0.1").toString(), server.at("localhost").toString());
  }
}
