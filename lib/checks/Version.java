package lib.checks;

import java.util.Optional;
import java.util.regex.Pattern;

/** A version of Validibot, as far as what is expected depends on it (validibot.md section 5.2b). */
record Version(int major, int minor) {

  private static final Pattern SHAPE = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(?:\\D.*)?");

  /** Read a version; nothing for a development build or the like. */
  static Optional<Version> parse(String text) {
    var parts = SHAPE.matcher(text.strip());
    return parts.matches()
        ? Optional.of(
            new Version(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2))))
        : Optional.empty();
  }

  /** Whether it is one of those that were run to learn what to expect. */
  boolean isKnown() {
    return major == 0 && minor >= 4 && minor <= 14;
  }
}
