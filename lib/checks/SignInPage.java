package lib.checks;

import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.http.Http;
import lib.report.Verdict;
import okhttp3.Cookie;

/** What the page to sign in tells browsers to do. */
record SignInPage(LiveSite address) {

  /** What web answers carry (validibot.md section 5.1), and what is good enough. */
  private static final Map<String, Pattern> HEADERS =
      Map.of(
          "X-Content-Type-Options", Pattern.compile("(?i)nosniff"),
          "X-Frame-Options", Pattern.compile("(?i)deny|sameorigin"),
          "Referrer-Policy", Pattern.compile(".+"),
          "Cross-Origin-Opener-Policy", Pattern.compile("(?i)same-origin.*"),
          "Content-Security-Policy", Pattern.compile(".+"),
          "Permissions-Policy", Pattern.compile(".+"));

  private static final Pattern MAX_AGE = Pattern.compile("(?i)max-age=\"?(\\d+)");
  private static final Pattern CSRF = Pattern.compile("(?:__Secure-|__Host-)?csrftoken");

  Verdict hsts() {
    try (var page = address.login()) {
      var sent = page.headers("Strict-Transport-Security");
      var age = MAX_AGE.matcher(sent.isEmpty() ? "" : sent.get(0)); // browsers heed the first
      return age.find() && !age.group(1).matches("0+")
          ? Verdict.passed(sent)
          : Verdict.warning(
              sent.isEmpty() ? "no Strict-Transport-Security" : sent.get(0),
              "A browser that was once here may be led to http again. Django sends it only where it"
                  + " knows that the request was https.",
              "Have the reverse proxy send X-Forwarded-Proto: https, and let the header pass.");
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
      var wrong = new ArrayList<String>();
      HEADERS.forEach(
          (name, good) -> {
            var sent = page.headers(name);
            if (sent.stream().noneMatch(it -> good.matcher(it).matches())) {
              wrong.add(sent.isEmpty() ? "no " + name : name + ": " + Http.excerpt(sent.get(0)));
            }
          });
      return wrong.isEmpty()
          ? Verdict.passed("all " + HEADERS.size())
          : Verdict.warning(
              wrong.stream().sorted().toList(),
              "Browsers protect people less without them. Validibot sends them all.",
              "Does the reverse proxy drop or replace them?");
    }
  }
}
