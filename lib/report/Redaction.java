package lib.report;

import java.util.BitSet;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/**
 * Keeps secrets out of all output: those that are known, in every form that {@link Disguises}
 * knows, and whatever looks like one.
 */
public final class Redaction {

  private static final String HIDDEN = "[hidden]";
  private static final int TOO_SHORT = 6;

  private static final String CUT = "…";

  /** What an excerpt can show at most, and what of a secret is of use to nobody. */
  private static final int LONGEST = 400;

  private static final int BEGINNING = 4;

  /** So many letters stand in this order by no accident, whatever blanks are between them. */
  private static final int SCATTERED = 16;

  private final Set<String> known =
      new ConcurrentSkipListSet<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(s -> s));

  /** Whatever looks like a secret; made when the first text comes, because that takes its time. */
  private static final class Lookalike {
    private static final Pattern SECRET =
        Pattern.compile(
            "eyJ[\\w-]{8,}(?:\\.[\\w-]*){1,4}" // JWT
                + "|ya29\\.[\\w.-]+|1//[\\w-]{10,}" // Google's access and refresh tokens
                + "|-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE"
                + " KEY-----|$)|(?i:(?<=bearer )[\\w.~+/=-]{16,}|(?<=worker-key )[^\\s\"]+)"
                // Django's cookies and the hidden field of its forms
                + "|(?i:(?<=sessionid=)|(?<=csrftoken=)|(?<=csrfmiddlewaretoken=)"
                + "|(?<=csrfmiddlewaretoken\" value=\"))[\\w-]{6,}"
                + "|(?<=://)[^/\\s\"'<>]+(?=@)" // user, or user:password@, even with an @ in it
                + "|(?<=://)[^/\\s:@]+:(?!\\d{1,5}[/?#\\s])[^\\s@]+(?=@)"); // or with a slash
  }

  /** Hide this text from now on. */
  public void add(String secret) {
    if (secret.length() >= TOO_SHORT) {
      Disguises.of(secret).stream().filter(it -> it.length() >= BEGINNING).forEach(known::add);
    }
  }

  /** The text without secrets. */
  public String of(String text) {
    var clean = text;
    for (var secret : known) {
      clean = clean.replace(secret, HIDDEN);
    }
    return Lookalike.SECRET.matcher(uncut(unscattered(clean))).replaceAll(HIDDEN);
  }

  /** Hide the beginning of a secret that is cut, as an excerpt is: it ends in three dots. */
  private String uncut(String text) {
    var clean = new StringBuilder(text);
    for (var cut = text.lastIndexOf(CUT); cut > 0; cut = text.lastIndexOf(CUT, cut - 1)) {
      var begin = cut;
      for (var from = Math.max(0, cut - LONGEST); from <= cut - BEGINNING; from++) {
        if (!isBlank(text.charAt(from)) && begins(text, from, cut)) {
          begin = from;
          break;
        }
      }
      if (begin < cut) {
        clean.replace(begin, cut, HIDDEN);
      }
    }
    return clean.toString();
  }

  /** Whether a secret begins like that part of a text, with its blanks or without. */
  private boolean begins(String text, int from, int to) {
    for (var secret : known) {
      if (secret.charAt(0) == text.charAt(from)
          && (text.regionMatches(from, secret, 0, to - from)
              || scattered(secret, text, from, to))) {
        return true;
      }
    }
    return false;
  }

  private static boolean scattered(String secret, String text, int from, int to) {
    var letters = 0;
    for (var at = from; at < to; at++) {
      if (!isBlank(text.charAt(at))
          && (letters == secret.length() || secret.charAt(letters++) != text.charAt(at))) {
        return false;
      }
    }
    return letters >= BEGINNING;
  }

  /** Hide the secrets that blanks or line ends only tear apart. */
  private String unscattered(String text) {
    var letters = new StringBuilder();
    var places = new int[text.length()];
    for (var i = 0; i < text.length(); i++) {
      if (!isBlank(text.charAt(i))) {
        places[letters.length()] = i;
        letters.append(text.charAt(i));
      }
    }
    var hidden = new BitSet();
    for (var secret : letters.length() == text.length() ? Set.<String>of() : known) {
      for (var at = found(letters, secret, 0); at >= 0; at = found(letters, secret, at + 1)) {
        hidden.set(places[at], places[at + secret.length() - 1] + 1);
      }
    }
    return hidden.isEmpty() ? text : without(hidden, text);
  }

  private static int found(StringBuilder letters, String secret, int from) {
    return secret.length() < SCATTERED ? -1 : letters.indexOf(secret, from);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static String without(BitSet hidden, String text) {
    var clean = new StringBuilder();
    for (var at = 0; at < text.length(); ) {
      var from = hidden.nextSetBit(at);
      clean.append(text, at, from < 0 ? text.length() : from);
      if (from < 0) {
        break;
      }
      clean.append(HIDDEN);
      at = hidden.nextClearBit(from);
    }
    return clean.toString();
  }
}
