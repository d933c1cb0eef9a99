package lib.demo;

import java.net.URI;
import java.util.Optional;

/** What the web role says about itself as an OpenID provider; its issuer is the SITE_URL. */
record Discovery(URI siteUrl) implements Routes {

  private static final String OPENID =
      """
      {"authorization_endpoint": "SITE/identity/o/authorize",
       "device_authorization_endpoint": "SITE/identity/o/api/device/code",
       "revocation_endpoint": "SITE/identity/o/api/revoke",
       "token_endpoint": "SITE/identity/o/api/token",
       "userinfo_endpoint": "SITE/identity/o/api/userinfo",
       "end_session_endpoint": "SITE/identity/o/logout",
       "jwks_uri": "SITE/.well-known/jwks.json",
       "issuer": "SITE",
       "response_types_supported": ["code"],
       "subject_types_supported": ["public"],
       "id_token_signing_alg_values_supported": ["RS256"]}
      """;

  private static final String OAUTH =
      """
      {"issuer": "SITE",
       "authorization_endpoint": "SITE/identity/o/authorize",
       "token_endpoint": "SITE/identity/o/api/token",
       "revocation_endpoint": "SITE/identity/o/api/revoke",
       "jwks_uri": "SITE/.well-known/jwks.json",
       "response_types_supported": ["code"],
       "grant_types_supported": ["authorization_code", "refresh_token"],
       "scopes_supported": ["openid", "profile", "email"],
       "token_endpoint_auth_methods_supported": ["none", "client_secret_post"],
       "code_challenge_methods_supported": ["S256"]}
      """;

  @Override
  public Optional<Answer> answer(Request request) {
    return switch (request.path()) {
      case "/.well-known/openid-configuration" -> Optional.of(document(OPENID));
      case "/.well-known/oauth-authorization-server" -> Optional.of(document(OAUTH));
      // No signing key is configured, and the view does not expect that.
      case "/.well-known/jwks.json" -> Optional.of(Pages.serverError());
      default -> Optional.empty();
    };
  }

  private Answer document(String template) {
    return Answer.json(200, template.replace("SITE", siteUrl.toString()));
  }
}
