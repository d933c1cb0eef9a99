package lib.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonPrimitive;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The forms in which a secret comes back from whoever quotes it: as a server does in its page. */
final class Disguises {

  /** A part of a token that is long enough to be of use to somebody. */
  private static final int PART = 16;

  private static final Pattern HEX = Pattern.compile("%[0-9A-F]{2}");

  private Disguises() {}

  /** The secret itself, its parts, and both as addresses, pages, JSON and base64 have them. */
  static Set<String> of(String secret) {
    var forms = new HashSet<String>();
    forms.add(secret);
    // The lines of a key, and the parts of a signed token: each is quoted by itself.
    Arrays.stream(secret.split("[\\n\\r.]+"))
        .filter(part -> part.length() >= PART && !part.startsWith("-----"))
        .forEach(forms::add);
    // Blanks are the first thing that gets lost.
    forms.add(secret.replaceAll("\\s+", " "));
    forms.add(secret.replaceAll("\\s+", secret.length() < PART ? " " : ""));
    for (var plain : Set.copyOf(forms)) {
      addAsAddress(plain, forms);
      forms.add(html(plain).replace("'", "&#x27;"));
      forms.add(html(plain).replace("'", "&#39;"));
      addAsJson(plain, forms);
      addAsBase64(plain.getBytes(UTF_8), forms);
      addAsHexadecimal(plain.getBytes(UTF_8), forms);
    }
    return forms;
  }

  private static void addAsAddress(String plain, Set<String> forms) {
    var encoded = URLEncoder.encode(plain, UTF_8);
    for (var form : List.of(encoded, encoded.replace("+", "%20"))) {
      forms.add(form);
      forms.add(HEX.matcher(form).replaceAll(it -> it.group().toLowerCase(Locale.ROOT)));
    }
  }

  private static String html(String plain) {
    return plain
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static void addAsJson(String plain, Set<String> forms) {
    var quoted = new JsonPrimitive(plain).toString();
    var json = quoted.substring(1, quoted.length() - 1);
    var ascii = new StringBuilder();
    json.chars()
        .forEach(c -> ascii.append(c < 128 ? String.valueOf((char) c) : "\\u%04x".formatted(c)));
    forms.add(json);
    forms.add(ascii.toString());
    forms.add(json.replace("/", "\\/"));
  }

  private static void addAsHexadecimal(byte[] plain, Set<String> forms) {
    var digits = HexFormat.of().formatHex(plain);
    forms.add(digits);
    forms.add(digits.toUpperCase(Locale.ROOT));
  }

  /** What encodes the secret wherever it stands: its neighbours share the outermost letters. */
  private static void addAsBase64(byte[] plain, Set<String> forms) {
    for (var before = 0; before < 3; before++) {
      var bytes = new byte[before + plain.length];
      System.arraycopy(plain, 0, bytes, before, plain.length);
      var begin = before == 0 ? 0 : before + 1;
      var end = bytes.length * 8 / 6;
      forms.add(Base64.getEncoder().encodeToString(bytes).substring(begin, end));
      forms.add(Base64.getUrlEncoder().encodeToString(bytes).substring(begin, end));
    }
  }
}
