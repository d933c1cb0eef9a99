package lib.checks;

import java.sql.SQLException;

/**
 * Which release of Validibot it is; what one lacks is no fault (validibot.md section 5.2b).
 *
 * @param told whether image, container or environment say so; else it is read off the database
 */
record Release(int major, int minor, boolean told) {

  /** The migration that the reset of 2026-07-16 left (validibot.md section 3.1). */
  private static final String RESET = "0004_current_schema";

  /** The release, whose tables are there. */
  static Release of(Examined examined) throws SQLException {
    var version = Version.parse(examined.version().orElse(""));
    if (version.isPresent()) {
      return new Release(version.get().major(), version.get().minor(), true);
    }
    var database = examined.theDatabase();
    if (database
        .value("select 1 from django_migrations where app = 'users' and name = ?", RESET)
        .isPresent()) {
      return new Release(0, 14, false);
    }
    var younger = database.hasColumn("validations_validator", "availability_state");
    return new Release(0, younger ? 9 : 4, false);
  }

  boolean is(int otherMajor, int otherMinor) {
    return major == otherMajor && minor == otherMinor;
  }

  boolean isBefore(int otherMajor, int otherMinor) {
    return major < otherMajor || major == otherMajor && minor < otherMinor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
