package lib.checks;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import lib.report.Comparison;
import lib.report.Status;
import lib.settings.DeploymentTarget;

/**
 * The report for programs: {@code validibot.doctor.v1}, with additions (validibot.md section 6.1).
 */
public final class JsonReport {

  private JsonReport() {}

  /** The whole document. */
  public static JsonObject of(
      Tally tally, Examined examined, Optional<String> stage, Optional<Comparison> comparison) {
    var version = examined.version().orElse("unknown");
    var document = document(tally, version, examined.django().target(), stage);
    comparison.ifPresent(it -> document.add("compared", it.json()));
    return document;
  }

  /** A document without checks, and the reason why nothing was checked. */
  public static JsonObject refused(
      Optional<DeploymentTarget> target, Optional<String> stage, String reason) {
    var nothing = new Tally(List.of(), Duration.ZERO);
    var document = document(nothing, "unknown", target.orElse(DeploymentTarget.SELF_HOSTED), stage);
    document.addProperty("problem", reason);
    return document;
  }

  private static JsonObject document(
      Tally tally, String version, DeploymentTarget target, Optional<String> stage) {
    var document = new JsonObject();
    document.addProperty("schema_version", "validibot.doctor.v1");
    document.addProperty("validibot_version", version);
    document.addProperty("target", target.toString());
    document.add("stage", textOrNull(stage));
    document.add("provider", JsonNull.INSTANCE);
    // what the app enforces on its storage is not to be seen from outside; VB205 tells if it fits
    document.add("storage_capability", JsonNull.INSTANCE);
    document.addProperty("ran_at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    var summary = new JsonObject();
    for (var status :
        List.of(
            Status.PASSED,
            Status.INFO,
            Status.WARNING,
            Status.FAILED,
            Status.UNVERIFIED,
            Status.SKIPPED)) {
      summary.addProperty(word(status), tally.count(status));
    }
    document.add("summary", summary);
    var checks = new JsonArray();
    tally.diagnoses().forEach(it -> checks.add(check(it)));
    document.add("checks", checks);
    document.addProperty("duration_ms", tally.duration().toMillis());
    return document;
  }

  private static JsonObject check(Diagnosis diagnosis) {
    var verdict = diagnosis.verdict();
    var check = new JsonObject();
    check.addProperty("id", diagnosis.check().id());
    check.addProperty("category", diagnosis.category().kind());
    check.addProperty("name", diagnosis.check().title());
    check.addProperty("status", word(diagnosis.status()));
    check.addProperty("message", told(diagnosis));
    check.add("details", textOrNull(joined(verdict.details())));
    check.add("fix_hint", textOrNull(joined(verdict.fix().stream().map(String::strip).toList())));
    check.addProperty("duration_ms", diagnosis.duration().toMillis());
    check.addProperty("fixed", diagnosis.fixed());
    check.addProperty("waived", diagnosis.waived());
    check.addProperty(
        "hint_url", "docs/checks.md#" + diagnosis.check().id().toLowerCase(Locale.ROOT));
    return check;
  }

  private static String told(Diagnosis diagnosis) {
    var why = diagnosis.verdict().why();
    return why.isEmpty() ? diagnosis.message() : diagnosis.message() + ". " + why;
  }

  /** Validibot's own word for a status. What could not be asked because of us is fatal. */
  static String word(Status status) {
    return switch (status) {
      case PASSED -> "ok";
      case INFO -> "info";
      case WARNING -> "warn";
      case FAILED -> "error";
      case UNVERIFIED -> "fatal";
      case SKIPPED -> "skipped";
    };
  }

  private static Optional<String> joined(List<String> lines) {
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
  }

  private static JsonElement textOrNull(Optional<String> text) {
    return text.<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE);
  }
}
