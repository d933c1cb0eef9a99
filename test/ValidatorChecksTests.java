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

/** System validators in a real database, of three releases. */
class ValidatorChecksTests {

  private static final String WITHOUT =
      "delete from validations_validator where slug in ('%s-validator', '%s-validator')";

  @TempDir private Path folder;

  private DoctorRun check(Postgres.Database database, Map<String, String> changed) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", database.url());
    settings.putAll(changed);
    return DoctorRun.with(settings, folder, "--only", "validators");
  }

  private DoctorRun check(Postgres.Database database) {
    return check(database, Map.of());
  }

  /** As 0.9.0 leaves it (validibot.md section 5.2b). */
  private static Postgres.Database ofRelease9() {
    return Postgres.seeded()
        .run(
            "delete from django_migrations where name like '%_current_schema'",
            WITHOUT.formatted("schematron", "portfolio-manager"),
            "update validations_validator set version = 1 where slug like 'energyplus%' or slug"
                + " like 'fmu%'",
            "update validations_validator set version = 2 where slug like 'shacl%'");
  }

  /** As 0.4.0 leaves it. */
  private static Postgres.Database ofRelease4() {
    return ofRelease9()
        .run(
            WITHOUT.formatted("shacl", "tabular"),
            "alter table validations_validator drop column availability_state",
            "alter table validations_validator drop column availability_message",
            "alter table validations_validator alter column version type varchar(20) using"
                + " '1.0'");
  }

  @Test
  void a_seeded_database_is_good() {
    var run = check(Postgres.seeded());

    assertEquals(0, run.outcome().exit());
    assertEquals(List.of(), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("VB701").contains("all 11 of release 0.14"));
  }

  @ParameterizedTest
  @CsvSource({"v0.4.0, skipped", "'', skipped"})
  void a_database_of_0_4_lacks_nothing(String version, String availability) {
    var run = check(ofRelease4(), Map.of("VALIDIBOT_VERSION", version));

    assertEquals(0, run.outcome().exit());
    assertTrue(run.message("VB701").contains("all 7 of release 0.4"));
    assertEquals(availability, run.status("PDV701"));
  }

  @ParameterizedTest
  @CsvSource({"v0.9.0", "''"})
  void a_database_of_0_9_lacks_nothing(String version) {
    var run = check(ofRelease9(), Map.of("VALIDIBOT_VERSION", version));

    assertEquals(0, run.outcome().exit());
    assertTrue(run.message("VB701").contains("all 9 of release 0.9"));
  }

  @Test
  void missing_ones_are_named() {
    var run = check(Postgres.seeded().run(WITHOUT.formatted("fmu", "xml")));

    assertEquals(1, run.outcome().exit());
    assertEquals(List.of("VB701"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("VB701").contains("missing: xml-validator, fmu-validator"));
    assertTrue(run.check("VB701").get("fix_hint").getAsString().contains("sync_validators"));
  }

  @Test
  void all_missing_are_one_error() {
    var run = check(Postgres.seeded().run("delete from validations_validator"));

    assertEquals(List.of("VB701"), run.ids("error", "warn", "fatal"));
  }

  @Test
  void one_that_is_no_system_validator_any_more_is_missing() {
    var run =
        check(
            Postgres.seeded()
                .run(
                    "update validations_validator set is_system = false where slug ="
                        + " 'therm-validator'"));

    assertEquals(List.of("VB701"), run.ids("error", "warn", "fatal"));
  }

  @Test
  void outdated_ones_are_named() {
    var run =
        check(
            Postgres.seeded()
                .run(
                    "update validations_validator set version = 2 where slug ="
                        + " 'shacl-validator'"));

    assertEquals(List.of("VB701"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("VB701").contains("outdated: shacl-validator v2 instead of v4"));
  }

  @Test
  void older_versions_may_stay_disabled_and_retired_beside_newer_ones() {
    var run =
        check(
            Postgres.seeded()
                .run(
                    "insert into validations_validator (created, modified, slug, name,"
                        + " validation_type, version, is_system, is_enabled, release_state,"
                        + " availability_state, availability_message, config_provider,"
                        + " semantic_digest, trust_tier, execution_backend_slug,"
                        + " execution_runtime_contract, compute_tier, \"order\") select created,"
                        + " modified, slug, name, validation_type, 1, is_system, false,"
                        + " release_state, 'RETIRED', '', config_provider, semantic_digest,"
                        + " trust_tier, execution_backend_slug, execution_runtime_contract,"
                        + " compute_tier, \"order\" from validations_validator where slug ="
                        + " 'shacl-validator'"));

    assertEquals(0, run.outcome().exit());
    assertEquals(List.of(), run.ids("error", "warn", "fatal"));
  }

  @Test
  void a_disabled_one_is_a_warning() {
    var run =
        check(
            Postgres.seeded()
                .run(
                    "update validations_validator set is_enabled = false where slug ="
                        + " 'xml-validator'"));

    assertEquals(0, run.outcome().exit());
    assertEquals(List.of("VB702"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("VB702").contains("disabled: xml-validator v1"));
  }

  @Test
  void all_disabled_are_an_error() {
    var run = check(Postgres.seeded().run("update validations_validator set is_enabled = false"));

    assertEquals(List.of("VB702"), run.ids("error", "fatal"));
  }

  @ParameterizedTest
  @CsvSource({"MISSING_CONFIG", "RETIRED"})
  void one_that_is_not_available_is_told_with_its_reason(String state) {
    var run =
        check(
            Postgres.seeded()
                .run(
                    "update validations_validator set availability_state = '%s',".formatted(state)
                        + " availability_message = 'No image.' where slug = 'fmu-validator'"));

    assertEquals(1, run.outcome().exit());
    assertEquals(List.of("PDV701"), run.ids("error", "warn", "fatal"));
    assertTrue(run.message("PDV701").contains("fmu-validator v2 is " + state + ". No image."));
  }

  @Test
  void one_that_is_to_come_need_not_be_available() {
    var run =
        check(
            Postgres.seeded()
                .run(
                    "update validations_validator set availability_state = 'MISSING_CONFIG'"
                        + " where slug = 'ai-assisted-validator'"));

    assertEquals(0, run.outcome().exit());
  }

  @ParameterizedTest
  @CsvSource({
    "self_hosted, tag, info",
    "self_hosted, '', info",
    "gcp, tag, warn",
    "self_hosted, digest, ok",
    "gcp, Digest, ok"
  })
  void a_policy_of_tags_is_weaker(String target, String policy, String status) {
    var settings = DoctorRun.goodSettings();
    settings.put("DEPLOYMENT_TARGET", target);
    settings.put("VALIDATOR_BACKEND_IMAGE_POLICY", policy);

    var run = DoctorRun.with(settings, folder, "--only", "VB712");

    assertEquals(status, run.status("VB712"));
  }

  @Test
  void an_unknown_policy_is_one_error() {
    var run = check(Postgres.seeded(), Map.of("VALIDATOR_BACKEND_IMAGE_POLICY", "diggest"));

    assertEquals(1, run.outcome().exit());
    assertEquals(List.of("VB711"), run.ids("error", "warn", "fatal"));
  }

  @Test
  void signed_digests_need_cosign() {
    var signed = Map.of("VALIDATOR_BACKEND_IMAGE_POLICY", "signed-digest");
    var verified =
        Map.of(
            "VALIDATOR_BACKEND_IMAGE_POLICY",
            "signed-digest",
            "COSIGN_VERIFY_VALIDATOR_BACKEND_IMAGES",
            "True");

    assertEquals(List.of("VB713"), check(Postgres.seeded(), signed).ids("error", "warn", "fatal"));
    assertEquals("ok", check(Postgres.seeded(), verified).status("VB713"));
  }
}
