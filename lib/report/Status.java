package lib.report;

/** What became of one question. */
public enum Status {
  PASSED,
  FAILED,
  SKIPPED,
  UNVERIFIED
}
