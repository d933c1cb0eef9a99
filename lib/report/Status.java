package lib.report;

import java.util.Locale;

/** What became of one question. */
public enum Status {
  PASSED,
  INFO,
  WARNING,
  FAILED,
  SKIPPED,
  UNVERIFIED;

  /** How programs are told. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
