package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles and permissions, in a real database. */
class RoleChecksTests {

  @TempDir private Path folder;

  private DoctorRun check(Postgres.Database database, String... arguments) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", database.url());
    return DoctorRun.with(settings, folder, arguments);
  }

  @Test
  void a_seeded_database_is_good() {
    var run = check(Postgres.seeded(), "--only", "roles");

    run.outcome().exits(0);
    assertEquals(List.of(), run.ids("error", "warn", "fatal"));
  }

  @Test
  void a_missing_role_is_named() {
    var database = Postgres.seeded().run("delete from users_role where code = 'AUTHOR'");

    var run = check(database, "--only", "roles");

    assertEquals(1, run.outcome().exit());
    assertEquals(List.of("VB810"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("VB810").contains("missing: AUTHOR"));
  }

  @Test
  void a_role_that_is_there_twice_is_named() {
    var database =
        Postgres.seeded().run("insert into users_role (code, name) values ('OWNER', 'Owner')");

    var run = check(database, "--only", "roles");

    assertEquals(List.of("PDV810"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("PDV810").contains("OWNER (2 times)"));
  }

  @Test
  void a_permission_on_the_wrong_content_type_is_missing_from_the_right_one() {
    var database =
        Postgres.seeded()
            .run(
                "update auth_permission set content_type_id = (select id from django_content_type"
                    + " where model = 'site') where codename = 'validator_edit'");

    var run = check(database, "--only", "roles");

    assertEquals(List.of("VB811"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("VB811").contains("validator_edit is on sites.site"));
  }

  @Test
  void fixing_adds_what_is_missing_and_nothing_else() {
    var database =
        Postgres.seeded()
            .run(
                "delete from users_role where code in ('AUTHOR', 'OWNER')",
                "update users_role set name = 'Chef' where code = 'ADMIN'",
                "delete from auth_permission where codename = 'workflow_edit'");

    var run = check(database, "--only", "roles", "--fix");
    var again = check(database, "--only", "roles", "--fix");

    run.outcome().exits(0);
    assertTrue(run.check("VB810").get("fixed").getAsBoolean());
    assertTrue(run.check("VB811").get("fixed").getAsBoolean());
    assertEquals(0, again.outcome().exit());
    assertEquals("7", database.value("select count(*) from users_role"));
    assertEquals("Chef", database.value("select name from users_role where code = 'ADMIN'"));
  }

  @Test
  void a_dry_run_changes_nothing() {
    var database = Postgres.seeded().run("delete from users_role where code = 'AUTHOR'");

    var run = check(database, "--only", "roles", "--fix", "--dry-run");

    assertEquals(1, run.outcome().exit());
    run.outcome().errContains("VB810: add the missing roles");
    assertEquals("6", database.value("select count(*) from users_role"));
  }
}
