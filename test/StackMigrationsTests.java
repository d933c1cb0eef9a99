package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations that the running web container brings, and what its manage.py does about them. */
class StackMigrationsTests {

  private static final String RELEASED = "0037_validationrun_definition_released_at";
  private static final Set<String> PACKAGES =
      Set.of(
          "account",
          "admin",
          "auth",
          "authtoken",
          "contenttypes",
          "django_celery_beat",
          "flatpages",
          "mfa",
          "sessions",
          "socialaccount");

  /** What stands for Validibot's entrypoint: it does with psql what manage.py would do. */
  private static final String ENTRYPOINT =
      """
      #!/bin/sh
      echo "Waiting for Postgres at $POSTGRES_HOST"
      echo "$*" >> /tmp/commands
      [ "$(whoami)" = root ] || exit 9
      %s
      """;

  @TempDir private Path folder;

  private ComposeStack stack(Postgres.Database database, String manage) throws IOException {
    var image = image();
    var entrypoint = Files.writeString(folder.resolve("entrypoint"), ENTRYPOINT.formatted(manage));
    Files.setPosixFilePermissions(entrypoint, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new ComposeStack()
        .database(database)
        .option("web", "--volume", image.resolve("validibot") + ":/app/validibot:ro")
        .option("web", "--volume", image.resolve("venv") + ":/app/.venv:ro")
        .option("web", "--volume", entrypoint + ":/entrypoint:ro")
        // psql and its libraries are this machine's
        .option("web", "--volume", "/usr:/usr:ro", "--volume", "/lib:/lib:ro")
        .option("web", "--volume", "/lib64:/lib64:ro")
        .start();
  }

  /** The files of the release, where the image has them. */
  private Path image() throws IOException {
    var image = folder.resolve("image");
    var packages = image.resolve("venv/lib/python3.13/site-packages");
    try (var lines = Files.lines(Shell.REPO.resolve("lib/checks/migrations-0.14.tsv"))) {
      lines
          .filter(line -> !line.startsWith("#") && !line.startsWith("app\t"))
          .map(line -> line.split("\t"))
          .forEach(
              row -> {
                var app = row[0];
                var home =
                    app.equals("sites")
                        ? image.resolve("validibot/contrib/sites")
                        : app.equals("allauth_idp_oidc")
                            ? packages.resolve("allauth/idp/oidc")
                            : PACKAGES.contains(app)
                                ? packages.resolve(app)
                                : image.resolve("validibot").resolve(app);
                touch(home.resolve("migrations").resolve(row[1] + ".py"));
              });
    }
    // Django's own, which Validibot's take the place of; and an app that is not installed
    touch(packages.resolve("django/contrib/sites/migrations/0002_alter_domain_unique.py"));
    touch(packages.resolve("django/contrib/redirects/migrations/0001_initial.py"));
    return image;
  }

  private static void touch(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Postgres.Database pending() {
    return Postgres.seeded().run("delete from django_migrations where name = '" + RELEASED + "'");
  }

  @Test
  void the_image_tells_what_to_expect() throws IOException {
    try (var stack = stack(Postgres.seeded(), "exit 1")) {
      var run = stack.check(folder, "--only", "migrations");

      assertEquals(0, run.outcome().exit());
      assertEquals("ok", run.status("VB102"));
      assertTrue(
          run.message("VB103").contains("the files in the container " + stack.container("web")));
    }
  }

  @Test
  void a_pending_migration_is_applied_behind_the_guard() throws IOException {
    var database = pending();
    var manage =
        """
        case "$*" in *migrate*--noinput)
          export PGPASSWORD="$POSTGRES_PASSWORD"
          "$(ls /usr/lib/postgresql/*/bin/psql | tail -1)" -h "$POSTGRES_HOST" -U "$POSTGRES_USER" "$POSTGRES_DB" \
            -c "insert into django_migrations (app, name, applied)
                values ('validations', '%s', now())"
        esac
        """
            .formatted(RELEASED);
    try (var stack = stack(database, manage)) {
      var run = stack.check(folder, "--only", "migrations", "--target", "self_hosted", "--fix");

      assertEquals(0, run.outcome().exit());
      assertTrue(run.check("VB102").get("fixed").getAsBoolean());
      assertEquals(
          List.of("python manage.py check_migration_history", "python manage.py migrate --noinput"),
          stack.shell("web", "cat /tmp/commands").lines().toList());
    }
  }

  @Test
  void a_guard_that_refuses_ends_it_and_its_reason_is_told() throws IOException {
    var manage = "echo 'CommandError: this history is older than the reset' >&2; exit 1";
    try (var stack = stack(pending(), manage)) {
      var run = stack.check(folder, "--only", "migrations", "--fix");

      assertEquals(1, run.outcome().exit());
      assertEquals(List.of("VB102"), run.ids("error", "warn", "fatal"));
      assertFalse(run.check("VB102").get("fixed").getAsBoolean());
      assertTrue(
          run.message("VB102")
              .contains(
                  "--fix failed: manage.py check_migration_history exited with 1: CommandError:"
                      + " this history is older than the reset"));
      assertEquals(
          "python manage.py check_migration_history", stack.shell("web", "cat /tmp/commands"));
    }
  }

  /** What takes an hour is an hour's own: what ends it here says at once that it is over. */
  @Test
  void a_migration_has_an_hour_and_is_named_when_that_is_up() throws IOException {
    var timeout =
        """
        #!/bin/sh
        shift 2
        case "$*" in *manage.py*) echo "$1" >> /tmp/limits; esac
        shift
        "$@"
        case "$*" in *migrate*--noinput) exit 124; esac
        """;
    var manage =
        """
        case "$*" in *migrate*--noinput)
          echo '  Applying a.0001_initial... OK'
          printf '  Applying b.0002_long...'
          echo 'a warning' >&2
        esac
        """;
    try (var stack = stack(pending(), manage)) {
      stack.shell("web", "rm /bin/timeout; cat > /bin/timeout <<'E'\n" + timeout + "E\n");
      stack.shell("web", "chmod +x /bin/timeout");

      var run = stack.check(folder, "--only", "migrations", "--fix");

      assertTrue(
          run.message("VB102")
              .contains(
                  "--fix failed: manage.py migrate --noinput did not end within 3600 s, last:"
                      + " Applying b.0002_long..."),
          run.message("VB102"));
      run.outcome().errContains("apply the migrations (no backup is made before)");
      run.outcome().outContains("exec -T web /entrypoint python manage.py migrate --noinput");
      assertEquals(List.of("180", "3600"), stack.shell("web", "cat /tmp/limits").lines().toList());
    }
  }

  @Test
  void a_release_without_a_guard_is_migrated_too() throws IOException {
    var manage =
        """
        case "$*" in *history) echo "Unknown command: 'check_migration_history'" >&2; exit 1; esac
        """;
    try (var stack = stack(pending(), manage)) {
      stack.check(folder, "--only", "migrations", "--fix");

      assertTrue(stack.shell("web", "cat /tmp/commands").endsWith("migrate --noinput"));
    }
  }

  @Test
  void missing_validators_are_synchronized() throws IOException {
    var database =
        Postgres.seeded()
            .run("update validations_validator set is_system = slug <> 'fmu-validator'");
    var manage =
        """
        export PGPASSWORD="$POSTGRES_PASSWORD"
        "$(ls /usr/lib/postgresql/*/bin/psql | tail -1)" -h "$POSTGRES_HOST" -U "$POSTGRES_USER" "$POSTGRES_DB" \
          -c "update validations_validator set is_system = true where slug = 'fmu-validator'"
        """;
    try (var stack = stack(database, manage)) {
      var run = stack.check(folder, "--only", "VB701", "--fix");

      assertEquals(0, run.outcome().exit());
      assertTrue(run.check("VB701").get("fixed").getAsBoolean());
      assertEquals("python manage.py sync_validators", stack.shell("web", "cat /tmp/commands"));
    }
  }
}
