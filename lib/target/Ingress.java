package lib.target;

import java.util.Locale;

/** From where Cloud Run lets requests in (cloud-run.md, Admin API). */
public enum Ingress {
  ALL("all"),
  INTERNAL_ONLY("internal"),
  INTERNAL_LOAD_BALANCER("internal-and-cloud-load-balancing"),
  NONE("none"),
  UNKNOWN("unknown");

  private final String label;

  Ingress(String label) {
    this.label = label;
  }

  /** The ingress behind an Admin API value such as {@code INGRESS_TRAFFIC_ALL}. */
  public static Ingress of(String apiValue) {
    var name = apiValue.replaceFirst("^INGRESS_TRAFFIC_", "").toUpperCase(Locale.ROOT);
    for (var ingress : values()) {
      if (ingress.name().equals(name)) {
        return ingress;
      }
    }
    return UNKNOWN;
  }

  /** Whether it is known that a request from outside Google cannot reach the run.app address. */
  public boolean keepsStrangersOut() {
    return this != ALL && this != UNKNOWN;
  }

  /** The word that gcloud uses. */
  @Override
  public String toString() {
    return label;
  }
}
