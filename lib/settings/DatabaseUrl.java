package lib.settings;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which PostgreSQL database is meant, as django-environ 0.14 reads a URL: percent-decoded, and
 * split at the last {@code @}, which {@link java.net.URI} refuses.
 *
 * @param host empty for a Unix socket
 * @param socket the folder of the Unix socket; empty for a network address
 * @param options such as {@code sslmode}
 */
public record DatabaseUrl(
    String host,
    int port,
    String user,
    String password,
    String name,
    String socket,
    Map<String, String> options) {

  private static final int DEFAULT_PORT = 5432;
  private static final int LAST_PORT = 65535;

  /** Where libpq looks when nothing says where the server is. */
  private static final String DEFAULT_SOCKET = "/var/run/postgresql";

  private static final Pattern URL =
      Pattern.compile(
          "(?i:postgres|postgresql|psql|pgsql|postgis)://(?:(?<user>[^/?]*)@)?(?<place>[^/?@]*)"
              + "(?:/(?<path>[^?]*))?(?:\\?(?<options>.*))?",
          Pattern.DOTALL);
  private static final Pattern PLACE =
      Pattern.compile("(?:\\[(?<literal>[^]]*)]|(?<host>[^:\\[]*))(?::(?<port>\\d{0,5}))?");

  public DatabaseUrl {
    options = Map.copyOf(options);
  }

  /** Read a URL; nothing when it is none. */
  public static Optional<DatabaseUrl> parse(String url) {
    var parts = URL.matcher(url.strip());
    if (!parts.matches()) {
      return Optional.empty();
    }
    var place = PLACE.matcher(parts.group("place"));
    if (!place.matches()) {
      return Optional.empty();
    }
    var digits = orEmpty(place.group("port"));
    var port = digits.isEmpty() ? DEFAULT_PORT : Integer.parseInt(digits);
    if (port > LAST_PORT) {
      return Optional.empty();
    }
    var user = orEmpty(parts.group("user")).split(":", 2);
    var options = options(orEmpty(parts.group("options")));
    // A path of two slashes names the folder of a socket, and the database last.
    var path = decoded(orEmpty(parts.group("path")));
    var slash = path.startsWith("/") ? path.lastIndexOf('/') : -1;
    var said = orEmpty(place.group("literal")) + orEmpty(place.group("host"));
    var host =
        slash > 0
            ? path.substring(0, slash)
            : said.isEmpty() ? options.getOrDefault("host", DEFAULT_SOCKET) : said;
    var isSocket = host.startsWith("/");
    return Optional.of(
        new DatabaseUrl(
            isSocket ? "" : host.toLowerCase(Locale.ROOT),
            port,
            decoded(user[0]),
            user.length > 1 ? decoded(user[1]) : "",
            path.substring(slash + 1),
            isSocket ? host : "",
            options));
  }

  /** Where it is, without credentials. */
  public String address() {
    var place = host.contains(":") ? "[" + host + "]" : host;
    return (socket.isEmpty() ? place + ":" + port : socket) + "/" + name;
  }

  /** The same database at another address. */
  public DatabaseUrl at(String otherHost) {
    return new DatabaseUrl(otherHost, port, user, password, name, socket, options);
  }

  private static Map<String, String> options(String query) {
    var options = new LinkedHashMap<String, String>();
    for (var pair : query.split("&")) {
      var parts = pair.split("=", 2);
      if (parts.length == 2) {
        options.put(parts[0], decoded(parts[1]));
      }
    }
    return options;
  }

  /** Percent-decode, as Python's unquote does: a plus stays, and so does a lone percent sign. */
  public static String decoded(String text) {
    var safe = text.replace("+", "%2B").replaceAll("%(?![0-9A-Fa-f]{2})", "%25");
    return URLDecoder.decode(safe, StandardCharsets.UTF_8);
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return address();
  }
}
