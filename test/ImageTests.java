package test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lib.target.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deploy script says of an image, against what a service says. */
class ImageTests {

  private static final String A = "sha256:" + "a".repeat(64);
  private static final String B = "sha256:" + "b".repeat(64);

  @ParameterizedTest(name = "{0} and {1}: {2}", quoteTextArguments = false)
  @CsvSource({
    "5b1f0c3, r.example.com/p/a/a-web:5b1f0c3, SAME",
    "5b1f0c3, r.example.com/p/a/a-web:09e273f, DIFFERENT",
    "a-web:5b1f0c3, r.example.com:5000/p/a/a-web:5b1f0c3, SAME",
    "web:5b1f0c3, r.example.com/p/a/a-web:5b1f0c3, DIFFERENT",
    "r.example.com:5000/a, r.example.com:5000/a:1, SAME",
    "r.example.com:5000/a:1, r.example.com:5000/a:1, SAME",
    "A, r.example.com/a@A, SAME",
    "A, r.example.com/a@B, DIFFERENT",
    "a@A, r.example.com/a:1@A, SAME",
    "a:2@A, r.example.com/a:1@A, SAME",
    "a:1@A, r.example.com/a:1, NOT_COMPARABLE",
    "a:2@A, r.example.com/a:1, DIFFERENT",
    "A, r.example.com/a:1, NOT_COMPARABLE",
    "a:1, r.example.com/a@A, NOT_COMPARABLE"
  })
  void all_that_is_expected_must_be_so(String expected, String actual, Image.Match match) {
    assertEquals(match, image(expected).matches(image(actual)));
  }

  @Test
  void a_name_reads_as_it_was_written() {
    var reference = "r.example.com:5000/p/a:1@" + A;

    assertEquals(reference, image(reference).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a@b", "a:1:2", "http://a/b:1"})
  void what_is_no_image_is_none(String reference) {
    assertEquals(true, Image.of(reference).isEmpty(), reference);
  }

  private static Image image(String reference) {
    return Image.of(reference.replaceFirst("(?<=^|@)A$", A).replaceFirst("(?<=^|@)B$", B))
        .orElseThrow();
  }
}
