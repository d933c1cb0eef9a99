package lib.google;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.util.Date;
import java.util.function.Consumer;
import lib.target.Gcloud;

/** The last resort: gcloud itself, at about a second a start. */
record GcloudCredential(Gcloud gcloud, String account, Consumer<String> secrets)
    implements Credential {

  private static final long SHORT = 10 * 60 * 1000;

  @Override
  public String accessToken() throws IOException {
    return gcloud.token("auth", "print-access-token");
  }

  /** Only a service account can be asked for an audience (cloud-run.md, Identity). */
  @Override
  public String idToken(String audience) throws IOException {
    return account.endsWith(".gserviceaccount.com")
        ? gcloud.token("auth", "print-identity-token", "--audiences=" + audience)
        : gcloud.token("auth", "print-identity-token");
  }

  @Override
  public GoogleCredentials forImpersonation() throws IOException {
    var token = accessToken();
    secrets.accept(token);
    return GoogleCredentials.create(
        new AccessToken(token, new Date(System.currentTimeMillis() + SHORT)));
  }

  @Override
  public String toString() {
    return account + " (by the gcloud command)";
  }
}
