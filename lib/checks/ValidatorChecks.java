package lib.checks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.checks.Check.Repair;
import lib.http.Http;
import lib.report.Verdict;

/** Whether the validators that Validibot brings are there and can be used. */
final class ValidatorChecks {

  private static final String TABLE = "validations_validator";

  private final Examined examined;
  private final ManagePy managePy;

  ValidatorChecks(Examined examined) {
    this.examined = examined;
    this.managePy = new ManagePy(examined);
  }

  /** A system validator, as the table has it. */
  private record Validator(
      String slug, String version, boolean enabled, String availability, String message) {

    /** Its version as a number; 0.4 has the text 1.0. */
    int number() {
      var digits = version.replaceFirst("\\D.*", "");
      return digits.isEmpty() || digits.length() > 9 ? 0 : Integer.parseInt(digits);
    }

    @Override
    public String toString() {
      return slug + " v" + version;
    }
  }

  Category category() {
    return new Category(
        "validators",
        "Validators",
        "validators",
        Stream.concat(own().stream(), new ValidatorRoutes(examined).checks().stream()).toList());
  }

  private List<Check> own() {
    return List.of(
        Check.of("VB701", "All system validators are there", this::allThere)
            .needing("PDV800")
            .repairedBy(this::synchronize),
        Check.of("VB702", "System validators are enabled", this::enabled).needing("PDV800"),
        Check.of("PDV701", "System validators are available", this::available).needing("PDV800"),
        ImagePolicyChecks.valid(examined),
        ImagePolicyChecks.pinned(examined),
        ImagePolicyChecks.verified(examined));
  }

  private Verdict allThere() throws SQLException {
    var release = Release.of(examined);
    var expected = SystemValidators.of(release);
    var there = newest("true", "''", "''");
    var missing = expected.keySet().stream().filter(it -> !there.containsKey(it)).toList();
    var outdated =
        there.values().stream()
            .filter(it -> it.number() < expected.getOrDefault(it.slug(), 0))
            .map(it -> it + " instead of v" + expected.get(it.slug()))
            .toList();
    if (missing.isEmpty() && outdated.isEmpty()) {
      return Verdict.passed("all %d of release %s".formatted(expected.size(), release))
          .with(there.values().stream().map(Validator::toString).toList());
    }
    var facts = new ArrayList<String>();
    if (!missing.isEmpty()) {
      facts.add("missing: " + String.join(", ", missing));
    }
    if (!outdated.isEmpty()) {
      facts.add("outdated: " + String.join(", ", outdated));
    }
    return Verdict.failed(
        facts,
        "Workflows with steps of these kinds cannot be made or run.",
        managePy.byHand("sync_validators").toArray(String[]::new));
  }

  private Optional<Repair> synchronize() {
    return managePy.repair("add the missing validators", "sync_validators");
  }

  private Verdict enabled() throws SQLException {
    if (!examined.theDatabase().hasColumn(TABLE, "is_enabled")) {
      return Verdict.skipped("Validators cannot be disabled in this release.");
    }
    var all = newest("is_enabled", "''", "''").values();
    var disabled = all.stream().filter(it -> !it.enabled()).toList();
    if (disabled.isEmpty()) {
      return Verdict.passed("all " + all.size());
    }
    var fix = "Somebody disabled them: enable them in the admin, under Validators.";
    return disabled.size() == all.size()
        ? Verdict.failed("all " + all.size() + " are disabled", "Nothing can be validated.", fix)
        : Verdict.warning("disabled: " + listed(disabled), "New workflows cannot use them.", fix);
  }

  private Verdict available() throws SQLException {
    if (!examined.theDatabase().hasColumn(TABLE, "availability_state")) {
      return Verdict.skipped("This release does not record whether a validator is available.");
    }
    var expected = SystemValidators.of(Release.of(examined));
    // one that is to come is not available yet, and others are of another release or edition
    var state =
        "case when release_state = 'COMING_SOON' then 'AVAILABLE' else availability_state end";
    var bad =
        newest("true", state, "availability_message").values().stream()
            .filter(it -> expected.containsKey(it.slug()))
            .filter(it -> !it.availability().equals("AVAILABLE"))
            .toList();
    return bad.isEmpty()
        ? Verdict.passed("all " + expected.size())
        : Verdict.failed(
            bad.stream()
                .map(
                    it ->
                        Http.excerpt("%s is %s. %s".formatted(it, it.availability(), it.message())))
                .toList(),
            "They are offered to nobody, and runs that use them fail.",
            managePy.byHand("sync_validators").toArray(String[]::new));
  }

  /** The newest version of each system validator: an upgrade leaves older ones beside it. */
  private Map<String, Validator> newest(String enabled, String availability, String message)
      throws SQLException {
    var rows =
        examined
            .theDatabase()
            .rows(
                "select slug, version::text, %s, %s, %s from %s where is_system order by slug"
                    .formatted(enabled, availability, message, TABLE),
                ValidatorChecks::validator);
    return rows.stream()
        .collect(
            Collectors.toMap(
                Validator::slug,
                it -> it,
                (one, other) -> one.number() > other.number() ? one : other,
                LinkedHashMap::new));
  }

  private static Validator validator(ResultSet row) throws SQLException {
    return new Validator(
        row.getString(1), row.getString(2), row.getBoolean(3), row.getString(4), row.getString(5));
  }

  private static String listed(Collection<Validator> validators) {
    return validators.stream().map(Validator::toString).collect(Collectors.joining(", "));
  }
}
