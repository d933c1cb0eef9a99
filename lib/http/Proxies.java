package lib.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.target.CannotVerify;
import lib.target.Environment;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;

/**
 * The proxies that the environment names, by curl's rules: {@code http_proxy} is read in small
 * letters only, the others in both forms. Java itself reads none of them.
 */
public final class Proxies extends ProxySelector implements Authenticator {

  private static final String AUTHORIZATION = "Proxy-Authorization";
  private static final int CURLS_PORT = 1080;
  private static final Map<String, List<String>> VARIABLES =
      Map.of(
          "http", List.of("http_proxy", "all_proxy", "ALL_PROXY"),
          "https", List.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"));

  private static final Pattern OF_CONNECT =
      Pattern.compile("Unexpected response code for CONNECT: (\\d+)");

  /** A proxy, where it is told of, and what it wants to be told. It is shown without the latter. */
  private record Named(Proxy proxy, String variable, Optional<String> authorization) {

    @Override
    public String toString() {
      var address = (InetSocketAddress) proxy.address();
      return "the proxy %s:%d (%s)".formatted(address.getHostString(), address.getPort(), variable);
    }
  }

  private final Map<String, Named> byScheme = new HashMap<>();
  private final NoProxy without;

  /**
   * @param secrets is told the passwords
   * @throws CannotVerify when a variable names no proxy that can be used
   */
  public Proxies(Environment environment, Consumer<String> secrets) {
    VARIABLES.forEach(
        (scheme, variables) ->
            variables.stream()
                .filter(variable -> environment.variable(variable).isPresent())
                .findFirst()
                .ifPresent(
                    it -> {
                      var value = environment.variable(it).orElseThrow();
                      byScheme.put(scheme, named(it, value, secrets));
                    }));
    without =
        NoProxy.of(
            Stream.of("no_proxy", "NO_PROXY")
                .flatMap(variable -> environment.variable(variable).stream())
                .findFirst()
                .orElse(""));
  }

  private static Named named(String variable, String value, Consumer<String> secrets) {
    var scheme = value.contains("://") ? value.replaceFirst("://.*", "") : "http";
    var rest = value.replaceFirst("^.*?://", "");
    // Only half of it may be a URL, and what follows the user is secret all the same.
    var userinfo = rest.contains("@") ? rest.substring(0, rest.lastIndexOf('@')) : "";
    secrets.accept(userinfo);
    secrets.accept(userinfo.replaceFirst("^[^:]*:", ""));
    var url = HttpUrl.parse("http://" + rest);
    var socks = scheme.matches("socks(4a?|5h?)?");
    if (url == null || !socks && !scheme.equals("http") || socks && !userinfo.isEmpty()) {
      throw new CannotVerify(
          "%s names no proxy that can be used here: http://HOST:PORT, with USER:PASSWORD@ before"
                  .formatted(variable)
              + " HOST or without, or socks5://HOST:PORT.");
    }
    var port = rest.matches(".*:\\d+/?") ? url.port() : CURLS_PORT;
    var address = InetSocketAddress.createUnresolved(url.host(), port);
    var authorization =
        userinfo.isEmpty()
            ? Optional.<String>empty()
            : Optional.of(Credentials.basic(url.username(), url.password(), UTF_8));
    secrets.accept(url.password());
    authorization.ifPresent(it -> secrets.accept(it.replaceFirst("Basic ", "")));
    return new Named(
        new Proxy(socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP, address), variable, authorization);
  }

  /** An answer of the proxy's own. */
  private static final class Own extends IOException {

    private static final long serialVersionUID = 1L;

    Own(String message) {
      super(message);
    }
  }

  private static Optional<Named> named(Client http, HttpUrl url) {
    return http.proxySelector() instanceof Proxies proxies ? proxies.of(url) : Optional.empty();
  }

  /** The proxy of the environment between a client and an address, in words. */
  static Optional<String> between(Client http, HttpUrl url) {
    return named(http, url).map(Named::toString);
  }

  /** What a proxy did, when it is known to be the one to blame. */
  static Optional<String> trouble(Client http, HttpUrl url, IOException cause) {
    return named(http, url).flatMap(it -> did(it, url, cause).map(what -> it + " " + what));
  }

  private static Optional<String> did(Named proxy, HttpUrl url, IOException cause) {
    var said = String.valueOf(cause.getMessage());
    if (cause instanceof Own) {
      return Optional.of(said);
    }
    if (said.equals("Failed to authenticate with proxy")) {
      return Optional.of(password(proxy));
    }
    var status = OF_CONNECT.matcher(said);
    if (status.find()) {
      return Optional.of("did not connect us to %s (%s)".formatted(url.host(), status.group(1)));
    }
    if (said.contains("SOCKS")) {
      return Optional.of("did not connect us to %s (%s)".formatted(url.host(), Http.excerpt(said)));
    }
    return cause instanceof ConnectException
            || cause instanceof NoRouteToHostException
            || cause instanceof UnknownHostException
        ? Optional.of("cannot be reached: " + NoAnswer.sentence(cause, 0))
        : Optional.empty();
  }

  private static String password(Named proxy) {
    return proxy.authorization().isPresent()
        ? "does not accept its user and password (407)"
        : "wants a user and a password (407)";
  }

  /**
   * See to it that an answer over plain http, which a proxy can make up, is not taken for one of
   * the service.
   *
   * @param clear whether it shows who made it
   * @throws IOException when it is, or may be, the proxy's own
   */
  static void rejectOwn(Client http, Response response, boolean clear) throws IOException {
    var url = response.request().url();
    var proxy = named(http, url);
    if (proxy.isPresent() && response.code() == HttpURLConnection.HTTP_PROXY_AUTH) {
      throw new Own(password(proxy.get()));
    }
    if (proxy.isPresent() && !url.isHttps() && !clear && response.code() >= 400) {
      throw new Own("may have said this itself: " + response.code());
    }
  }

  private Optional<Named> of(HttpUrl url) {
    return Optional.ofNullable(byScheme.get(url.scheme())).filter(it -> !without.contains(url));
  }

  @Override
  public List<Proxy> select(URI uri) {
    var proxy = Optional.ofNullable(HttpUrl.get(uri)).flatMap(this::of).map(Named::proxy);
    // What Java itself was told by its own properties still holds where the environment is silent.
    return byScheme.isEmpty()
        ? ProxySelector.getDefault().select(uri)
        : List.of(proxy.orElse(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // whoever asked will tell
  }

  /** Tell a proxy who we are, once. */
  @Override
  public Request authenticate(Route route, Response response) {
    var request = response.request();
    return byScheme.values().stream()
        .filter(it -> route != null && it.proxy().equals(route.proxy()))
        .flatMap(it -> it.authorization().stream())
        .filter(it -> request.header(AUTHORIZATION) == null)
        .map(it -> request.newBuilder().header(AUTHORIZATION, it).build())
        .findFirst()
        .orElse(null);
  }
}
