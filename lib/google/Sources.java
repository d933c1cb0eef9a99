package lib.google;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import lib.http.Client;
import lib.target.Config;
import lib.target.Environment;
import lib.target.Gcloud;
import lib.target.Setting;
import okhttp3.Request;

/** Where Google credentials may be on this machine (cloud-run.md, Identity). */
final class Sources {

  private static final String METADATA_ADDRESS = "169.254.169.254:80";
  private static final String METADATA_NAME = "metadata.google.internal:80";

  /** For a metadata server that may be there: elsewhere nobody answers, and all wait for that. */
  private static final Duration METADATA_PATIENCE = Duration.ofMillis(600);

  /** Where there is a sign of it, and so whoever takes longer is only busy. */
  private static final Duration METADATA_PATIENCE_ON_GOOGLE = Duration.ofSeconds(2);

  private static final List<String> SCOPES =
      List.of("https://www.googleapis.com/auth/cloud-platform");

  private final Environment environment;
  private final Gcloud gcloud;
  private final Optional<String> impersonated;
  private final Client http;
  private final HttpTransportFactory transport;
  private final Consumer<String> secrets;

  Sources(
      Environment environment,
      Gcloud gcloud,
      Config config,
      Client http,
      Consumer<String> secrets) {
    this.environment = environment;
    this.gcloud = gcloud;
    this.impersonated = config.find(Config.Key.IMPERSONATE).map(Setting::value);
    this.http = http;
    this.secrets = secrets;
    var iamCredentials = config.get(Config.Key.IAM_CREDENTIALS_API).value();
    this.transport =
        () ->
            new OkHttpTransport(
                http, iamCredentials, Set.of(metadataHost(), METADATA_NAME), secrets);
  }

  /** All places, the first to be asked first. */
  List<Source> inOrder() {
    var all = new ArrayList<Source>();
    var named = environment.variable("GOOGLE_APPLICATION_CREDENTIALS");
    all.add(
        new Source(
            "credentials_file",
            named
                .map(file -> "GOOGLE_APPLICATION_CREDENTIALS " + file)
                .orElse("GOOGLE_APPLICATION_CREDENTIALS"),
            () ->
                named.isPresent() ? Optional.of(inFile(Path.of(named.get()))) : Optional.empty()));
    all.add(
        new Source(
            "application_default",
            "application default credentials",
            () -> present(gcloud.applicationDefault())));
    var onGoogle = new Source("metadata_server", "metadata server", this::onMetadataServer);
    if (seemsToBeGoogle()) {
      all.add(onGoogle);
    }
    var account = gcloud.account();
    all.add(
        new Source(
            "gcloud_account",
            account.map(name -> "gcloud's account " + name).orElse("gcloud's account"),
            () ->
                gcloud.accountCredentials().isPresent()
                    ? Optional.of(ofGcloud())
                    : Optional.empty()));
    if (!seemsToBeGoogle() && account.isEmpty()) {
      all.add(onGoogle);
    }
    all.add(new Source("gcloud_command", "the gcloud command", this::byCommand));
    return all;
  }

  private Optional<Credential> present(Path file) throws IOException {
    return Files.exists(file) ? Optional.of(inFile(file)) : Optional.empty();
  }

  private Credential inFile(Path file) throws IOException {
    return impersonate(LibraryCredential.inFile(file, transport, secrets));
  }

  private Credential ofGcloud() throws IOException {
    var account = gcloud.account().orElseThrow();
    var file = gcloud.accountCredentials().orElseThrow();
    return impersonate(
        LibraryCredential.ofGcloud(
            file, account, gcloud.property("auth/token_host"), transport, secrets));
  }

  private Optional<Credential> byCommand() throws IOException {
    var account = gcloud.account();
    if (account.isEmpty()) {
      throw new IOException("not started: gcloud has no active account");
    }
    if (gcloud.program().isEmpty()) {
      throw new IOException("not on the PATH");
    }
    return Optional.of(impersonate(new GcloudCredential(gcloud, account.get(), secrets)));
  }

  private Optional<Credential> onMetadataServer() throws IOException {
    if (environment.variable("NO_GCE_CHECK").filter("true"::equalsIgnoreCase).isPresent()) {
      throw new IOException("not asked: NO_GCE_CHECK is set");
    }
    var patience = seemsToBeGoogle() ? METADATA_PATIENCE_ON_GOOGLE : METADATA_PATIENCE;
    var probe = http.with(it -> it.callTimeout(patience));
    var request =
        new Request.Builder()
            .url("http://" + metadataHost() + "/")
            .header("Metadata-Flavor", "Google")
            .build();
    try (var answer = probe.newCall(request).execute()) {
      if (!"Google".equals(answer.header("Metadata-Flavor"))) {
        return Optional.empty();
      }
    } catch (IOException e) {
      throw new IOException("this machine is not on Google Cloud", e);
    }
    var credentials =
        ComputeEngineCredentials.newBuilder().setHttpTransportFactory(transport).build();
    return Optional.of(
        impersonate(
            new LibraryCredential(credentials, "the service account of this machine", false)));
  }

  private String metadataHost() {
    var host = environment.variable("GCE_METADATA_HOST").orElse(METADATA_ADDRESS);
    return host.contains(":") ? host : host + ":80";
  }

  /** Asking the metadata server elsewhere means waiting for nobody, so there has to be a sign. */
  private boolean seemsToBeGoogle() {
    if (environment.variable("GCE_METADATA_HOST").isPresent()
        || environment.variable("K_SERVICE").isPresent()
        || environment.variable("CLOUD_RUN_JOB").isPresent()) {
      return true;
    }
    try {
      return Files.readString(Path.of("/sys/class/dmi/id/product_name")).contains("Google");
    } catch (IOException e) {
      return false;
    }
  }

  private Credential impersonate(Credential source) throws IOException {
    if (impersonated.isEmpty()) {
      return source;
    }
    var chain = List.of(impersonated.get().split("\\s*,\\s*"));
    var target = chain.get(chain.size() - 1);
    GoogleCredentials credentials =
        ImpersonatedCredentials.newBuilder()
            .setSourceCredentials(source.forImpersonation())
            .setTargetPrincipal(target)
            .setDelegates(chain.subList(0, chain.size() - 1))
            .setScopes(SCOPES)
            .setHttpTransportFactory(transport)
            .build();
    return new LibraryCredential(credentials, target + " (impersonated by " + source + ")", false);
  }
}
