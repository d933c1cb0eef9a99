package lib.settings;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which PostgreSQL database is meant, as django-environ reads a URL: percent-decoded, and split at
 * the last {@code @}, which {@link java.net.URI} refuses.
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
  private static final Pattern URL =
      Pattern.compile(
          "(?:postgres|postgresql|psql|pgsql|postgis|timescale)://"
              + "(?:(?<user>[^/?]*)@)?(?<place>[^/?@]*)(?:/(?<name>[^?]*))?(?:\\?(?<options>.*))?",
          Pattern.DOTALL);

  public DatabaseUrl {
    options = Map.copyOf(options);
  }

  /** Read a URL; nothing when it is none. */
  public static Optional<DatabaseUrl> parse(String url) {
    var parts = URL.matcher(url.strip());
    if (!parts.matches()) {
      return Optional.empty();
    }
    var user = orEmpty(parts.group("user")).split(":", 2);
    var options = options(orEmpty(parts.group("options")));
    var place = orEmpty(parts.group("place"));
    var colon = place.endsWith("]") ? -1 : place.lastIndexOf(':');
    var host = decoded(colon < 0 ? place : place.substring(0, colon));
    var port = DEFAULT_PORT;
    if (colon >= 0 && colon < place.length() - 1) {
      try {
        port = Integer.parseInt(place.substring(colon + 1));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
    var named = options.getOrDefault("host", "");
    if (named.startsWith("/") || host.startsWith("/")) {
      var socket = named.startsWith("/") ? named : host;
      return Optional.of(
          new DatabaseUrl(
              "",
              port,
              decoded(user[0]),
              password(user),
              name(parts.group("name")),
              socket,
              options));
    }
    return Optional.of(
        new DatabaseUrl(
            host.isEmpty() ? named : host,
            port,
            decoded(user[0]),
            password(user),
            name(parts.group("name")),
            host.isEmpty() && named.isEmpty() ? "/var/run/postgresql" : "",
            options));
  }

  /** Where it is, without credentials. */
  public String address() {
    return (socket.isEmpty() ? host + ":" + port : socket) + "/" + name;
  }

  /** The same database at another address. */
  public DatabaseUrl at(String otherHost) {
    return new DatabaseUrl(otherHost, port, user, password, name, socket, options);
  }

  private static String password(String[] user) {
    return user.length > 1 ? decoded(user[1]) : "";
  }

  private static String name(String path) {
    return decoded(orEmpty(path));
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
