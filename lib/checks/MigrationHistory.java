package lib.checks;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The migrations that a database has recorded, compared with those that are expected. On 2026-07-16
 * Validibot deleted the later migrations of some apps; in each, one that is called a marker stands
 * for them all. What a database recorded of the deleted ones is harmless (validibot.md section
 * 3.1).
 */
record MigrationHistory(List<Row> rows, MigrationFiles expected) {

  /** From which number on migrations were deleted. The marker has that number. */
  private static final Map<String, Integer> CUTS =
      Map.of("actions", 2, "submissions", 3, "users", 4, "validations", 26, "workflows", 7);

  /** A migration that was applied; a later one has a greater id. */
  record Row(long id, String app, String name) {

    int number() {
      var digits = name.replaceFirst("\\D.*", "");
      return digits.isEmpty() || digits.length() > 9 ? 0 : Integer.parseInt(digits);
    }

    @Override
    public String toString() {
      return app + "." + name;
    }
  }

  static MigrationHistory of(Database database, MigrationFiles expected) throws SQLException {
    return new MigrationHistory(
        database.rows(
            "select id, app, name from django_migrations order by id",
            row -> new Row(row.getLong(1), row.getString(2), row.getString(3))),
        expected);
  }

  /** What is expected and not recorded. */
  List<String> pending() {
    var applied = rows.stream().map(Row::toString).collect(Collectors.toSet());
    return expected.apps(recorded()).stream()
        .flatMap(app -> expected.names(app).stream().map(name -> app + "." + name))
        .filter(it -> !applied.contains(it))
        .toList();
  }

  /**
   * Deleted migrations without the marker that stands for them: nothing can be applied to those.
   */
  List<Row> beforeReset() {
    return unknown().stream()
        .filter(it -> isCut(it.app()) && recordedMarker(it.app()).isEmpty())
        .filter(it -> it.number() >= CUTS.get(it.app()))
        .toList();
  }

  /** What is recorded and not expected, other than what the reset left. */
  List<Row> newer() {
    return unknown().stream().filter(it -> !isLeftOver(it)).toList();
  }

  /**
   * Apps that are recorded and not expected at all: of another edition, of a package that is not
   * used any more, or beyond what a checkout tells. Nothing is known of them.
   */
  Set<String> strangers() {
    var strangers = new TreeSet<>(recorded());
    strangers.removeAll(expected.apps(recorded()));
    return strangers;
  }

  private List<Row> unknown() {
    var strangers = strangers();
    return rows.stream()
        .filter(it -> !strangers.contains(it.app()))
        .filter(it -> !expected.names(it.app()).contains(it.name()))
        .toList();
  }

  private boolean isLeftOver(Row row) {
    if (isCut(row.app())) {
      var marker = recordedMarker(row.app());
      return row.number() < CUTS.get(row.app())
          || marker.isPresent() && row.id() < marker.getAsLong();
    }
    // an app without a marker of its own: what came before the reset came before the first marker
    var markers = CUTS.keySet().stream().filter(this::isCut).map(this::recordedMarker).toList();
    return markers.stream().anyMatch(it -> it.isEmpty())
        || !markers.isEmpty()
            && row.id() < markers.stream().mapToLong(OptionalLong::getAsLong).min().getAsLong();
  }

  /** Whether the expected migrations of an app are those after the reset. */
  private boolean isCut(String app) {
    return CUTS.containsKey(app) && expected.names(app).contains(marker(app));
  }

  private OptionalLong recordedMarker(String app) {
    return rows.stream()
        .filter(it -> it.app().equals(app) && it.name().equals(marker(app)))
        .mapToLong(Row::id)
        .findFirst();
  }

  private static String marker(String app) {
    return "%04d_current_schema".formatted(CUTS.get(app));
  }

  private Set<String> recorded() {
    return rows.stream().map(Row::app).collect(Collectors.toSet());
  }
}
