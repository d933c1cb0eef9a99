package lib.http;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import okhttp3.Headers;

/**
 * How far the clock of this machine is from that of whoever answered.
 *
 * @param ahead how much later it is here; negative when it is earlier
 */
public record Skew(Duration ahead) {

  /** What to do about it. */
  public static final String MEND = "  sudo timedatectl set-ntp true";

  /** Google's own tolerance is not known. Networks and clocks that are right differ by seconds. */
  private static final Duration TOLERABLE = Duration.ofMinutes(2);

  /** Compare with the Date of an answer; one without is no reason to doubt our clock. */
  public static Skew of(Headers headers) {
    var now = Instant.now();
    try {
      // OkHttp's own reading takes 40 ms to get ready, for forms of a date that nobody writes.
      var date =
          DateTimeFormatter.RFC_1123_DATE_TIME.parse(
              Optional.ofNullable(headers.get("Date")).orElse(""), Instant::from);
      return new Skew(Duration.between(date, now));
    } catch (DateTimeParseException e) {
      return new Skew(Duration.ZERO);
    }
  }

  /** What time it is there. */
  Instant theirs() {
    return Instant.now().minus(ahead);
  }

  /** Whether that can be the reason of a refusal. */
  public boolean matters() {
    return ahead.abs().compareTo(TOLERABLE) > 0;
  }

  /** As people read it. */
  @Override
  public String toString() {
    var direction = ahead.isNegative() ? "behind" : "ahead of";
    return "the clock of this machine is %s %s Google's".formatted(words(ahead), direction);
  }

  /** A time span in the one unit that fits best. */
  static String words(Duration span) {
    var minutes = Math.round(span.abs().toSeconds() / 60.0);
    return minutes < 120 ? minutes + " min" : Math.round(minutes / 60.0) + " h";
  }
}
