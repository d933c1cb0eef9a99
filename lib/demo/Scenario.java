package lib.demo;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** What a demo stage is called, which Validibot it runs, and what is wrong with it. */
public record Scenario(
    String stage,
    String app,
    String project,
    String region,
    Shape shape,
    Set<Fault> faults,
    Duration latency,
    Optional<SSLContext> tls) {

  private static final Scenario HEALTHY =
      new Scenario(
          "demo",
          "validibot",
          "demo-project",
          "us-central1",
          Shape.CURRENT,
          Set.of(),
          Duration.ZERO,
          Optional.empty());

  public Scenario {
    faults = Set.copyOf(faults);
  }

  public static Scenario healthy() {
    return HEALTHY;
  }

  /** Add faults to those that are there. */
  public Scenario with(Fault... more) {
    var all = new HashSet<>(faults);
    all.addAll(List.of(more));
    return new Scenario(stage, app, project, region, shape, all, latency, tls);
  }

  public Scenario shaped(Shape shape) {
    return new Scenario(stage, app, project, region, shape, faults, latency, tls);
  }

  public Scenario stage(String stage) {
    return new Scenario(stage, app, project, region, shape, faults, latency, tls);
  }

  public Scenario app(String app) {
    return new Scenario(stage, app, project, region, shape, faults, latency, tls);
  }

  public Scenario region(String region) {
    return new Scenario(stage, app, project, region, shape, faults, latency, tls);
  }

  /** Let every answer take at least this long. */
  public Scenario delayed(Duration latency) {
    return new Scenario(stage, app, project, region, shape, faults, latency, tls);
  }

  /** Serve the web service and the worker over https. */
  public Scenario over(SSLContext tls) {
    return new Scenario(stage, app, project, region, shape, faults, latency, Optional.of(tls));
  }

  /** Whether a fault can be seen only by those who come over https. */
  boolean wantsTls() {
    return tls.isEmpty() && faults.stream().anyMatch(Fault::isOfTls);
  }

  boolean has(Fault fault) {
    return faults.contains(fault);
  }

  String serviceName(Role role) {
    return app + "-" + role.id() + (likeProd() ? "" : "-" + stage);
  }

  /** The full resource name of a service. */
  String path(Service service) {
    return "projects/" + project + "/locations/" + region + "/services/" + service.name();
  }

  /** The service account that the services run as, and that the worker takes tasks from. */
  String serviceAccount() {
    var suffix = likeProd() ? "prod" : stage;
    return app + "-cloudrun-" + suffix + "@" + project + ".iam.gserviceaccount.com";
  }

  private boolean likeProd() {
    return stage.equals("prod") || stage.equals("demo");
  }
}
