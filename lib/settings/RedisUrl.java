package lib.settings;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which Redis is meant, as Django's cache and Celery read a URL: percent-decoded, with the user
 * before the last {@code @}, and the database number in the path or as the option {@code db}.
 *
 * @param tls whether it is {@code rediss://}
 * @param options such as {@code ssl_cert_reqs}
 */
public record RedisUrl(
    boolean tls,
    String host,
    int port,
    String user,
    String password,
    int database,
    Map<String, String> options) {

  /** Where Celery looks when nothing is set (validibot.md section 2). */
  public static final RedisUrl CELERYS_DEFAULT =
      new RedisUrl(false, "localhost", 6379, "", "", 0, Map.of());

  private static final String DEFAULT_PORT = "6379";

  /** A raw slash, question mark or hash in a password ends the place, so nothing matches. */
  private static final Pattern URL =
      Pattern.compile(
          "redis(?<tls>s?)://(?:(?<user>[^/?#]*)@)?(?<host>\\[[^\\]/?#]*\\]|[^:/?#@\\[]*)"
              + "(?::(?<port>\\d{1,5})?)?(?:/+(?<database>\\d{0,6}))?"
              + "(?:\\?(?<options>[^#]*))?(?:#.*)?");

  public RedisUrl {
    options = Map.copyOf(options);
  }

  /** Read a URL as redis-py does, for the cache; nothing when it is none. */
  public static Optional<RedisUrl> parse(String url) {
    var parts = URL.matcher(url.strip());
    if (!parts.matches()) {
      return Optional.empty();
    }
    var user = orElse(parts.group("user"), "").split(":", 2);
    var options = options(orElse(parts.group("options"), ""));
    var database = options.getOrDefault("db", orElse(parts.group("database"), "0"));
    if (!database.matches("\\d{1,6}")) {
      return Optional.empty();
    }
    var host = DatabaseUrl.decoded(parts.group("host")).replaceAll("[\\[\\]]", "");
    return Optional.of(
        new RedisUrl(
            !parts.group("tls").isEmpty(),
            host.isEmpty() ? "localhost" : host,
            Integer.parseInt(orElse(parts.group("port"), DEFAULT_PORT)),
            user[0].isEmpty() ? options.getOrDefault("username", "") : DatabaseUrl.decoded(user[0]),
            user.length > 1 && !user[1].isEmpty()
                ? DatabaseUrl.decoded(user[1])
                : options.getOrDefault("password", ""),
            Integer.parseInt(database),
            options));
  }

  /** Whether Celery reads it, too: of these options redis-py makes sense, and kombu a TypeError. */
  public boolean isForCelery() {
    return Stream.of("username", "password", "db").noneMatch(options::containsKey);
  }

  /** Where it is, without credentials. */
  public String address() {
    return host + ":" + port + "/" + database;
  }

  /** Whether the cache verifies the server's certificate: unless it is told not to. */
  public boolean verifies() {
    var wanted = options.getOrDefault("ssl_cert_reqs", "required").toLowerCase(Locale.ROOT);
    return !wanted.equals("none") && !wanted.equals("cert_none");
  }

  /** The file of authorities that the cache trusts beside the system's: a path in its container. */
  public Optional<String> authorities() {
    return Optional.ofNullable(options.get("ssl_ca_certs")).filter(it -> !it.isEmpty());
  }

  /** Whether the certificate has to be for this host. */
  public boolean checksName() {
    return verifies()
        && !options.getOrDefault("ssl_check_hostname", "true").equalsIgnoreCase("false");
  }

  private static Map<String, String> options(String query) {
    var options = new LinkedHashMap<String, String>();
    for (var pair : query.split("&")) {
      var parts = pair.split("=", 2);
      if (parts.length == 2) {
        options.putIfAbsent(parts[0], DatabaseUrl.decoded(parts[1]));
      }
    }
    return options;
  }

  private static String orElse(String text, String fallback) {
    return text == null || text.isEmpty() ? fallback : text;
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return address();
  }
}
