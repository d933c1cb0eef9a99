package lib.target;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a deploy script has just deployed, and wants to see there. */
public final class Expectations {

  /** Why the tests of these are skipped without. */
  public static final String NONE =
      "Nothing was expected (--expect-revision, --expect-image, --expect-version).";

  @Option(
      names = "--expect-revision",
      paramLabel = "NAME",
      converter = TargetOptions.Word.class,
      description =
          "This revision must serve. Its name says of which service; once for each service.")
  public List<String> revisions = List.of();

  @Option(
      names = "--expect-image",
      paramLabel = "REF",
      converter = ImageName.class,
      description = "Web and worker must run this image: a tag, a digest, or a whole reference.")
  public Optional<Image> image = Optional.empty();

  @Option(
      names = "--expect-version",
      paramLabel = "VERSION",
      converter = TargetOptions.Word.class,
      description = "Web and worker must have this VALIDIBOT_VERSION; a v before it is optional.")
  public Optional<String> version = Optional.empty();

  /** Reads the name of an image. */
  static final class ImageName implements ITypeConverter<Image> {
    @Override
    public Image convert(String value) {
      return Image.of(value.strip())
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + value + "' is no image: a tag, sha256:..., or HOST/PATH:TAG"));
    }
  }
}
