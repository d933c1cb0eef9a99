package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that let strangers in, one at a time. */
class SecurityChecksTests {

  private static final String[] BAD = {"error", "warn", "fatal"};

  @TempDir private Path folder;
  private final Map<String, String> settings = DoctorRun.goodSettings();

  @Test
  void good_settings_are_good() {
    var run = check();

    run.outcome().exits(0);
    assertEquals(List.of(), run.ids(BAD));
    assertEquals(List.of(), run.ids("skipped", "info"));
  }

  @Test
  void local_stack_is_no_finding() {
    settings.keySet().removeIf(it -> !it.equals("DJANGO_SECRET_KEY"));
    settings.put("DEPLOYMENT_TARGET", "local_docker_compose");
    settings.put("SITE_URL", "http://web:8000");

    var run = check();

    assertEquals(List.of(), run.ids(BAD));
    assertEquals(List.of("VB001", "VB007"), run.ids("info"));
  }

  @Test
  void weak_key_of_a_local_stack_is_only_a_warning() {
    settings.put("DEPLOYMENT_TARGET", "local_docker_compose");
    settings.put("DJANGO_SECRET_KEY", "short");

    var run = check();

    run.outcome().exits(0);
    assertEquals(List.of("VB002"), run.ids("warn"));
  }

  @ParameterizedTest(name = "{1}: {0}={2}", quoteTextArguments = false)
  @CsvSource({
    "DJANGO_SETTINGS_MODULE, VB001, config.settings.local, DEBUG is on",
    "DJANGO_SECRET_KEY, VB002, canary-too-short, 'has 16 characters'",
    "DJANGO_SECRET_KEY, VB002, your-secret-key-here-change-this, 'your-secret-key-here'",
    "DJANGO_SECRET_KEY, VB002, canary-changeme-canary-changeme-canary, changeme",
    "DJANGO_SECRET_KEY, VB002, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, repeats",
    "DJANGO_ALLOWED_HOSTS, VB003, *, every name",
    "DJANGO_ALLOWED_HOSTS, VB003, ',', is empty",
    "DJANGO_ALLOWED_HOSTS, PDV014, validibot.acme.test, no localhost",
    "DJANGO_ALLOWED_HOSTS, PDV014, 'validibot.acme.test, localhost', no localhost",
    "DJANGO_CSRF_TRUSTED_ORIGINS, VB004, ',', is empty",
    "DJANGO_CSRF_TRUSTED_ORIGINS, PDV011, validibot.acme.test, without a scheme",
    "DJANGO_ADMIN_URL, VB005, admin/, admin/",
    "DJANGO_ADMIN_URL, PDV012, back-office, does not end in a slash",
    "DJANGO_ADMIN_URL, PDV012, /back-office/, begins with a slash",
    "DJANGO_SECURE_SSL_REDIRECT, VB006, False, is off",
    "DJANGO_SECURE_HSTS_SECONDS, PDV013, 0, is 0",
    "DJANGO_API_KEY_DIGEST_KEY, VB008, canary-too-short, has 16 characters",
    "DJANGO_API_KEY_DIGEST_KEY, VB008, replace-with-a-key-of-your-own-4711, replace-with-",
    "DJANGO_MFA_ENCRYPTION_KEY, PDV010, Y2hhbmdlLXRoaXMta2V5LWNoYW5nZS10aGlzLWtleTE=, change-this",
    "DJANGO_MFA_ENCRYPTION_KEY, PDV010, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=, repeats"
  })
  void weakness_is_one_error(String name, String id, String value, String said) {
    settings.put(name, value);

    var run = check();

    run.outcome().exits(1).outLacks("canary");
    assertEquals(List.of(id), run.ids(BAD));
    assertEquals(List.of(id), run.ids("error"));
    assertTrue(run.message(id).contains(said), run.message(id));
  }

  @Test
  void key_that_is_used_twice_is_told_of_the_second_use() {
    settings.put("DJANGO_API_KEY_DIGEST_KEY", settings.get("DJANGO_SECRET_KEY"));

    assertEquals(List.of("VB008"), check().ids(BAD));
  }

  @Test
  void default_address_of_the_admin_is_told_as_such() {
    settings.remove("DJANGO_ADMIN_URL");

    var run = check();

    assertEquals(List.of("VB005"), run.ids(BAD));
    assertTrue(run.message("VB005").contains("(the default)"));
  }

  @ParameterizedTest(name = "{1}: {0}={2}", quoteTextArguments = false)
  @CsvSource({
    "DJANGO_SECURE_HSTS_SECONDS, PDV013, 3600",
    "DJANGO_CSRF_TRUSTED_ORIGINS, PDV011, https://validibot.acme.test/",
    "DJANGO_CSRF_TRUSTED_ORIGINS, PDV011, 'https://a.acme.test, https://b.acme.test'"
  })
  void what_is_only_weaker_is_a_warning(String name, String id, String value) {
    settings.put(name, value);

    var run = check();

    run.outcome().exits(0);
    assertEquals(List.of(id), run.ids(BAD));
  }

  @Test
  void google_cloud_needs_no_localhost() {
    settings.put("DEPLOYMENT_TARGET", "gcp");
    settings.put("DJANGO_ALLOWED_HOSTS", "validibot.acme.test");

    var run = check();

    assertEquals(List.of(), run.ids(BAD));
    assertEquals("skipped", run.status("PDV014"));
  }

  private DoctorRun check() {
    return DoctorRun.with(settings, folder, "--only", "security");
  }
}
