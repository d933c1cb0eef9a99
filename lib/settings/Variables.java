package lib.settings;

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
  private static final int HOPS = 10;

  /** How names begin that Validibot reads, or that people think it does. */
  private static final Pattern OURS =
      Pattern.compile(
          "(?:DJANGO|POSTGRES|EMAIL|POSTMARK|MAILGUN|SENDGRID|VALIDATOR|VALIDIBOT|CELERY|CLOUD"
              + "|COSIGN|DATA_STORAGE|STORAGE|SUPERUSER|WORKER|REDIS|SITE|SENTRY|AWS|GCP|GS|MCP|IDP"
              + "|TASK|RECAPTCHA|DRF|JWKS|CACHE|ENABLE|DATABASE|WEB|GUNICORN)_"
              + "|APP_ROLE$|DEBUG$|(?:DEFAULT_FROM|SERVER)_EMAIL|SECRET_KEY|ALLOWED_HOSTS|CSRF_TRUSTED"
              + "|ADMIN_URL|API_KEY_DIGEST|MFA_ENCRYPTION|SECURE_|DEPLOYMENT_TARGET");

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

  /**
   * The value of that name as django-environ sees it: one that begins with {@code $} names another
   * variable. The entrypoint's shell, which reads POSTGRES_*, knows nothing of that.
   */
  private Optional<String> meant(String name) {
    var value = find(name).map(Setting::value);
    for (var hop = 0; hop < HOPS && value.filter(it -> it.startsWith("$")).isPresent(); hop++) {
      if (name.startsWith("POSTGRES_")) {
        return value;
      }
      value = find(value.get().replaceFirst("^\\$+", "")).map(Setting::value);
    }
    return value;
  }

  /** The value of that name; an empty one counts as not set. */
  public Optional<String> text(String name) {
    return meant(name).filter(value -> !value.isBlank());
  }

  /** The value of that name, or a default where it is not set at all. */
  public String text(String name, String fallback) {
    return meant(name).orElse(fallback);
  }

  /** Whether it is true as django-environ understands it, or a default where it is not set. */
  public boolean flag(String name, boolean fallback) {
    return meant(name)
        .map(it -> it.strip().toLowerCase(Locale.ROOT))
        .map(it -> TRUE.contains(it) || INTEGER.matcher(it).matches() && !it.matches("[+-]?0+"))
        .orElse(fallback);
  }

  /** The items of a list: split at commas, empty ones dropped, blanks kept. */
  public List<String> list(String name) {
    return text(name)
        .map(it -> Stream.of(it.split(",")).filter(item -> !item.isEmpty()).toList())
        .orElse(List.of());
  }

  /** The names of this deployment, as far as files, container or else the shell have them. */
  public Set<String> ours() {
    var names = new TreeSet<>(names());
    if (names.isEmpty()) {
      layers.forEach(layer -> names.addAll(layer.values().keySet()));
    }
    names.removeIf(name -> !isOurs(name));
    return names;
  }

  /** Whether Validibot reads a name like this, or people think that it does. */
  static boolean isOurs(String name) {
    return OURS.matcher(name).lookingAt();
  }

  /**
   * Every name that a file has, and those of a container that are Validibot's. The environment of a
   * shell, and that of an image, have many others.
   */
  public Set<String> names() {
    var names = new TreeSet<String>();
    for (var layer : layers) {
      var isFile = layer.origin() == Setting.Origin.ENV_FILE;
      layer.values().keySet().stream()
          .filter(name -> isFile || layer.origin() == Setting.Origin.CONTAINER && isOurs(name))
          .forEach(names::add);
    }
    return names;
  }
}
