package lib.smoke;

import java.util.regex.Pattern;
import lib.google.Cloud;
import lib.http.Answerer;
import lib.http.Reached;
import lib.http.Reply;
import lib.http.Web;
import lib.report.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is behind the sign-in, with {@code --sign-in} alone (validibot.md section 5.1). */
@DisplayName("Web, as the superuser")
@Order(9)
@Tag("SM900")
class SuperuserTests {

  /** The first words of an API schema, in JSON or YAML. */
  private static final Pattern OPENAPI = Pattern.compile("^[\\s{\"]*openapi[\\s\":]+\\d");

  @Test
  @Order(1)
  @Tag("SM901")
  void superuser_can_sign_in(Web web) {
    web.signIn();
  }

  @Test
  @Order(2)
  @Tag("SM902")
  void dashboard_is_served(Web web) {
    Dashboard.served(web.superuser().follow(Dashboard.PATH));
  }

  @Test
  @Order(3)
  @Tag("SM903")
  void API_documentation_is_served_to_users(Web web) {
    var page = documented(web.superuser().get("/api/v1/docs/", "text/html"));
    if (!page.hasType("text/html")) {
      throw unreadable(page, "an HTML page with status 200");
    }
  }

  @Test
  @Order(4)
  @Tag("SM904")
  void API_schema_is_served_to_users(Web web) {
    var schema = documented(web.superuser().get("/api/v1/schema/"));
    if (!OPENAPI.matcher(schema.body()).find()) {
      throw unreadable(schema, "a document that begins with its version of OpenAPI");
    }
  }

  private static Reply documented(Reply reply) {
    Reached.app(reply, Web.EVERYBODY);
    if (reply.is(Answerer.APP, 404)) {
      throw Verdict.skipped("This version has no " + reply.url().encodedPath() + ".").asException();
    }
    if (reply.status() != 200) {
      throw unreadable(reply, "200");
    }
    return reply;
  }

  private static RuntimeException unreadable(Reply reply, String expected) {
    return reply.broken(
        expected, "Whoever builds on the API cannot read how.", reply.service().logs());
  }

  @Test
  @Order(5)
  @Tag("SM905")
  void every_part_of_the_app_is_healthy(Web web, Cloud cloud) {
    DeepHealth.good(web.superuser().get(DeepHealth.PATH), cloud.version());
  }
}
