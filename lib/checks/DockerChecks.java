package lib.checks;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import lib.http.Json;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.target.CannotVerify;

/** Whether the container engine, and what runs on it, is as Validibot needs it. */
final class DockerChecks {

  /** The oldest Docker that is supported (validibot.md section 6, VB320). */
  private static final int OLDEST = 24;

  private static final Pattern MAJOR = Pattern.compile("(\\d{1,6})\\..*");

  private final Examined examined;
  private final ServiceStates services;
  private final DockerImages images;
  private final BackendImages backends;
  private final DockerAccess access;

  DockerChecks(Examined examined) {
    this.examined = examined;
    this.services = new ServiceStates(examined);
    this.images = new DockerImages(examined);
    this.backends = new BackendImages(examined);
    this.access = new DockerAccess(examined);
  }

  Category category() {
    return new Category(
        "docker",
        "Docker",
        "docker",
        List.of(
            Check.of("VB302", "Container engine answers", this::answers),
            Check.of("VB320", "Engine is recent enough", this::recent).needing("VB302"),
            Check.of("VB322", "Engine is rootless", this::rootless).needing("VB302"),
            Check.of("PDV301", "All services run", services::allRun)
                .needing("VB302")
                .explainedBy(
                    ServiceStates::canFollow,
                    "PDV003",
                    "PDV006",
                    "PDV014",
                    "VB101",
                    "PDV104",
                    "VB102",
                    "VB501",
                    "VB401",
                    "PDV201",
                    "VB202"),
            Check.of("PDV303", "Web, worker and scheduler run one image", images::one)
                .needing("VB302"),
            Check.of("PDV304", "Ports are private", access::privatePorts).needing("VB302"),
            Check.of("PDV305", "Health checks can work", access::healthChecks).needing("VB302"),
            Check.of("VB310", "Backend images are there", backends::there).needing("VB302"),
            Check.of("PDV306", "The app reaches the engine", access::reachesEngine)
                .needing("VB302")
                .explainedBy("PDV301")));
  }

  private Verdict answers() throws IOException {
    if (examined.django().target() == DeploymentTarget.GCP) {
      return Verdict.skipped("On Google Cloud there is no container engine to ask.");
    }
    var engine = examined.engine().engine();
    if (engine.isEmpty()) {
      return Verdict.failed(
          "no container engine answers: " + examined.engine().problem(),
          "Without one no validator that needs a container runs.",
          remedy());
    }
    var version = engine.get().version();
    return Verdict.passed(
        "%s %s at %s"
            .formatted(
                isPodman(version) ? "Podman" : "Docker",
                Json.text(version, "Version"),
                engine.get().address()));
  }

  private String[] remedy() {
    var problem = examined.engine().problem();
    if (problem.contains("may not use")) {
      return new String[] {
        "Run this as root, or as a user of the engine's group:", "  sudo usermod -aG docker $USER"
      };
    }
    var fix =
        new ArrayList<>(
            List.of(
                "Start it, or say where it listens (DOCKER_HOST=unix:///path):",
                "  sudo systemctl start docker"));
    var files = examined.gathered().files();
    if (!files.isEmpty() && !problem.contains("nobody listens")) {
      fix.add(
          "If %s is of a stack on another machine, ask there, or waive this: --skip docker"
              .formatted(files.get(0).path()));
    }
    return fix.toArray(String[]::new);
  }

  private Verdict recent() throws IOException {
    if (examined.django().target() != DeploymentTarget.SELF_HOSTED) {
      return Verdict.skipped("Asked of self-hosted deployments only.");
    }
    var version = examined.theEngine().version();
    var number = Json.text(version, "Version");
    if (isPodman(version)) {
      return Verdict.info("Podman " + number + ": its versions are not Docker's, so none is asked");
    }
    var major = MAJOR.matcher(number);
    if (!major.matches()) {
      throw new CannotVerify("the engine's version is not told as a number: '" + number + "'");
    }
    return Integer.parseInt(major.group(1)) >= OLDEST
        ? Verdict.passed("Docker " + number)
        : Verdict.failed(
            "Docker " + number + ": older than " + OLDEST + ".0",
            "Validibot is not tested with it.",
            "Upgrade to Docker's own packages (Debian's are older):"
                + " docs.docker.com/engine/install");
  }

  private Verdict rootless() throws IOException {
    return Network.isRootless(examined.theEngine().info())
        ? Verdict.passed("rootless")
        : Verdict.info(
            "the engine runs as root: whoever may use its socket, as the worker does, is root"
                + " on this machine");
  }

  /** Podman tells Docker's shape of answer, and who it is in its components. */
  static boolean isPodman(JsonObject version) {
    return StreamSupport.stream(Json.array(version, "Components").spliterator(), false)
        .anyMatch(it -> Json.text(Json.object(it), "Name").startsWith("Podman"));
  }
}
