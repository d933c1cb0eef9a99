package lib.smoke;

import lib.google.Cloud;
import lib.google.Expected;
import lib.google.Newest;
import lib.google.Purpose;
import lib.google.SameBuild;
import lib.report.Verdict;
import lib.target.Expectations;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers is what was deployed last, by Google's own word (cloud-run.md, Admin API). */
@DisplayName("Deployment, as Google tells")
@Order(0)
@Tag("SM000")
class DeploymentTests {

  @ParameterizedTest(name = "{0} is rolled out", quoteTextArguments = false)
  @ValueSource(strings = {"web", "worker"})
  @Order(1)
  @Tag("SM001")
  void service_is_rolled_out(String role, Cloud cloud) {
    Newest.isRolledOut(cloud.latest(role));
  }

  @ParameterizedTest(name = "{0} is served by its newest revision", quoteTextArguments = false)
  @ValueSource(strings = {"web", "worker"})
  @Order(2)
  @Tag("SM002")
  void service_is_served_by_its_newest_revision(
      String role, Cloud cloud, Expectations expectations) {
    var service = cloud.latest(role);
    if (Expected.namesRevisionOf(service, expectations)) {
      throw Verdict.skipped("--expect-revision says which revision is to serve: see there.")
          .asException();
    }
    Newest.serves(service);
    cloud.remark(service.newest());
  }

  @Test
  @Order(3)
  @Tag("SM003")
  void web_and_worker_are_of_the_same_build(Cloud cloud, Expectations expectations) {
    var web = Expected.meant(cloud, "web", expectations);
    SameBuild.of(web, Expected.meant(cloud, "worker", expectations));
    cloud.remark(web.version());
  }

  @Test
  @Order(4)
  @Tag("SM004")
  void expected_revision_serves(Cloud cloud, Expectations expectations) {
    Expected.revisions(cloud, expectations);
  }

  @Test
  @Order(5)
  @Tag("SM005")
  void expected_image_runs(Cloud cloud, Expectations expectations) {
    Expected.image(cloud, expectations);
  }

  @Test
  @Order(6)
  @Tag("SM006")
  void expected_version_runs(Cloud cloud, Expectations expectations) {
    Expected.version(cloud, expectations);
  }

  @ParameterizedTest(name = "{0} has its role and stage", quoteTextArguments = false)
  @ValueSource(strings = {"web", "worker"})
  @Order(7)
  @Tag("SM007")
  void service_has_its_role_and_stage(String role, Cloud cloud) {
    Purpose.of(cloud.service(role), role, cloud.stage());
  }
}
