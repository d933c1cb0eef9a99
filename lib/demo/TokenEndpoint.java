package lib.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Google's OAuth 2.0 token endpoint: refresh tokens and signed assertions become tokens. */
record TokenEndpoint(Scenario scenario, Credentials credentials, Tokens tokens) implements Handler {

  private static final String ANOTHER_SERVICE = "https://another-service-demo-uc.a.run.app";

  @Override
  public Answer answer(Request request) {
    var form = request.form();
    return switch (form.getOrDefault("grant_type", "")) {
      case "refresh_token" -> refreshed(form);
      case "urn:ietf:params:oauth:grant-type:jwt-bearer" -> asserted(form);
      default -> error("unsupported_grant_type", "Invalid grant_type");
    };
  }

  private Answer refreshed(Map<String, String> form) {
    return credentials
        .client(form.getOrDefault("refresh_token", ""))
        .filter(client -> client.id().equals(form.get("client_id")))
        .filter(client -> !scenario.has(Fault.CREDENTIALS_EXPIRED))
        .map(
            client ->
                Map.of(
                    "access_token", tokens.accessToken(client.email()),
                    "id_token", idToken(client.email(), client.id()),
                    "scope", "openid https://www.googleapis.com/auth/cloud-platform",
                    "expires_in", Tokens.LIFETIME.toSeconds(),
                    "token_type", "Bearer"))
        .map(answer -> Answer.json(200, answer))
        .orElseGet(() -> error("invalid_grant", "Token has been expired or revoked."));
  }

  private Answer asserted(Map<String, String> form) {
    var claims = credentials.claims(form.getOrDefault("assertion", ""));
    if (claims.isEmpty()) {
      return error("invalid_grant", "Invalid JWT Signature.");
    }
    var email = claims.get().get("iss").getAsString();
    return Optional.ofNullable(claims.get().get("target_audience"))
        .map(audience -> Map.of("id_token", idToken(email, audience.getAsString())))
        .map(answer -> Answer.json(200, answer))
        .orElseGet(() -> Answer.json(200, tokens.accessAnswer(email)));
  }

  private String idToken(String email, String audience) {
    var age = scenario.has(Fault.TOKEN_EXPIRED) ? Duration.ofHours(3) : Duration.ZERO;
    return tokens.idToken(
        scenario.has(Fault.EMAIL_MISSING) ? "" : email,
        scenario.has(Fault.WRONG_AUDIENCE) ? ANOTHER_SERVICE : audience,
        Instant.now().minus(age));
  }

  private static Answer error(String error, String description) {
    return Answer.json(400, Map.of("error", error, "error_description", description));
  }
}
