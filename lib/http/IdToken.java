package lib.http;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** An ID token of our own, and what it says about us. It is never printed. */
public record IdToken(String value) {

  private static final String SERVICE_ACCOUNT = ".gserviceaccount.com";

  /** Whom it names, in the form of IAM policies. */
  public String member() {
    var email = email();
    if (email.isEmpty()) {
      return "user:YOU";
    }
    return (email.endsWith(SERVICE_ACCOUNT) ? "serviceAccount:" : "user:") + email;
  }

  /** Whether it can be read at all: an access token, for one, says nothing to us. */
  boolean isReadable() {
    return !claims().isEmpty();
  }

  /** Whom it names; empty when it names a number only. */
  String email() {
    return text("email");
  }

  /** Whether Google doubts that the address is theirs who use it. */
  boolean isDoubtful() {
    return text("email_verified").equals("false");
  }

  /** For whom it was made: an address, or the OAuth client of a person. */
  String audience() {
    return text("aud");
  }

  /** When it was made. */
  Optional<Instant> issued() {
    return instant("iat");
  }

  /** Until when it is good. */
  Optional<Instant> expiry() {
    return instant("exp");
  }

  private String text(String claim) {
    return Json.text(claims(), claim);
  }

  private Optional<Instant> instant(String claim) {
    var seconds = text(claim);
    return seconds.matches("\\d{1,11}")
        ? Optional.of(Instant.ofEpochSecond(Long.parseLong(seconds)))
        : Optional.empty();
  }

  private JsonObject claims() {
    var parts = value.split("\\.");
    try {
      return parts.length < 2
          ? new JsonObject()
          : Json.object(
              new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return new JsonObject();
    }
  }

  @Override
  public String toString() {
    return "ID token of " + member();
  }
}
