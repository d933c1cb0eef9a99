package lib.checks;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import lib.engine.Container;

/**
 * What the workers have in hand, and how much they may have taken beyond that.
 *
 * @param heard how many tasks each worker is busy with, by its name
 * @param containers those of the workers that run; none where no stack is known
 */
record Hands(Map<String, Integer> heard, List<Container> containers) {

  private static final String NAME = "celery@";

  /** The queues that an option names, where they are written out; the last option counts. */
  private static final Pattern QUEUES =
      Pattern.compile(".*\\s(?:--queues[= ]|-Q ?)['\"]?([\\w.,@:-]+)(?=[\\s'\";&|)]|$).*");

  /** How much of a container's id is its host name. */
  private static final int SHORT = 12;

  private static final Pattern AHEAD = Pattern.compile("--prefetch-multiplier[= ](\\d{1,4})");
  private static final Pattern PROCESSES =
      Pattern.compile("(?:--concurrency[= ]|-c[= ]?)(\\d{1,4})");

  Hands {
    heard = Map.copyOf(heard);
    containers = List.copyOf(containers);
  }

  /** How many tasks are being done. */
  int busy() {
    return heard.values().stream().mapToInt(it -> it).sum();
  }

  /** The workers that run and said nothing. */
  List<String> silent() {
    return containers.stream()
        .filter(it -> !heard.containsKey(name(it)))
        .map(Container::name)
        .toList();
  }

  /** The workers that told something and are none of the containers. */
  List<String> strangers() {
    var ours = containers.stream().map(Hands::name).toList();
    return heard.keySet().stream().filter(it -> !ours.contains(it)).toList();
  }

  /** The queues that a container takes from, as far as its command tells. */
  static Optional<List<String>> queues(Container container) {
    var found = QUEUES.matcher(container.command());
    return found.matches() ? Optional.of(List.of(found.group(1).split(","))) : Optional.empty();
  }

  /**
   * How many tasks they may rightly have taken and not done: one that is idle none, for a task that
   * it takes then begins at once.
   *
   * @return nothing when a busy worker is none of the stack's, or has no limit
   */
  OptionalInt most() {
    var most = 0;
    for (var worker : heard.entrySet()) {
      var active = worker.getValue();
      if (active > 0) {
        var limit = limit(worker.getKey(), active);
        if (limit.isEmpty()) {
          return limit;
        }
        most += limit.getAsInt();
      }
    }
    return OptionalInt.of(most);
  }

  /**
   * Validibot's own settings have Celery take no more tasks than it has processes; an option of the
   * worker's command is stronger, and 0 means without limit.
   */
  private OptionalInt limit(String worker, int active) {
    var container = containers.stream().filter(it -> name(it).equals(worker)).findFirst();
    if (container.isEmpty()) {
      return OptionalInt.empty();
    }
    var command = container.get().command();
    var ahead = number(AHEAD, command, 1);
    if (ahead == 1) {
      return OptionalInt.of(active);
    }
    var usual = container.get().variable("CELERY_WORKER_CONCURRENCY").orElse("1");
    var processes = number(PROCESSES, command, usual.matches("\\d{1,4}") ? parsed(usual) : 1);
    return ahead == 0 || command.contains("--autoscale")
        ? OptionalInt.empty()
        : OptionalInt.of(Math.max(active, ahead * processes));
  }

  private static int number(Pattern option, String command, int usual) {
    var found = option.matcher(command);
    return found.find() ? parsed(found.group(1)) : usual;
  }

  private static int parsed(String number) {
    return Integer.parseInt(number);
  }

  private static String name(Container container) {
    return NAME + container.id().substring(0, Math.min(SHORT, container.id().length()));
  }
}
