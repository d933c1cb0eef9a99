package lib.http;

/** Who is asking. */
public enum Caller {
  STRANGER("a stranger"),
  FORGER("a stranger with a forged token"),
  INVOKER("the invoker"),
  SUPERUSER("the superuser");

  private final String label;

  Caller(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
