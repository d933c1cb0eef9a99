package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.settings.Drift;
import org.junit.jupiter.api.Test;

/** Env files and the environment of the container that was made of them. */
class DriftTests {

  private static final Optional<Map<String, String>> IMAGE = Optional.of(Map.of("PATH", ""));

  private final Map<String, String> files =
      new HashMap<>(
          Map.of("SITE_URL", "https://a.acme.org", "DJANGO_SETTINGS_MODULE", "production_pro"));
  private final Map<String, String> container =
      new HashMap<>(
          Map.of(
              "SITE_URL", "https://a.acme.org",
              "DJANGO_SETTINGS_MODULE", "production",
              "VALIDATOR_RUNNER", "docker",
              "PATH", "/bin"));

  @Test
  void healthy_stack_has_none() {
    assertTrue(drift(IMAGE).isNone());
  }

  @Test
  void edited_added_and_removed_variables_show() {
    files.put("SITE_URL", "https://b.acme.org");
    files.put("EMAIL_PORT", "25");
    container.put("EMAIL_HOST", "mail.acme.org");

    assertEquals(
        new Drift(List.of("SITE_URL"), List.of("EMAIL_PORT"), List.of("EMAIL_HOST")), drift(IMAGE));
  }

  @Test
  void without_the_image_nobody_can_tell_what_was_removed() {
    container.put("EMAIL_HOST", "mail.acme.org");

    assertTrue(drift(Optional.empty()).isNone());
  }

  @Test
  void variable_that_is_not_validibots_was_not_removed_from_its_files() {
    container.put("HTTP_PROXY", "http://proxy.acme.org");

    assertTrue(drift(IMAGE).isNone());
  }

  private Drift drift(Optional<Map<String, String>> image) {
    return Drift.of(files, container, image, Drift.overridden(false)::contains);
  }
}
