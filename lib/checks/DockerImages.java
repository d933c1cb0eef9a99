package lib.checks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.engine.Container;
import lib.engine.Engine;
import lib.http.Json;
import lib.report.Verdict;
import lib.target.CannotVerify;

/** The images that the services were made of. */
final class DockerImages {

  private final Examined examined;

  DockerImages(Examined examined) {
    this.examined = examined;
  }

  /** All three services have to be of one build, and of the newest one that there is. */
  Verdict one() throws IOException {
    var stack = examined.stackNow();
    var containers =
        stack.containers().stream().filter(it -> App.SERVICES.contains(it.service())).toList();
    if (containers.isEmpty()) {
      throw new CannotVerify("there are no containers of web, worker and scheduler");
    }
    var versions = values(containers.stream().map(Container::version));
    if (versions.size() > 1) {
      return Verdict.failed(
          "different versions: " + told(containers, Container::version),
          "They read and write the same tables and messages, each in its own way.",
          recreate());
    }
    var old = new ArrayList<String>();
    for (var container : containers) {
      if (isRebuilt(container, stack.engine())) {
        old.add(container.name());
      }
    }
    if (!old.isEmpty()) {
      return Verdict.warning(
          "made of an older build than their image is now: " + String.join(", ", old),
          "What was built or pulled last does not run yet.",
          recreate());
    }
    var ids = values(containers.stream().map(Container::imageId));
    var names = values(containers.stream().map(Container::image));
    if (ids.size() > 1 && (names.size() == 1 || examined.django().target().production())) {
      return Verdict.warning(
          "different images: " + told(containers, it -> id(it.imageId())),
          "One of them may be of an older build than the others.",
          recreate());
    }
    var version = versions.isEmpty() ? "" : ", version " + String.join(", ", versions);
    return Verdict.passed(String.join(", ", names) + version);
  }

  /** Whether the name of its image means another image by now. */
  private static boolean isRebuilt(Container container, Engine engine) throws IOException {
    var image = engine.image(container.image());
    return image.filter(it -> !id(Json.text(it, "Id")).equals(id(container.imageId()))).isPresent();
  }

  private String recreate() {
    return examined.compose("up -d web worker scheduler");
  }

  /** Something about a container. */
  private interface Part {
    String of(Container container);
  }

  private static String told(List<Container> containers, Part part) {
    return String.join(
        ", ",
        containers.stream()
            .map(
                it ->
                    it.name()
                        + " "
                        + Optional.of(part.of(it)).filter(v -> !v.isEmpty()).orElse("(unknown)"))
            .toList());
  }

  private static Set<String> values(Stream<String> all) {
    return all.filter(it -> !it.isEmpty()).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String id(String id) {
    var bare = id.replaceFirst("^sha256:", "");
    return bare.substring(0, Math.min(12, bare.length()));
  }
}
