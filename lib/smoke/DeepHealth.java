package lib.smoke;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lib.http.Answerer;
import lib.http.Http;
import lib.http.Json;
import lib.http.Reached;
import lib.http.Reply;
import lib.http.Web;
import lib.report.Verdict;

/** Judges {@code /health/deep/}, part by part: its own verdict is wrong in 0.14. */
final class DeepHealth {

  static final String PATH = "/health/deep/";

  private static final String EXPECTED = "200, and \"ok\" for each part";

  /** Its check of validators imports what does not exist (validibot.md section 5.1). */
  private static final String DEFECT =
      ": a known defect of 0.14, whose check of them is itself broken";

  private static final String DEFECT_STILL =
      ": in 0.14 that check is itself broken, and whether it still is in %s is not known here";

  /** As people and pipelines write versions; anything else may be 0.14. */
  private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(\\D.*)?");

  private DeepHealth() {}

  /**
   * Expect that each part calls itself good, known defects aside.
   *
   * @param version the VALIDIBOT_VERSION of the app; empty when it is not known
   */
  static void good(Reply reply, String version) {
    Reached.app(reply, Web.EVERYBODY);
    if (reply.is(Answerer.APP, 404)) {
      throw Verdict.skipped("This version has no " + PATH + ".").asException();
    }
    if (reply.is(Answerer.APP, 403)) {
      throw reply.unverified(
          EXPECTED,
          "Only superusers may see this, and this user is none.",
          "Give SUPERUSER_USERNAME and SUPERUSER_PASSWORD of a superuser.");
    }
    var checks = Json.object(reply.json(), "checks");
    if (checks.size() == 0) {
      throw reply.broken(
          EXPECTED, "The app does not say how its parts are.", reply.service().logs());
    }
    var defects = new ArrayList<String>();
    var errors = new ArrayList<String>();
    var warnings = new ArrayList<String>();
    for (var name : checks.keySet()) {
      var part = Json.object(checks, name);
      var status = Json.text(part, "status");
      if (!status.equals("ok")) {
        var kind = isKnownDefect(name, part) ? defects : errors;
        (status.equals("warning") ? warnings : kind).add(quoted(name, part));
      }
    }
    if (defects.isEmpty() && errors.isEmpty() && reply.status() != 200) {
      errors.add(reply.came());
    }
    if (isNewer(version)) {
      defects.forEach(part -> warnings.add(part + DEFECT_STILL.formatted(version)));
    } else {
      defects.forEach(part -> reply.remark(part + DEFECT));
    }
    judge(reply, errors, warnings);
  }

  private static boolean isKnownDefect(String name, JsonObject part) {
    return name.equals("validators")
        && Json.text(part, "status").equals("error")
        && Json.text(part, "detail").equals("check failed");
  }

  /** Whether it is none of those that were looked at. */
  private static boolean isNewer(String version) {
    var parts = VERSION.matcher(version);
    return parts.matches()
        && (Integer.parseInt(parts.group(1)) > 0 || Integer.parseInt(parts.group(2)) > 14);
  }

  private static void judge(Reply reply, List<String> errors, List<String> warnings) {
    var facts = new ArrayList<>(List.of("asked: " + reply.asked()));
    errors.forEach(part -> facts.add("came back: " + part));
    warnings.forEach(part -> facts.add("came back: " + part));
    facts.add("expected: " + EXPECTED);
    if (!errors.isEmpty()) {
      throw Verdict.failed(
              facts, "These parts of the app do not work, by its own word.", reply.service().logs())
          .asException();
    }
    if (!warnings.isEmpty()) {
      throw Verdict.warning(facts, "The app itself warns of these parts.", reply.service().logs())
          .asException();
    }
  }

  /** A part as people read it: "migrations: warning (unapplied: 2)". */
  private static String quoted(String name, JsonObject part) {
    var status = Json.text(part, "status");
    var more =
        part.entrySet().stream()
            .filter(it -> !it.getKey().equals("status"))
            .map(it -> it.getKey() + ": " + value(part, it.getKey()))
            .collect(Collectors.joining(", "));
    return Http.excerpt(
        name
            + ": "
            + (status.isEmpty() ? "no status" : status)
            + (more.isEmpty() ? "" : " (" + more + ")"));
  }

  private static String value(JsonObject part, String key) {
    var text = Json.text(part, key);
    return text.isEmpty() ? part.get(key).toString() : text;
  }
}
