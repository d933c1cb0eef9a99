package lib.google;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.google.Policy.Grant;
import lib.http.Refusal;
import lib.target.CannotVerify;
import lib.target.Stage;

/**
 * A stage that was put to sleep is not broken, and answers nobody (validibot.md section 1.1). That
 * its worker is closed is all that can be told of it, by Google's own word.
 */
record Asleep(Stage stage, Lookup lookup, Described worker) {

  /**
   * Say so, where a stage is asleep.
   *
   * @throws CannotVerify when it is
   */
  static void refuse(Stage stage, Lookup lookup, String workerName, String mcpName) {
    var found = lookup.found();
    if (found.size() < 2 || !found.values().stream().allMatch(Described::asleep)) {
      return;
    }
    var mcp = McpService.of(lookup, mcpName);
    if (mcp.isAwake()) {
      return;
    }
    var names = new ArrayList<>(found.keySet());
    mcp.described().ifPresent(it -> names.add(it.service().name()));
    throw new CannotVerify(new Asleep(stage, lookup, found.get(workerName)).words(names));
  }

  private String words(List<String> names) {
    return """
    %s is parked or in maintenance: %s have ingress internal and keep no instance, so nobody \
    is let in from outside.
    %s
    In Validibot's repository, this tells which it is:
      just gcp mode-status %s\
    """
        .formatted(
            stage,
            String.join(", ", names),
            door().orElse("Nothing is broken, and nothing can be verified."),
            stage);
  }

  /** What lets strangers in, once it is awake. */
  private Optional<String> door() {
    var service = worker.service();
    if (service.iamOff()) {
      return Optional.of(open("its IAM check is off", Refusal.fix(service)));
    }
    var grants = grants();
    return grants.isEmpty()
        ? Optional.empty()
        : Optional.of(
            open(
                grants.stream().map(Grant::toString).collect(Collectors.joining(", ")),
                Policy.removal(service, grants)));
  }

  private List<Grant> grants() {
    try {
      return lookup.api().stream()
          .flatMap(api -> api.policy(worker.service()).strangers().stream())
          .filter(Grant::invokes)
          .toList();
    } catch (CannotVerify | RunApi.Useless e) {
      return List.of(); // nothing is verified here, one way or the other
    }
  }

  private String open(String why, String... fix) {
    var words =
        """
        Nothing can be verified, and yet the worker is not closed: %s. Whoever is inside can forge \
        results, and everybody once the stage is awake.\
        """;
    return Stream.concat(Stream.of(words.formatted(why)), Stream.of(fix))
        .collect(Collectors.joining("\n"));
  }
}
