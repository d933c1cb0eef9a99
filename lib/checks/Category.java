package lib.checks;

import java.util.List;

/**
 * Checks of one subject, in the order in which they are told.
 *
 * @param key the word for {@code --only} and {@code --skip}
 * @param kind the category of Validibot's own doctor, for the JSON form (validibot.md section 6.1)
 */
public record Category(String key, String title, String kind, List<Check> checks) {

  public Category {
    checks = List.copyOf(checks);
  }
}
