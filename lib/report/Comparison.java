package lib.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.target.CannotVerify;

/**
 * What changed since an earlier run.
 *
 * @param broke what was good then, and is not now
 * @param mended what was not good then, and is now
 * @param unverified what was good then, and cannot be told now
 * @param slower what takes much longer now, with both times
 * @param added what was not there then
 * @param gone what is not there now
 */
public record Comparison(
    Earlier earlier,
    List<Finding> broke,
    List<Finding> mended,
    List<Finding> unverified,
    Map<Finding, Duration> slower,
    List<Finding> added,
    List<String> gone) {

  /** Twice as long may be chance where both are short. */
  private static final Duration MATTERS = Duration.ofMillis(500);

  private static final Set<String> GOOD = Set.of("passed", "ok", "info", "warning", "warn");

  /** An earlier run, as far as it is of use. */
  public record Earlier(String file, String subject, String at, Map<String, Then> findings) {

    /** What became of one test or check then. */
    record Then(String title, String status, Duration duration) {}

    /**
     * Read what {@code --json} printed then, of any of the scripts.
     *
     * @throws CannotVerify when it is nothing of that kind
     */
    static Earlier read(String option, Path shown, Path file) {
      try {
        var document = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        var version = text(document, "schema_version");
        if (!version.equals("validibot.verify.v1") && !version.equals("validibot.doctor.v1")) {
          throw new CannotVerify(
              "%s %s: that is no --json of these scripts (schema_version is '%s')."
                  .formatted(option, shown, version));
        }
        var verify = version.equals("validibot.verify.v1");
        var findings = new LinkedHashMap<String, Then>();
        for (var element : array(document, verify ? "tests" : "checks")) {
          var one = element.getAsJsonObject();
          findings.put(
              text(one, "id"),
              new Then(
                  text(one, verify ? "title" : "name"),
                  text(one, "status"),
                  Duration.ofMillis(
                      one.has("duration_ms") ? one.get("duration_ms").getAsLong() : 0)));
        }
        return new Earlier(
            shown.toString(),
            text(document, verify ? "stage" : "target"),
            text(document, verify ? "started_at" : "ran_at"),
            findings);
      } catch (IOException e) {
        throw new CannotVerify(
            option
                + " "
                + shown
                + ": "
                + (Files.exists(file) ? "cannot be read." : "there is no such file."));
      } catch (JsonParseException
          | IllegalStateException
          | NumberFormatException
          | UnsupportedOperationException e) {
        throw new CannotVerify(option + " " + shown + ": that is no --json of these scripts.");
      }
    }

    private static String text(JsonObject object, String name) {
      var element = object.get(name);
      return element == null || !element.isJsonPrimitive() ? "" : element.getAsString();
    }

    private static Iterable<JsonElement> array(JsonObject object, String name) {
      var element = object.get(name);
      return element == null ? new JsonArray() : element.getAsJsonArray();
    }
  }

  /**
   * Compare a run with an earlier one.
   *
   * @param whole whether all was asked now; where only a part was, nothing counts as gone
   */
  public static Comparison of(Earlier earlier, Report now, boolean whole) {
    var broke = new ArrayList<Finding>();
    var mended = new ArrayList<Finding>();
    var unverified = new ArrayList<Finding>();
    var slower = new LinkedHashMap<Finding, Duration>();
    var added = new ArrayList<Finding>();
    var left = new LinkedHashMap<>(earlier.findings());
    for (var finding : now.findings()) {
      var then = left.remove(finding.id());
      if (then == null) {
        added.add(finding);
        continue;
      }
      var good = isGood(finding.status());
      if (GOOD.contains(then.status()) && finding.status() == Status.FAILED) {
        broke.add(finding);
      } else if (GOOD.contains(then.status()) && finding.status() == Status.UNVERIFIED) {
        unverified.add(finding);
      } else if (!GOOD.contains(then.status()) && !then.status().equals("skipped") && good) {
        mended.add(finding);
      } else if (good && isSlower(then.duration(), finding.duration())) {
        slower.put(finding, then.duration());
      }
    }
    return new Comparison(
        earlier,
        broke,
        mended,
        unverified,
        slower,
        added,
        whole ? List.copyOf(left.keySet()) : List.of());
  }

  private static boolean isGood(Status status) {
    return status == Status.PASSED || status == Status.INFO || status == Status.WARNING;
  }

  private static boolean isSlower(Duration then, Duration now) {
    return now.minus(then).compareTo(MATTERS) > 0 && now.compareTo(then.multipliedBy(2)) > 0;
  }

  /** The same in words, a line each. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add(
        "Compared with %s (%s, %s)".formatted(earlier.file(), earlier.subject(), earlier.at()));
    broke.forEach(it -> lines.add("  broke     " + named(it)));
    unverified.forEach(it -> lines.add("  unknown   " + named(it)));
    mended.forEach(it -> lines.add("  mended    " + named(it)));
    slower.forEach(
        (it, then) ->
            lines.add(
                "  slower    %s: %s, was %s"
                    .formatted(named(it), seconds(it.duration()), seconds(then))));
    added.forEach(it -> lines.add("  new       " + named(it)));
    gone.forEach(id -> lines.add("  gone      " + id + " " + earlier.findings().get(id).title()));
    if (lines.size() == 1) {
      lines.add("  nothing changed");
    }
    return lines;
  }

  private static String named(Finding finding) {
    return finding.id() + " " + finding.title();
  }

  private static String seconds(Duration duration) {
    return Terminal.seconds(duration).strip();
  }

  /** The same for programs: ids. */
  public JsonObject json() {
    var json = new JsonObject();
    json.addProperty("file", earlier.file());
    json.addProperty("started_at", earlier.at());
    json.add("broke", ids(broke));
    json.add("unverified", ids(unverified));
    json.add("mended", ids(mended));
    json.add("slower", ids(List.copyOf(slower.keySet())));
    json.add("added", ids(added));
    var lost = new JsonArray();
    gone.forEach(lost::add);
    json.add("gone", lost);
    return json;
  }

  private static JsonArray ids(List<Finding> findings) {
    var ids = new JsonArray();
    findings.forEach(it -> ids.add(it.id()));
    return ids;
  }
}
