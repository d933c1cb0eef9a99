package lib.target;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A container image as people and services name it: {@code HOST/PATH/NAME:TAG@DIGEST}, or only a
 * part of that.
 *
 * @param name may lack its beginning; empty when only a tag or a digest is named
 */
public record Image(String name, Optional<String> tag, Optional<String> digest) {

  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?<name>(?:[\\w.-]+(?::\\d+)?/)?[\\w./-]*?)" // a port is no tag
              + "(?::(?<tag>\\w[\\w.-]{0,127}))?"
              + "(?:@(?<digest>\\w+:\\p{XDigit}{32,}))?");

  private static final Pattern DIGEST = Pattern.compile("sha256:\\p{XDigit}{64}");

  /** How two names of images stand to each other. */
  public enum Match {
    SAME,
    DIFFERENT,
    /** One names a tag, the other a digest. */
    NOT_COMPARABLE
  }

  /** Read a name; nothing when it is none. A word alone is a tag, {@code sha256:...} a digest. */
  public static Optional<Image> of(String reference) {
    if (DIGEST.matcher(reference).matches()) {
      var digest = reference.toLowerCase(Locale.ROOT); // as registries write it
      return Optional.of(new Image("", Optional.empty(), Optional.of(digest)));
    }
    var word = !reference.isEmpty() && !reference.matches(".*[/:@].*");
    var matcher = REFERENCE.matcher(word ? ":" + reference : reference);
    if (reference.isBlank() || !matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Image(
            matcher.group("name"),
            Optional.ofNullable(matcher.group("tag")),
            Optional.ofNullable(matcher.group("digest")).map(it -> it.toLowerCase(Locale.ROOT))));
  }

  /** Whether that image is the one meant here: all that is named here must be so there. */
  public Match matches(Image other) {
    if (!(name.isEmpty() || other.name.equals(name) || other.name.endsWith("/" + name))) {
      return Match.DIFFERENT;
    }
    if (digest.isPresent() && other.digest.isPresent()) {
      return digest.equals(other.digest) ? Match.SAME : Match.DIFFERENT; // a tag may move
    }
    if (tag.isPresent() && other.tag.isPresent()) {
      return tag.equals(other.tag) && digest.isEmpty()
          ? Match.SAME
          : tag.equals(other.tag) ? Match.NOT_COMPARABLE : Match.DIFFERENT;
    }
    return tag.isEmpty() && digest.isEmpty() ? Match.SAME : Match.NOT_COMPARABLE;
  }

  @Override
  public String toString() {
    return name + tag.map(it -> ":" + it).orElse("") + digest.map(it -> "@" + it).orElse("");
  }
}
