package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The site's row in a real database, and the settings that name the same site. */
class SiteChecksTests {

  @TempDir private Path folder;

  private DoctorRun check(
      Postgres.Database database, Map<String, String> changed, String... arguments) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", database.url());
    settings.putAll(changed);
    var all = new ArrayList<>(List.of("--only", "site"));
    all.addAll(List.of(arguments));
    return DoctorRun.with(settings, folder, all.toArray(String[]::new));
  }

  private static Postgres.Database withDomain(String domain) {
    return Postgres.seeded().run("update django_site set domain = '" + domain + "'");
  }

  @Test
  void a_site_that_is_everywhere_the_same_is_good() {
    var run = check(Postgres.seeded(), Map.of());

    assertEquals(0, run.outcome().exit());
    assertEquals(
        List.of(
            "PDV002", "PDV104", "PDV800", "PDV802", "PDV803", "PDV804", "PDV805", "VB101", "VB800",
            "VB801", "VB802"),
        run.ids("ok"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com",
        "localhost",
        "localhost:8000",
        "validibot.com",
        "validibot.example.com",
        "your-domain.example",
        "!!!CHANGE-THIS!!!"
      })
  void a_placeholder_is_one_error(String domain) {
    var run = check(withDomain(domain), Map.of());

    assertEquals(1, run.outcome().exit());
    assertEquals(List.of("VB801"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("VB801").contains("the site is " + domain));
  }

  @Test
  void fixing_a_placeholder_takes_the_domain_of_site_url() {
    var database = withDomain("localhost:8000");

    var run = check(database, Map.of(), "--fix");
    var again = check(database, Map.of(), "--fix");

    assertEquals(0, run.outcome().exit());
    assertTrue(run.check("VB801").get("fixed").getAsBoolean());
    run.outcome().errContains("restart web, worker and scheduler");
    assertEquals(0, again.outcome().exit());
    again.outcome().errContains("nothing that can be mended");
    assertEquals(
        "1 validibot.acme.test Validibot",
        database.value("select id || ' ' || domain || ' ' || name from django_site"));
  }

  @Test
  void a_fix_that_the_database_refuses_is_told_with_its_cause() {
    var database =
        withDomain("localhost:8000")
            .run(
                "insert into django_site (id, domain, name) values (2, 'validibot.acme.test', '')");

    var run = check(database, Map.of(), "--fix");

    assertEquals(1, run.outcome().exit());
    assertFalse(run.check("VB801").get("fixed").getAsBoolean());
    assertTrue(run.message("VB801").contains("--fix failed: "));
    assertTrue(run.message("VB801").contains("django_site_domain_key"));
    assertEquals("localhost:8000", database.value("select domain from django_site where id = 1"));
  }

  @Test
  void another_domain_is_left_alone() {
    var database = withDomain("other.acme.test");

    var run = check(database, Map.of(), "--fix");

    assertEquals(List.of("PDV802"), run.ids("error", "warn", "fatal"));
    assertTrue(
        run.message("PDV802")
            .contains("the site is other.acme.test, and SITE_URL is https://validibot.acme.test"));
    assertEquals("other.acme.test", database.value("select domain from django_site"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://validibot.acme.test", "validibot.acme.test/"})
  void an_address_is_no_domain(String domain) {
    var run = check(withDomain(domain), Map.of());

    assertEquals(List.of("PDV802"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("PDV802").contains("neither a scheme nor a slash"));
  }

  @Test
  void the_makers_own_site_is_no_placeholder() {
    var settings =
        Map.of(
            "SITE_URL", "https://validibot.com",
            "DJANGO_ALLOWED_HOSTS", ".validibot.com,localhost",
            "DJANGO_CSRF_TRUSTED_ORIGINS", "https://validibot.com");

    assertEquals(0, check(withDomain("validibot.com"), settings).outcome().exit());
  }

  @Test
  void spelling_and_port_do_not_matter_where_they_mean_the_same() {
    var settings = Map.of("SITE_URL", "https://Validibot.Acme.Test:443/");

    assertEquals(0, check(withDomain("VALIDIBOT.acme.test"), settings).outcome().exit());
  }

  @Test
  void a_missing_row_is_one_error() {
    var run = check(Postgres.seeded().run("update django_site set id = 2"), Map.of());

    assertEquals(List.of("VB800"), run.ids("error", "warn", "fatal"));
  }

  @Test
  void a_nameless_site_is_a_warning() {
    var run = check(Postgres.seeded().run("update django_site set name = ''"), Map.of());

    assertEquals(0, run.outcome().exit());
    assertEquals(List.of("VB802"), run.ids("error", "warn", "fatal"));
  }

  @ParameterizedTest
  @CsvSource({
    "PDV803, SITE_URL, https://elsewhere.acme.test",
    "PDV805, SITE_URL, http://validibot.acme.test",
    "PDV805, SITE_URL, https://localhost:8000",
    "PDV805, SITE_URL, https://validibot.example.com",
    "PDV805, SITE_URL, https://your-domain.example",
    "PDV805, SITE_URL, validibot.acme.test",
    "PDV805, SITE_URL, ''",
    "PDV803, DJANGO_ALLOWED_HOSTS, 'localhost, validibot.acme.test'",
    "PDV804, DJANGO_CSRF_TRUSTED_ORIGINS, https://elsewhere.acme.test",
    "PDV804, DJANGO_CSRF_TRUSTED_ORIGINS, http://validibot.acme.test"
  })
  void a_setting_that_disagrees_is_one_error(String id, String name, String value) {
    var run = check(Postgres.seeded(), Map.of(name, value));

    assertEquals(1, run.outcome().exit());
    assertEquals(List.of(id), run.ids("error", "warn", "fatal"));
  }

  @ParameterizedTest
  @CsvSource({
    "DJANGO_ALLOWED_HOSTS, '*'",
    "DJANGO_ALLOWED_HOSTS, '.acme.test,localhost'",
    "DJANGO_ALLOWED_HOSTS, ''",
    "DJANGO_CSRF_TRUSTED_ORIGINS, https://*.acme.test",
    "DJANGO_CSRF_TRUSTED_ORIGINS, ''",
    "DJANGO_CSRF_TRUSTED_ORIGINS, validibot.acme.test"
  })
  void what_other_checks_tell_is_not_told_twice(String name, String value) {
    var run = check(Postgres.seeded(), Map.of(name, value));

    assertEquals(List.of(), run.ids("error", "warn", "fatal"));
  }

  @Test
  void an_origin_that_no_browser_sends_is_told_once() {
    var origin = "https://validibot.acme.test/";

    var run =
        check(
            Postgres.seeded(), Map.of("DJANGO_CSRF_TRUSTED_ORIGINS", origin), "--only", "security");

    assertEquals(List.of("PDV804"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("PDV011").startsWith("Follows from PDV804"), run.message("PDV011"));
  }

  @Test
  void an_install_that_was_never_configured_begins_with_site_url() {
    var run = check(withDomain("localhost:8000"), Map.of("SITE_URL", ""));

    assertEquals(List.of("PDV805"), run.ids("error", "warn", "fatal"));
    assertEquals("skipped", run.status("VB801"));
  }

  @Test
  void settings_are_compared_even_without_a_database() {
    var settings =
        Map.of(
            "DATABASE_URL", "postgres://validibot@127.0.0.1:1/validibot",
            "DJANGO_ALLOWED_HOSTS", "localhost");

    var run = check(Postgres.seeded(), settings);

    assertEquals(List.of("PDV803", "VB101"), run.ids("error", "warn", "fatal"));
  }

  @Test
  void a_stack_for_development_has_its_own_addresses() {
    var settings =
        Map.of("DEPLOYMENT_TARGET", "local_docker_compose", "SITE_URL", "http://web:8000");

    var run = check(withDomain("localhost:8000"), settings);

    assertEquals(0, run.outcome().exit());
    assertEquals(List.of(), run.ids("error", "warn", "fatal"));
    assertEquals("ok", run.status("VB801"));
  }
}
