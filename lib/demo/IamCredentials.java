package lib.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The IAM Credentials API: whoever has an access token may act as an account of the project. */
record IamCredentials(Scenario scenario, Tokens tokens) implements Handler {

  private static final Pattern CALL =
      Pattern.compile(
          "/v1/projects/-/serviceAccounts/([^/:]+):(generateIdToken|generateAccessToken)");

  @Override
  public Answer answer(Request request) {
    return tokens.unauthenticated(request).orElseGet(() -> permitted(request));
  }

  private Answer permitted(Request request) {
    var call = CALL.matcher(request.path());
    if (!call.matches()) {
      return Answer.error(404, "NOT_FOUND", "Method not found.");
    }
    var email = call.group(1);
    if (!email.endsWith("@" + scenario.project() + ".iam.gserviceaccount.com")) {
      return Answer.error(403, "PERMISSION_DENIED", "Permission denied (or it may not exist).");
    }
    return call.group(2).equals("generateIdToken")
        ? idToken(email, JsonParser.parseString(request.body()).getAsJsonObject())
        : accessToken(email);
  }

  private Answer idToken(String email, JsonObject json) {
    var named = json.has("includeEmail") && json.get("includeEmail").getAsBoolean();
    return Optional.ofNullable(json.get("audience"))
        .map(JsonElement::getAsString)
        .filter(audience -> !audience.isEmpty())
        .map(audience -> tokens.idToken(named ? email : "", audience))
        .map(token -> Answer.json(200, Map.of("token", token)))
        .orElseGet(() -> Answer.error(400, "INVALID_ARGUMENT", "No audience was given."));
  }

  private Answer accessToken(String email) {
    var expiry = Instant.ofEpochSecond(Instant.now().plus(Tokens.LIFETIME).getEpochSecond());
    return Answer.json(
        200, Map.of("accessToken", tokens.accessToken(email), "expireTime", expiry.toString()));
  }
}
