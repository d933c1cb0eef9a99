package lib.target;

import java.util.List;
import java.util.Optional;

/** What a deploy script has just deployed, and wants to see there. */
public final class Expectations {

  /** Why the tests of these are skipped without. */
  public static final String NONE =
      "Nothing was expected (--expect-revision, --expect-image, --expect-version).";

  public List<String> revisions = List.of();
  public Optional<Image> image = Optional.empty();
  public Optional<String> version = Optional.empty();

  /** Have them read. */
  public void declare(Options options) {
    options
        .values("--expect-revision", "NAME", Options::word, it -> revisions = it)
        .description(
            "This revision must serve. Its name says of which service; once for each service.");
    options
        .value("--expect-image", "REF", Expectations::image, it -> image = Optional.of(it))
        .description("Web and worker must run this image: a tag, a digest, or a whole reference.");
    options
        .value("--expect-version", "VERSION", Options::word, it -> version = Optional.of(it))
        .description("Web and worker must have this VALIDIBOT_VERSION; a v before it is optional.");
  }

  private static Image image(String value) {
    return Options.known(
        Image.of(value.strip()),
        "'" + value + "' is no image: a tag, sha256:..., or HOST/PATH:TAG");
  }
}
