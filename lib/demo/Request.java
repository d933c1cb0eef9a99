package lib.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One HTTP request; the names of its headers are case-insensitive. */
record Request(String method, URI uri, Map<String, String> headers, String body) {

  private static final String BEARER = "Bearer ";

  Request {
    var sorted = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    headers = sorted;
  }

  String path() {
    return uri.getPath();
  }

  /** The header's value, or "" when it was not sent. */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** The cookie's value, or "" when it was not sent. */
  String cookie(String name) {
    return Stream.of(header("Cookie").split("; *"))
        .filter(it -> it.startsWith(name + "="))
        .map(it -> it.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }

  Optional<String> bearer() {
    return Optional.of(header("Authorization"))
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(value -> value.substring(BEARER.length()).strip());
  }

  Map<String, String> query() {
    return parameters(Optional.ofNullable(uri.getRawQuery()).orElse(""));
  }

  Map<String, String> form() {
    return parameters(body);
  }

  Request with(String header, String value) {
    var more = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    more.put(header, value);
    return new Request(method, uri, more, body);
  }

  /** The same request with a slash after its path, and without its query. */
  Request slashed() {
    return new Request(method, URI.create(uri.getRawPath() + "/"), headers, body);
  }

  private static Map<String, String> parameters(String encoded) {
    var parameters = new HashMap<String, String>();
    for (var pair : encoded.split("&")) {
      var parts = (pair + "=").split("=", 3);
      parameters.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
    }
    return parameters;
  }
}
