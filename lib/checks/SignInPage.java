package lib.checks;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.http.SecurityHeaders;
import lib.report.Verdict;
import okhttp3.Cookie;

/** What the page to sign in tells browsers to do. */
record SignInPage(LiveSite address) {

  private static final Pattern CSRF = Pattern.compile("(?:__Secure-|__Host-)?csrftoken");

  Verdict hsts() {
    try (var page = address.login()) {
      return SecurityHeaders.hsts(page.headers());
    }
  }

  Verdict cookies() {
    try (var page = address.login()) {
      var login = page.request().url();
      var cookie =
          Cookie.parseAll(login, page.headers()).stream()
              .filter(it -> CSRF.matcher(it.name()).matches())
              .findFirst();
      if (cookie.isEmpty()) {
        return Verdict.skipped(
            "GET " + login + ": " + page.code() + ", and no cookie of the sign-in form.");
      }
      var lacks =
          Stream.of(
                  cookie.get().secure() ? "" : "Secure", cookie.get().httpOnly() ? "" : "HttpOnly")
              .filter(it -> !it.isEmpty())
              .collect(Collectors.joining(" nor "));
      return lacks.isEmpty()
          ? Verdict.passed(cookie.get().name())
          : Verdict.failed(
              cookie.get().name() + " is not " + lacks,
              "Others on the way, or scripts in the page, can take it.",
              "Production's settings set both: which settings does web run with, and does the proxy"
                  + " change cookies?");
    }
  }

  Verdict headers() {
    try (var page = address.login()) {
      return SecurityHeaders.others(page.headers());
    }
  }
}
