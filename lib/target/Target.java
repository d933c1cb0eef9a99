package lib.target;

import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * What is verified: a stage and its services.
 *
 * @param site the SITE_URL of the stage's own env file, where that is at hand
 * @param settings where each setting came from, for {@code -vv}
 * @param notes what a reader should know about how the target was found
 */
public record Target(
    Stage stage,
    Part web,
    Part worker,
    Part mcp,
    Optional<HttpUrl> site,
    List<String> settings,
    List<String> notes) {

  public Target {
    settings = List.copyOf(settings);
    notes = List.copyOf(notes);
  }

  /** A service of the stage, or the reason why it is outside this target. */
  public sealed interface Part {

    /** It is there to be asked. */
    record Within(Service service) implements Part {}

    /** Nothing says where it is. */
    record Outside(String reason) implements Part {}

    /** The stage does without it, and nothing is missing; the reason is a sentence. */
    record Without(String reason) implements Part {}
  }
}
