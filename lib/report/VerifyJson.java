package lib.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lib.target.Environment;

/**
 * The report for programs about a stage: {@code validibot.verify.v1}, as {@code
 * docs/validibot.verify.v1.schema.json} has it.
 */
public final class VerifyJson {

  private VerifyJson() {}

  /**
   * The whole document.
   *
   * @param comparison with an earlier run, if that was asked for
   */
  public static JsonObject of(Report report, Optional<Comparison> comparison) {
    var document = new JsonObject();
    document.addProperty("schema_version", "validibot.verify.v1");
    document.addProperty("script", report.script());
    document.add("stage", orNull(report.subject()));
    var about = report.about();
    document.add("addresses", part(about, Map.of("web", "web", "worker", "worker", "mcp", "mcp")));
    document.add("identity", part(about, Map.of("kind", "identity kind", "account", "identity")));
    document.add(
        "revisions", part(about, Map.of("web", "web revision", "worker", "worker revision")));
    document.addProperty("started_at", report.began().truncatedTo(ChronoUnit.MILLIS).toString());
    document.addProperty("duration_ms", report.summary().duration().toMillis());
    document.addProperty("status", report.status().word());
    document.addProperty("exit_code", report.exitCode());
    document.addProperty("verdict", report.verdict());
    document.add("caveats", texts(report.caveats()));
    document.add("problem", orNull(report.problem().orElse("")));
    var summary = new JsonObject();
    for (var status : Status.values()) {
      summary.addProperty(status.word(), report.summary().count(status));
    }
    document.add("summary", summary);
    var tests = new JsonArray();
    report.findings().forEach(finding -> tests.add(test(finding)));
    document.add("tests", tests);
    comparison.ifPresent(it -> document.add("compared", it.json()));
    return document;
  }

  /**
   * Tell programs, too, why nothing was verified.
   *
   * @param json whether the document was asked for
   */
  public static void refused(
      Report report, boolean json, ReportOptions reports, Environment start, Output output) {
    if (json) {
      output.document(of(report, Optional.empty()));
    }
    reports.tell(report, start, output);
  }

  /** Tell people and programs that somebody interrupted before anything was known. */
  public static void interrupted(
      Report nothing, boolean json, ReportOptions reports, Environment start, Output output) {
    nothing.problem().ifPresent(output::note);
    refused(nothing.interrupted(nothing.verdict()), json, reports, start, output);
  }

  private static JsonObject test(Finding finding) {
    var verdict = finding.verdict();
    var test = new JsonObject();
    test.addProperty("id", finding.id());
    test.addProperty("title", finding.title());
    test.addProperty("group", finding.group());
    test.addProperty("status", finding.status().word());
    test.addProperty("duration_ms", finding.duration().toMillis());
    test.add("request", orNull(finding.request()));
    test.add("expected", orNull(finding.expected()));
    test.add("actual", orNull(finding.actual()));
    test.add("answered_by", orNull(finding.answeredBy()));
    test.add("facts", texts(verdict.facts()));
    test.add("why", orNull(verdict.why()));
    test.add("fix", texts(verdict.fix()));
    test.add("remarks", texts(finding.remarks()));
    test.add("exchanges", texts(finding.exchanges().stream().map(Exchange::line).toList()));
    var measures = new JsonObject();
    verdict.measures().forEach(measures::addProperty);
    test.add("measures", measures);
    test.add("hint_url", orNull(finding.hint().orElse("")));
    return test;
  }

  private static JsonObject part(Map<String, String> about, Map<String, String> members) {
    var object = new JsonObject();
    new TreeMap<>(members)
        .forEach((member, name) -> object.add(member, orNull(about.getOrDefault(name, ""))));
    return object;
  }

  private static JsonArray texts(Collection<String> texts) {
    var array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private static JsonElement orNull(String text) {
    return text.isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive(text);
  }
}
