package lib.report;

/** What became of one question. */
public enum Status {
  PASSED,
  INFO,
  WARNING,
  FAILED,
  SKIPPED,
  UNVERIFIED
}
