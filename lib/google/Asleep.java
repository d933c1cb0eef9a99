package lib.google;

import java.util.ArrayList;
import java.util.List;
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
        .formatted(stage, String.join(", ", names), door(), stage);
  }

  /** What lets strangers in, once it is awake. */
  private String door() {
    var service = worker.service();
    if (service.iamOff()) {
      return open("its IAM check is off", Refusal.fix(service));
    }
    try {
      var policy = lookup.api().orElseThrow().policy(service);
      var grants = policy.strangers().stream().filter(Grant::invokes).toList();
      return grants.isEmpty()
          ? "Nothing is broken, and nothing can be verified."
          : open(
              grants.stream().map(Grant::toString).collect(Collectors.joining(", ")),
              Policy.removal(service, grants));
    } catch (CannotVerify | RunApi.Useless e) {
      return "Nothing can be verified. Who may call the worker once the stage is awake is not known"
          + " either: its IAM policy cannot be read, "
          + e.getMessage();
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
