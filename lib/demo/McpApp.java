package lib.demo;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * The MCP server of 0.14 with OAuth set up, its known defect included: the document of how to sign
 * in is one {@code /mcp} further down than the root document says (validibot.md section 5.3).
 */
record McpApp(Scenario scenario, URI origin) implements Handler {

  private static final String ENDPOINT = "/mcp";
  private static final String METADATA = "/.well-known/oauth-protected-resource";
  private static final String AUTHORIZATION = "/.well-known/oauth-authorization-server";

  @Override
  public Answer answer(Request request) {
    var path = request.path();
    if (path.equals("/") && !scenario.has(Fault.MCP_ROOT_HIDDEN)) {
      return Answer.json(200, root());
    }
    if (path.equals(ENDPOINT)) {
      return scenario.has(Fault.MCP_OPEN) ? unread() : unauthorized();
    }
    if (oauth() && path.equals(METADATA + base() + ENDPOINT)) {
      return Answer.json(200, metadata());
    }
    return oauth() && path.equals(AUTHORIZATION)
        ? Answer.json(200, authorization())
        : Answer.of(404, "text/plain; charset=utf-8", "Not Found");
  }

  private Map<String, ?> root() {
    var authenticated =
        Map.of(
            "endpoint", origin + base(),
            "auth", "OAuth 2.1, or a key of the API as bearer token",
            "oauth_metadata", origin + METADATA + base());
    return Map.of(
        "service", "validibot-mcp",
        "protocol", "Model Context Protocol (MCP)",
        "mcp_protocol_version", "2025-06-18",
        "surfaces", Map.of("authenticated", authenticated),
        "docs", "https://docs.example.invalid/mcp/");
  }

  private Answer unauthorized() {
    var challenge = "Bearer error=\"invalid_token\"";
    var where = ", resource_metadata=\"" + origin + METADATA + base() + ENDPOINT + "\"";
    return Answer.json(401, Map.of("error", "invalid_token"))
        .with("WWW-Authenticate", oauth() ? challenge + where : challenge);
  }

  /** What it says behind its door to a request without a method. */
  private static Answer unread() {
    var error = Map.of("code", -32600, "message", "Invalid request");
    return Answer.json(400, Map.of("jsonrpc", "2.0", "id", "server-error", "error", error));
  }

  private Map<String, ?> metadata() {
    var server =
        scenario.has(Fault.MCP_OTHER_AUTHORIZATION_SERVER)
            ? "https://elsewhere.example.com"
            : origin + base();
    return Map.of(
        "resource", origin + base() + ENDPOINT,
        "authorization_servers", List.of(server),
        "bearer_methods_supported", List.of("header"));
  }

  private Map<String, ?> authorization() {
    return Map.of(
        "issuer", origin + base(),
        "authorization_endpoint", origin + base() + "/authorize",
        "token_endpoint", origin + base() + "/token",
        "response_types_supported", List.of("code"));
  }

  private boolean oauth() {
    return !scenario.has(Fault.MCP_OAUTH_OFF);
  }

  /** The path of VALIDIBOT_MCP_BASE_URL, which the documents end in {@code /mcp}. */
  private String base() {
    return scenario.has(Fault.MCP_ADVERTISES_NOWHERE) ? "/mcp-server" : ENDPOINT;
  }
}
