package lib.google;

import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import lib.http.Http;
import lib.http.Json;

/** Something that can mint Google tokens for one account. */
interface Credential {

  /** The account, as far as it is known without asking anybody. */
  String account();

  /** An access token for Google's APIs. */
  String accessToken() throws IOException;

  /**
   * An ID token for a Cloud Run service.
   *
   * @param audience the service's own address
   */
  String idToken(String audience) throws IOException;

  /** Whether Cloud Run would accept the ID token. */
  default boolean provesIdentity() {
    return shortcoming().isEmpty();
  }

  /** Why Cloud Run would not accept the ID token; empty when it would. */
  default String shortcoming() {
    return "";
  }

  /** The same credential, to impersonate a service account with. */
  GoogleCredentials forImpersonation() throws IOException;

  /**
   * What went wrong, in one line. Some of the library's exceptions have no message of their own.
   */
  static String reason(Throwable e) {
    for (var t = e; t != null; t = t.getCause()) {
      var said = String.valueOf(t.getMessage());
      var error = Json.object(said.substring(Math.max(0, said.indexOf('{'))));
      if (!Json.text(error, "error").isEmpty()) {
        return Json.text(error, "error") + " (" + Json.text(error, "error_description") + ")";
      }
      if (t.getMessage() != null && !said.isBlank()) {
        return Http.excerpt(said);
      }
    }
    return "unreadable (" + e.getClass().getSimpleName() + ")";
  }
}
