package lib.http;

import java.util.Optional;
import lib.report.Verdict;
import okhttp3.HttpUrl;

/** Judges where an MCP service sends its clients to sign in: it has to be this stage. */
public final class McpAuthorization {

  /** Where the app and the MCP service have the same kind of document (validibot.md section 5). */
  private static final String DOCUMENT = "/.well-known/oauth-authorization-server";

  private static final String EXPECTED = "authorization_servers of this stage";

  private final Mcp mcp;

  private McpAuthorization(Mcp mcp) {
    this.mcp = mcp;
  }

  /**
   * Look at every authorization server that is named.
   *
   * @throws lib.report.NotKept when it is not this stage's, or when nothing tells
   */
  public static void of(Mcp mcp) {
    var surface = McpSurface.of(mcp);
    var document = surface.document();
    if (document.isEmpty()) {
      throw surface.isWithoutOauth()
          ? Verdict.skipped("OAuth is not set up here (see: advertised addresses are there).")
              .asException()
          : Verdict.unverified(
                  "The document that names it is not there (see: advertised addresses are there).")
              .asException();
    }
    new McpAuthorization(mcp).judge(document.get());
  }

  private void judge(Reply document) {
    var servers = Json.texts(Json.array(document.json(), "authorization_servers"));
    if (servers.isEmpty()) {
      throw document.broken(EXPECTED, "Clients cannot learn where to sign in.");
    }
    for (var name : servers) {
      var server = Optional.ofNullable(HttpUrl.parse(name)).filter(this::isOfStage);
      if (server.isEmpty()) {
        throw foreign(document);
      }
      judge(server.get());
      document.remark(
          Http.isSameOrigin(server.get(), document.service().url())
              ? "the MCP service itself"
              : "at " + server.get().host());
    }
  }

  /** The document of the authorization server itself, which must not send clients away either. */
  private void judge(HttpUrl server) {
    var own = mcp.get(server.resolve(DOCUMENT));
    if (own.status() != 200 || own.json().size() == 0) {
      throw own.broken(
          "200 with JSON", "Clients cannot learn how to sign in.", own.service().logs());
    }
    for (var name : new String[] {"issuer", "authorization_endpoint", "token_endpoint"}) {
      var said = Json.text(own.json(), name);
      var url = Optional.ofNullable(HttpUrl.parse(said));
      if (!said.isEmpty() && url.filter(this::isOfStage).isEmpty()) {
        throw foreign(own);
      }
    }
  }

  private RuntimeException foreign(Reply document) {
    return document.broken(
        EXPECTED,
        "Clients are sent elsewhere to sign in: whoever answers there gets what people type, and"
            + " this stage does not accept the tokens that come of it.",
        "VALIDIBOT_OAUTH_AUTHORIZATION_SERVER_URL and VALIDIBOT_MCP_BASE_URL of this service have"
            + " to be of this stage; see its env file, and:",
        "  " + document.service().gcloud("describe"));
  }

  private boolean isOfStage(HttpUrl url) {
    return mcp.isOfStage(url)
        || mcp.web().stream().limit(1).anyMatch(web -> isIssuer(url, web.resolve(DOCUMENT)));
  }

  /** The web service may be asked at another address than the one that it calls its own. */
  private boolean isIssuer(HttpUrl url, HttpUrl document) {
    try {
      var issuer = HttpUrl.parse(Json.text(mcp.get(document).json(), "issuer"));
      return issuer != null && Http.isSameOrigin(issuer, url);
    } catch (NoAnswer e) {
      return false;
    }
  }
}
