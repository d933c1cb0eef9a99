package lib.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.target.Setting;

/**
 * The variables of one deployment, from all sources, the strongest first; read as django-environ
 * does (validibot.md section 2).
 */
public record Variables(List<Layer> layers) {

  private static final Set<String> TRUE = Set.of("true", "on", "ok", "y", "yes", "1");
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");

  /**
   * One source.
   *
   * @param source where it is, in words
   */
  public record Layer(Setting.Origin origin, String source, Map<String, String> values) {}

  public Variables {
    layers = List.copyOf(layers);
  }

  /** The value of that name, which may be empty, from the strongest source that has it. */
  public Optional<Setting> find(String name) {
    for (var layer : layers) {
      var value = layer.values().get(name);
      // An empty variable of a shell counts as not set; in a file it was meant.
      if (value != null && !(value.isEmpty() && layer.origin() == Setting.Origin.ENVIRONMENT)) {
        return Optional.of(new Setting(value, layer.origin(), layer.source()));
      }
    }
    return Optional.empty();
  }

  /** The value of that name; an empty one counts as not set. */
  public Optional<String> text(String name) {
    return find(name).map(Setting::value).filter(value -> !value.isBlank());
  }

  /** The value of that name, or a default where it is not set at all. */
  public String text(String name, String fallback) {
    return find(name).map(Setting::value).orElse(fallback);
  }

  /** Whether it is true as django-environ understands it, or a default where it is not set. */
  public boolean flag(String name, boolean fallback) {
    var value = find(name).map(it -> it.value().strip().toLowerCase(Locale.ROOT));
    return value
        .map(it -> TRUE.contains(it) || INTEGER.matcher(it).matches() && !it.matches("[+-]?0+"))
        .orElse(fallback);
  }

  /** The items of a list: split at commas, empty ones dropped, blanks kept. */
  public List<String> list(String name) {
    return text(name)
        .map(it -> Stream.of(it.split(",")).filter(item -> !item.isEmpty()).toList())
        .orElse(List.of());
  }

  /** Every name that a file or a container has. The environment of a shell has many others. */
  public Set<String> names() {
    var names = new TreeSet<String>();
    for (var layer : layers) {
      if (layer.origin() != Setting.Origin.ENVIRONMENT) {
        names.addAll(layer.values().keySet());
      }
    }
    return names;
  }

  /** The same, without one kind of source. */
  public Variables without(Setting.Origin origin) {
    var kept = new ArrayList<>(layers);
    kept.removeIf(layer -> layer.origin() == origin);
    return new Variables(kept);
  }
}
