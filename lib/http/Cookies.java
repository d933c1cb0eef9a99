package lib.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;

/** The cookies of one user, kept and sent as a browser does (RFC 6265bis). */
final class Cookies implements CookieJar {

  private final List<Cookie> kept = new ArrayList<>();
  private final Consumer<String> secrets;

  /**
   * @param secrets is told the value of each cookie, so that it is never shown
   */
  Cookies(Consumer<String> secrets) {
    this.secrets = secrets;
  }

  @Override
  public synchronized void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
    for (var cookie : cookies) {
      secrets.accept(cookie.value());
      if (mayBeKept(cookie, url)) {
        kept.removeIf(it -> replaces(cookie, it));
        kept.add(cookie);
      }
    }
  }

  @Override
  public synchronized List<Cookie> loadForRequest(HttpUrl url) {
    kept.removeIf(it -> it.expiresAt() <= System.currentTimeMillis());
    return kept.stream()
        .filter(it -> it.matches(trusted(url)))
        .sorted(Comparator.comparing((Cookie it) -> it.path().length()).reversed())
        .toList();
  }

  /** Whether the app would see a session there. */
  boolean holdSession(HttpUrl url) {
    return loadForRequest(url).stream().anyMatch(it -> isOfSession(it.name()));
  }

  /** Whether a cookie of that name is the session's: {@code sessionid}, with any prefix. */
  static boolean isOfSession(String name) {
    return name.toLowerCase(Locale.ROOT).contains("session");
  }

  private static boolean mayBeKept(Cookie cookie, HttpUrl url) {
    var name = cookie.name().toLowerCase(Locale.ROOT);
    if (name.startsWith("__host-") && !(cookie.hostOnly() && cookie.path().equals("/"))) {
      return false;
    }
    var prefixed = name.startsWith("__host-") || name.startsWith("__secure-");
    return cookie.secure() ? trusted(url).isHttps() : !prefixed;
  }

  private static boolean replaces(Cookie one, Cookie other) {
    return one.name().equals(other.name())
        && one.domain().equals(other.domain())
        && one.hostOnly() == other.hostOnly()
        && one.path().equals(other.path());
  }

  /** Browsers take this very machine for as safe as https, and so do secure cookies. */
  private static HttpUrl trusted(HttpUrl url) {
    return Http.isLoopback(url) ? url.newBuilder().scheme("https").build() : url;
  }
}
