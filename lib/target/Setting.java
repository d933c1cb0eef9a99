package lib.target;

/** A value and where it came from, in words: an option, a variable, a file, or the default. */
public record Setting(String value, Origin origin, String source) {

  /** Where settings come from, the strongest first. */
  public enum Origin {
    OPTION,
    ENVIRONMENT,
    ENV_FILE,
    CONTAINER,
    GCLOUD,
    DEFAULT;

    /** Whether the operator meant this run, not just any. */
    public boolean deliberate() {
      return compareTo(ENV_FILE) <= 0;
    }
  }

  @Override
  public String toString() {
    return value + " (" + source + ")";
  }
}
