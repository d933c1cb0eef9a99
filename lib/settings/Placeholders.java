package lib.settings;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What Validibot's templates and documents have in place of a value (validibot.md section 1.4).
 * {@code example.com} is one as a domain, not as the end of another name.
 */
public final class Placeholders {

  private static final Pattern MARK =
      Pattern.compile(
          "change-?this|change-?me|!!!|your-secret-key-here|replace-with-|replace-me"
              + "|<your-|(?<![\\w.-])your-|0xyour|(?<![\\w-])example\\.com(?![\\w-])"
              + "|your-domain\\.example",
          Pattern.CASE_INSENSITIVE);

  private Placeholders() {}

  /** The mark of a placeholder in a value, such as {@code change-this}; it gives nothing away. */
  public static Optional<String> mark(String value) {
    var mark = MARK.matcher(value);
    return mark.find() ? Optional.of(mark.group()) : Optional.empty();
  }
}
