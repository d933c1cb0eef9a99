package lib.google;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import lib.http.Json;

/** Credentials that Google's library understands: key files, user files, federation, metadata. */
final class LibraryCredential implements Credential {

  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  /** The client of {@code gcloud auth application-default login} (cloud-run.md, Identity). */
  private static final String APPLICATION_DEFAULT_CLIENT = "764086051850-";

  private static final List<String> SECRETS =
      List.of("private_key", "refresh_token", "client_secret");

  private final GoogleCredentials credentials;
  private final String account;
  private final boolean gclouds;

  /**
   * @param gclouds whether these are of gcloud's own account, whose ID tokens Cloud Run accepts
   *     whatever their audience
   */
  LibraryCredential(GoogleCredentials credentials, String account, boolean gclouds) {
    this.credentials = credentials.createScoped(SCOPE);
    this.account = account;
    this.gclouds = gclouds;
  }

  /**
   * Read a file of application default credentials, of whatever type.
   *
   * @param secrets is told what the file keeps, so that none of it can reach any output
   */
  static LibraryCredential inFile(
      Path file, HttpTransportFactory transport, Consumer<String> secrets) throws IOException {
    var read = read(file, transport, secrets);
    return new LibraryCredential(read, nameOf(read), false);
  }

  /**
   * Read the file that gcloud keeps for its account.
   *
   * @param tokenHost gcloud's own override of the token endpoint
   */
  static LibraryCredential ofGcloud(
      Path file,
      String account,
      Optional<String> tokenHost,
      HttpTransportFactory transport,
      Consumer<String> secrets)
      throws IOException {
    var read = read(file, transport, secrets);
    if (tokenHost.isPresent() && read instanceof UserCredentials user) {
      read = user.toBuilder().setTokenServerUri(URI.create(tokenHost.get())).build();
    }
    return new LibraryCredential(read, account, true);
  }

  @Override
  public String account() {
    return account;
  }

  @Override
  public String accessToken() throws IOException {
    try {
      credentials.refreshIfExpired();
    } catch (IOException e) {
      throw explained(e);
    }
    return credentials.getAccessToken().getTokenValue();
  }

  @Override
  public String idToken(String audience) throws IOException {
    if (!provesIdentity()) {
      throw new IOException(shortcoming());
    }
    var provider = (IdTokenProvider) credentials;
    var options = List.of(IdTokenProvider.Option.FORMAT_FULL, IdTokenProvider.Option.INCLUDE_EMAIL);
    try {
      return provider.idTokenWithAudience(audience, options).getTokenValue();
    } catch (IOException e) {
      throw explained(e);
    }
  }

  /** Whoever impersonates needs a role for that, on the account that is impersonated. */
  private IOException explained(IOException e) {
    var reason = Credential.reason(e);
    if (!(credentials instanceof ImpersonatedCredentials impersonated)) {
      return new IOException(reason);
    }
    var role =
        reason.contains("PERMISSION_DENIED")
            ? "; roles/iam.serviceAccountTokenCreator on that account is needed"
            : "";
    return new IOException("as " + impersonated.getAccount() + ": " + reason + role);
  }

  @Override
  public String shortcoming() {
    if (!(credentials instanceof IdTokenProvider)) {
      return "credentials of this type mint no ID tokens: --impersonate-service-account helps";
    }
    if (!gclouds
        && credentials instanceof UserCredentials user
        && user.getClientId().startsWith(APPLICATION_DEFAULT_CLIENT)) {
      return "Cloud Run refuses ID tokens of `gcloud auth application-default login`"
          + " (`gcloud auth login --update-adc` makes others)";
    }
    return "";
  }

  @Override
  public GoogleCredentials forImpersonation() {
    return credentials;
  }

  @Override
  public String toString() {
    return account;
  }

  private static GoogleCredentials read(
      Path file, HttpTransportFactory transport, Consumer<String> secrets) throws IOException {
    var json = text(file);
    hide(Json.object(json), secrets);
    var read = parse(json, file, transport);
    // A federated identity mints no ID tokens itself; the service account that it stands for does.
    if (read instanceof ExternalAccountCredentials federated
        && federated.getServiceAccountEmail() != null) {
      var itself = JsonParser.parseString(json).getAsJsonObject();
      itself.remove("service_account_impersonation_url");
      return ImpersonatedCredentials.newBuilder()
          .setSourceCredentials(parse(itself.toString(), file, transport).createScoped(SCOPE))
          .setTargetPrincipal(federated.getServiceAccountEmail())
          .setScopes(List.of(SCOPE))
          .setHttpTransportFactory(transport)
          .build();
    }
    return read;
  }

  private static GoogleCredentials parse(String json, Path file, HttpTransportFactory transport)
      throws IOException {
    try {
      return GoogleCredentials.fromStream(
          new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), transport);
    } catch (RuntimeException e) {
      // The library meets broken JSON and broken keys with exceptions of many kinds.
      throw new IOException("no credentials file, or one with a broken key");
    }
  }

  /** Impersonation keeps the file of another account within its own. */
  private static void hide(JsonObject file, Consumer<String> secrets) {
    SECRETS.stream().map(name -> Json.text(file, name)).forEach(secrets);
    var source = Json.object(file, "source_credentials");
    if (!source.isEmpty()) {
      hide(source, secrets);
    }
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IOException("no such file", e);
    }
  }

  private static String nameOf(GoogleCredentials credentials) {
    if (credentials instanceof ServiceAccountCredentials key) {
      return key.getClientEmail();
    }
    if (credentials instanceof ImpersonatedCredentials impersonated) {
      return impersonated.getAccount();
    }
    return credentials instanceof UserCredentials
        ? "the user of application default credentials"
        : "application default credentials";
  }
}
