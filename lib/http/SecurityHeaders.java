package lib.http;

import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Pattern;
import lib.report.Verdict;
import okhttp3.Headers;

/** Judges the headers by which a page protects people (validibot.md section 5.1). */
public final class SecurityHeaders {

  /** What web answers carry, and what is good enough. */
  private static final Map<String, Pattern> HEADERS =
      Map.of(
          "X-Content-Type-Options", Pattern.compile("(?i)nosniff"),
          "X-Frame-Options", Pattern.compile("(?i)deny|sameorigin"),
          "Referrer-Policy", Pattern.compile(".+"),
          "Cross-Origin-Opener-Policy", Pattern.compile("(?i)same-origin.*"),
          "Content-Security-Policy", Pattern.compile(".+"),
          "Permissions-Policy", Pattern.compile(".+"));

  private static final Pattern MAX_AGE = Pattern.compile("(?i)max-age=\"?(\\d+)");

  private SecurityHeaders() {}

  /** Judge {@code Strict-Transport-Security}, which browsers heed on https alone. */
  public static Verdict hsts(Headers headers) {
    var sent = headers.values("Strict-Transport-Security");
    var age = MAX_AGE.matcher(sent.isEmpty() ? "" : sent.get(0)); // browsers heed the first
    return age.find() && !age.group(1).matches("0+")
        ? Verdict.passed(sent)
        : Verdict.warning(
            sent.isEmpty() ? "no Strict-Transport-Security" : Http.excerpt(sent.get(0)),
            "A browser that was once here may be led to http again. Django sends it only where it"
                + " knows that the request was https.",
            "Have the reverse proxy send X-Forwarded-Proto: https, and let the header pass.");
  }

  /** Judge all others. */
  public static Verdict others(Headers headers) {
    var wrong = new ArrayList<String>();
    HEADERS.forEach(
        (name, good) -> {
          var sent = headers.values(name);
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
