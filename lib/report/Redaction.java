package lib.report;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/** Keeps secrets out of all output: those that are known, and whatever looks like one. */
public final class Redaction {

  private static final String HIDDEN = "[hidden]";
  private static final int TOO_SHORT = 6;

  private static final Pattern SECRET =
      Pattern.compile(
          "eyJ[\\w-]{8,}(?:\\.[\\w-]*){1,4}" // JWT
              + "|ya29\\.[\\w.-]+|1//[\\w-]{10,}" // Google's access and refresh tokens
              + "|-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE"
              + " KEY-----|$)|(?i:(?<=bearer )[\\w.~+/=-]{16,}|(?<=worker-key )[^\\s\"]+)"
              + "|(?<=://)[^/\\s:@]+:[^/\\s@]+(?=@)"); // user:password@

  private final Set<String> known =
      new ConcurrentSkipListSet<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(s -> s));

  /** Hide this text from now on. */
  public void add(String secret) {
    if (secret.length() >= TOO_SHORT) {
      known.add(secret);
    }
  }

  /** The text without secrets. */
  public String of(String text) {
    var clean = text;
    for (var secret : known) {
      clean = clean.replace(secret, HIDDEN);
    }
    return SECRET.matcher(clean).replaceAll(HIDDEN);
  }
}
