package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.stream.Stream;
import lib.checks.MigrationFiles;
import org.junit.jupiter.api.Test;

/** What is made of the names of files in an image. */
class MigrationFilesTests {

  private static final String PACKAGES = "/app/.venv/lib/python3.13/site-packages/";

  private static MigrationFiles image() {
    return MigrationFiles.of(
        Stream.of(
            "/app/validibot/core/migrations/__init__.py",
            "/app/validibot/core/migrations/0001_initial.py",
            "/app/validibot/core/migrations/0002_more.py",
            "/app/validibot/contrib/sites/migrations/0001_initial.py",
            "/app/validibot/contrib/sites/migrations/0003_set_site_domain_and_name.py",
            PACKAGES + "django/contrib/auth/migrations/0001_initial.py",
            PACKAGES + "django/contrib/sites/migrations/0001_initial.py",
            PACKAGES + "django/contrib/sites/migrations/0002_alter_domain_unique.py",
            PACKAGES + "django/contrib/redirects/migrations/0001_initial.py",
            PACKAGES + "allauth/account/migrations/0001_initial.py",
            PACKAGES + "allauth/idp/oidc/migrations/0001_initial.py",
            PACKAGES + "rest_framework/authtoken/migrations/0001_initial.py",
            PACKAGES + "django_celery_beat/migrations/0001_initial.py",
            "/usr/local/lib/python3.13/site-packages/allauth/mfa/migrations/0001_initial.py",
            "find: '/opt/none': No such file or directory"));
  }

  @Test
  void own_apps_are_known_by_their_folders() {
    assertEquals(Set.of("core", "sites"), image().own().keySet());
    assertEquals(Set.of("0001_initial", "0002_more"), image().names("core"));
  }

  @Test
  void packages_are_known_by_the_labels_that_django_gives_them() {
    assertEquals(
        Set.of(
            "account",
            "allauth_idp_oidc",
            "auth",
            "authtoken",
            "django_celery_beat",
            "mfa",
            "redirects",
            "sites"),
        image().others().keySet());
  }

  @Test
  void the_apps_own_migrations_of_sites_count_and_not_those_of_django() {
    assertEquals(Set.of("0001_initial", "0003_set_site_domain_and_name"), image().names("sites"));
  }

  @Test
  void a_package_counts_only_where_the_database_knows_it() {
    assertEquals(
        Set.of("auth", "core", "sites"), image().apps(Set.of("auth", "sites", "forgotten")));
  }

  @Test
  void nothing_of_validibots_is_no_image_of_it() {
    var files =
        MigrationFiles.of(Stream.of(PACKAGES + "django/contrib/auth/migrations/0001_initial.py"));

    assertTrue(files.isEmpty());
  }
}
