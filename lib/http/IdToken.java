package lib.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** An ID token of our own, and what it says about us. It is never printed. */
public record IdToken(String value) {

  private static final String SERVICE_ACCOUNT = ".gserviceaccount.com";

  /** Whom it names, in the form of IAM policies. */
  public String member() {
    var email = Json.text(Json.object(claims()), "email");
    if (email.isEmpty()) {
      return "user:YOU";
    }
    return (email.endsWith(SERVICE_ACCOUNT) ? "serviceAccount:" : "user:") + email;
  }

  private String claims() {
    var parts = value.split("\\.");
    try {
      return parts.length < 2
          ? ""
          : new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  @Override
  public String toString() {
    return "ID token of " + member();
  }
}
