package lib.smoke;

import java.util.Locale;
import lib.http.Answerer;
import lib.http.Json;
import lib.http.Mcp;
import lib.http.McpAddresses;
import lib.http.McpAuthorization;
import lib.http.McpDiscovery;
import lib.http.Reached;
import lib.http.Reply;
import lib.http.Web;
import lib.report.Status;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the MCP service tells the clients that connect to it (validibot.md section 5.3). */
@DisplayName("MCP service, as a stranger")
@Order(8)
@Tag("SM800")
class McpTests {

  @Test
  @Order(1)
  @Tag("SM801")
  void service_tells_how_to_connect(Mcp mcp) {
    var root = reached(mcp.root());
    if (root.status() != 200
        || !Json.text(root.json(), "service").equals("validibot-mcp")
        || McpAddresses.of(root).endpoint().isEmpty()) {
      throw root.broken(
          "200 and JSON of \"validibot-mcp\", with its endpoint",
          "Clients cannot learn where to connect: is this the MCP service?",
          root.service().logs());
    }
  }

  @Test
  @Order(2)
  @Tag("SM802")
  void endpoint_refuses_strangers(Mcp mcp) {
    var reply = reached(mcp.refusal());
    var expected = "401 with WWW-Authenticate: Bearer";
    switch (reply.status()) {
      case 401 -> {
        if (!reply.header("WWW-Authenticate").toLowerCase(Locale.ROOT).startsWith("bearer")) {
          throw reply.broken(expected, "Clients cannot learn that they have to sign in, and how.");
        }
      }
      case 403 -> throw reply.broken(expected, "Clients begin to sign in at a 401 alone.");
      case 200, 202, 400, 406, 415, 422 ->
          throw reply.broken(
              expected,
              "The endpoint takes requests of strangers. That is a security issue.",
              "Until it is understood, keep strangers out:",
              "  " + reply.service().gcloud("update", "--ingress=internal"));
      default -> throw reply.broken(expected, "No client can connect.", reply.service().logs());
    }
  }

  @Test
  @Order(3)
  @Tag("SM803")
  void advertised_addresses_are_there(Mcp mcp) {
    var verdict = McpDiscovery.of(mcp);
    if (verdict.status() != Status.PASSED) {
      throw verdict.asException().changing(verdict.status() == Status.UNVERIFIED);
    }
    verdict.facts().forEach(mcp.root()::remark);
  }

  @Test
  @Order(4)
  @Tag("SM804")
  void authorization_server_is_of_this_stage(Mcp mcp) {
    McpAuthorization.of(mcp);
  }

  private static Reply reached(Reply reply) {
    if (reply.answerer() == Answerer.GOOGLE && reply.status() >= 500) {
      throw reply.broken(
          "an answer of the MCP server",
          "The container does not answer. It ends at its start where the licence of this stage"
              + " lacks mcp_server, where VALIDIBOT_API_BASE_URL redirects, and without"
              + " VALIDIBOT_OAUTH_AUTHORIZATION_SERVER_URL; its log tells.",
          reply.service().logs());
    }
    return Reached.app(reply, Web.EVERYBODY);
  }
}
