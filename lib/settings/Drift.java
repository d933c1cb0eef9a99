package lib.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where a container's environment and the env files that it was made of disagree (compose.md
 * section 2): somebody edited a file, and the container was not made anew. Names only, no values.
 *
 * @param changed names whose values differ
 * @param added names that only the files have
 * @param removed names that only the container has
 */
public record Drift(List<String> changed, List<String> added, List<String> removed) {

  /** What {@code environment:} in Validibot's Compose files sets, whatever the env files say. */
  private static final Set<String> OVERRIDDEN =
      Set.of(
          "APP_ROLE",
          "DATA_STORAGE_ROOT",
          "DJANGO_SETTINGS_MODULE",
          "VALIDATOR_RUNNER",
          "VALIDATOR_STORAGE_MOUNT_PATH",
          "VALIDATOR_STORAGE_VOLUME");

  public Drift {
    changed = List.copyOf(changed);
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }

  /** The names that the Compose file sets over the env files. */
  public static Set<String> overridden(boolean local) {
    var names = new TreeSet<>(OVERRIDDEN);
    if (local) {
      names.add("SITE_URL");
    }
    return names;
  }

  /**
   * Compare.
   *
   * @param files what the env files say, a later one over an earlier one
   * @param container its environment
   * @param image the environment of its image; without it nobody can tell what was removed
   * @param overridden the names that Compose files set over the env files
   */
  public static Drift of(
      Map<String, String> files,
      Map<String, String> container,
      Optional<Map<String, String>> image,
      Predicate<String> overridden) {
    var judged = files.keySet().stream().filter(overridden.negate()).sorted().toList();
    return new Drift(
        judged.stream()
            .filter(container::containsKey)
            .filter(name -> !container.get(name).equals(files.get(name)))
            .toList(),
        judged.stream().filter(name -> !container.containsKey(name)).toList(),
        image
            .map(it -> container.keySet().stream().filter(name -> !it.containsKey(name)))
            .orElse(Stream.of())
            .filter(name -> !files.containsKey(name) && Variables.isOurs(name))
            .filter(overridden.negate())
            .sorted()
            .toList());
  }

  /** Whether they agree. */
  public boolean isNone() {
    return changed.isEmpty() && added.isEmpty() && removed.isEmpty();
  }
}
