package lib.settings;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

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

  /** Options of TLS, for both readers: of {@code rediss://} only. */
  private static final String TLS = "ssl_";

  private static final String CERTIFICATE = "ssl_cert_reqs";

  /** What kombu takes of other options; redis-py takes many others, and none of these. */
  private static final Set<String> CELERYS =
      Set.of("connect_timeout", "credential_provider", "heartbeat", "insist", "login_method");

  /** What redis-py takes for no, whatever the case. */
  private static final Set<String> NO = Set.of("0", "F", "FALSE", "N", "NO");

  /** A raw slash, question mark or hash in a password ends the place, so nothing matches. */
  private static final Pattern URL =
      Pattern.compile(
          "redis(?<tls>s?)://(?:(?<user>[^/?#]*)@)?(?<host>\\[[^\\]/?#]*\\]|[^:/?#@\\[]*)"
              + "(?::(?<port>\\d{1,5})?)?(?:/+(?<database>\\d{0,6}))?"
              + "(?:\\?(?<options>[^#@]*))?(?:#.*)?");

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

  /** The option with which every use of the cache fails. */
  public Optional<String> refusedByCache() {
    return firstUnlike(
        (name, value) ->
            name.equals(CERTIFICATE)
                ? tls && value.matches("none|optional|required")
                : !CELERYS.contains(name) && (tls || !name.startsWith(TLS)));
  }

  /** The option with which Celery does not start. */
  public Optional<String> refusedByCelery() {
    return firstUnlike(
        (name, value) ->
            name.equals(CERTIFICATE)
                ? value.matches("none|optional|required|CERT_(NONE|OPTIONAL|REQUIRED)")
                : CELERYS.contains(name) || name.startsWith(TLS));
  }

  private Optional<String> firstUnlike(BiPredicate<String, String> good) {
    return options.keySet().stream()
        .filter(it -> !good.test(it, options.get(it)))
        .sorted()
        .findFirst();
  }

  /** Where it is, without credentials. */
  public String address() {
    return host + ":" + port + "/" + database;
  }

  /** Whether the cache verifies the server's certificate: unless it is told not to. */
  public boolean verifies() {
    return !options.getOrDefault(CERTIFICATE, "").matches("none|CERT_NONE");
  }

  /** The file of authorities that the cache trusts beside the system's: a path in its container. */
  public Optional<String> authorities() {
    return Optional.ofNullable(options.get("ssl_ca_certs")).filter(it -> !it.isEmpty());
  }

  /** Whether the certificate has to be for this host. */
  public boolean checksName() {
    return verifies()
        && !NO.contains(options.getOrDefault("ssl_check_hostname", "").toUpperCase(Locale.ROOT));
  }

  private static Map<String, String> options(String query) {
    var options = new LinkedHashMap<String, String>();
    for (var pair : query.split("&")) {
      var parts = pair.split("=", 2);
      if (parts.length == 2 && !parts[1].isEmpty()) { // else both readers see no option
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
