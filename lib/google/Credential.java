package lib.google;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.regex.Pattern;
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
   * What went wrong, in one line: what Google said, else the first message that there is. Some of
   * the library's exceptions have none.
   */
  static String reason(Throwable e) {
    var first = "";
    for (var t = e; t != null; t = t.getCause()) {
      var message = String.valueOf(t.getMessage());
      var json = Pattern.compile("\\{.*}", Pattern.DOTALL).matcher(message);
      if (json.find() && !said(Json.object(json.group())).isEmpty()) {
        return said(Json.object(json.group()));
      }
      if (first.isEmpty() && t.getMessage() != null) {
        first = Http.excerpt(message.replaceFirst("^(?:[a-z]\\w*\\.)+[A-Z][\\w$]*: ", ""));
      }
    }
    return first.isEmpty() ? "unreadable (" + e.getClass().getSimpleName() + ")" : first;
  }

  /** The words of an error in the form of OAuth, or of Google's APIs. */
  static String said(JsonObject json) {
    var error = Json.object(json, "error");
    var name = Http.excerpt(Json.text(json, "error") + Json.text(error, "status"));
    var words = Json.text(json, "error_description") + Json.text(error, "message");
    return words.isEmpty() ? name : name + " (" + Http.excerpt(words) + ")";
  }
}
