package lib.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/**
 * A small Validibot stage inside this process: its services, and as much of Google Cloud as stands
 * before them, all behind HTTP on loopback.
 */
public final class DemoStage implements AutoCloseable {

  static final String OPERATOR = "operator@example.com";

  private static final String OWN_CLIENT = "104200000042-own.apps.googleusercontent.com";
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");
  private static final URI ELSEWHERE = URI.create("https://elsewhere.example.com");

  private final Scenario scenario;
  private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
  private final Secrets secrets = new Secrets();
  private final Tokens tokens = new Tokens(secrets);
  private final Accounts accounts = new Accounts(secrets);
  private final Optional<DemoTls> tls;
  private final Loopback web;
  private final Loopback worker;
  private final Loopback mcp;
  private final Loopback admin;
  private final Loopback tokenServer;
  private final Loopback iamCredentials;
  private final Loopback metadata;
  private final Optional<Loopback> tagged;
  private final Optional<Loopback> alias;
  private final Credentials credentials;
  private final String account;
  private final String operator;
  private final Optional<String> applicationDefault;
  private Optional<GcloudDirectory> gcloud = Optional.empty();
  private boolean closed;

  private DemoStage(Scenario scenario) {
    this.scenario = scenario;
    this.tls = scenario.wantsTls() ? Optional.of(DemoTls.of(scenario)) : Optional.empty();
    this.web = server("web", scenario.tls().or(() -> tls.map(DemoTls::context)));
    this.worker = server("worker", scenario.tls());
    this.mcp = server("mcp", scenario.tls());
    if (scenario.has(Fault.HTTP_NOT_REDIRECTED)) {
      web.careless();
    }
    this.admin = server("admin", Optional.empty());
    this.tokenServer = server("tokens", Optional.empty());
    this.iamCredentials = server("iamcredentials", Optional.empty());
    this.metadata = server("metadata", Optional.empty());
    this.tagged = other("tagged", Fault.TAG_URL_OPEN);
    this.alias = other("alias", Fault.ALIAS_OPEN);
    this.credentials = new Credentials(secrets, tokens().toString());
    var robot = scenario.has(Fault.WRONG_AUDIENCE) || scenario.has(Fault.EMAIL_MISSING);
    this.account = robot ? "ci@" + scenario.project() + ".iam.gserviceaccount.com" : OPERATOR;
    this.operator =
        robot
            ? credentials.serviceAccount(scenario.project(), account)
            : credentials.authorizedUser(FrontEnd.GCLOUD_CLIENT, account);
    this.applicationDefault =
        scenario.has(Fault.ADC_USER_TOKEN)
            ? Optional.of(credentials.authorizedUser(OWN_CLIENT, OPERATOR))
            : Optional.empty();
  }

  public static DemoStage start(Scenario scenario) {
    var stage = new DemoStage(scenario);
    stage.serve();
    return stage;
  }

  public URI web() {
    return web.origin();
  }

  public URI worker() {
    return worker.origin();
  }

  /** An address of the worker that Google does not know. */
  public Optional<URI> alias() {
    return alias.map(Loopback::origin);
  }

  public URI mcp() {
    return mcp.origin();
  }

  /** A file of the authority that signed the web service's certificate, where that is known. */
  public Optional<Path> authority() {
    return tls.filter(it -> !scenario.has(Fault.CERTIFICATE_UNTRUSTED))
        .map(it -> written(gcloudDirectory().resolve("authority.pem"), it.pem()));
  }

  /** The value of {@code CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN}. */
  public URI admin() {
    return admin.origin().resolve("/");
  }

  /** The {@code token_uri} of the credentials of this stage. */
  public URI tokens() {
    return tokenServer.origin().resolve("/token");
  }

  /** The value of {@code CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS}. */
  public URI iamCredentials() {
    return iamCredentials.origin().resolve("/");
  }

  /** The value of {@code GCE_METADATA_HOST}. */
  public String metadataHost() {
    return metadata.origin().getAuthority();
  }

  /** The environment of an operator who has signed in to gcloud, and is superuser of the app. */
  public Map<String, String> environment() {
    var gcloud = gcloudDirectory();
    return Map.of(
        "CLOUDSDK_CONFIG", gcloud.toString(),
        "GCP_PROJECT_ID", scenario.project(),
        "GCP_REGION", scenario.region(),
        "GCP_APP_NAME", scenario.app(),
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", admin().toString(),
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS", iamCredentials().toString(),
        "NO_GCE_CHECK", "true",
        "SUPERUSER_USERNAME", Accounts.SUPERUSER,
        "SUPERUSER_PASSWORD", accounts.password(),
        // What is kept in mind of this stage goes with it.
        "XDG_CACHE_HOME", gcloud.toString());
  }

  /** Write a key file as Google hands it out for a service account. */
  public Path writeServiceAccountKey(Path directory, String email) {
    var key = credentials.serviceAccount(scenario.project(), email);
    return written(directory.resolve("service-account.json"), key);
  }

  /** Write the credentials of a person who signed in with the client of that id. */
  public Path writeAuthorizedUser(Path directory, String clientId, String email) {
    var user = credentials.authorizedUser(clientId, email);
    return written(directory.resolve("authorized-user.json"), user);
  }

  /** What has reached the servers of this stage so far, in order. */
  public List<Exchange> exchanges() {
    return List.copyOf(exchanges);
  }

  /** How many users of the app have signed in and not out. */
  public int signedIn() {
    return accounts.signedIn();
  }

  /** Every token, line of a private key, password, cookie and CSRF token made so far. */
  public Set<String> secrets() {
    return secrets.all();
  }

  @Override
  public synchronized void close() {
    closed = true;
    List.of(web, worker, mcp, admin, tokenServer, iamCredentials, metadata)
        .forEach(Loopback::close);
    tagged.ifPresent(Loopback::close);
    alias.ifPresent(Loopback::close);
    gcloud.ifPresent(GcloudDirectory::close);
    gcloud = Optional.empty();
  }

  private Loopback server(String name, Optional<SSLContext> tls) {
    return new Loopback(name, tls, scenario.latency(), exchanges::add);
  }

  /** Another way to the worker, where a fault opens one. */
  private Optional<Loopback> other(String name, Fault fault) {
    return scenario.has(fault) ? Optional.of(server(name, scenario.tls())) : Optional.empty();
  }

  private void serve() {
    var webService = Service.web(scenario, web);
    var tag = tagged.map(it -> it.origin().toString());
    var workerService = Service.worker(scenario, worker, tag);
    var mcpService = Service.mcp(scenario, mcp);
    var workerUrls = Set.copyOf(workerService.addresses());
    web.serve(front(webService, workerUrls, Fault.WEB_ALLOWED_HOSTS));
    worker.serve(front(workerService, workerUrls, Fault.WORKER_ALLOWED_HOSTS));
    var open = front(workerService.opened(), workerUrls, Fault.WORKER_ALLOWED_HOSTS);
    tagged.ifPresent(it -> it.serve(open));
    var proxied = front(workerService.proxied(), workerUrls, Fault.WORKER_ALLOWED_HOSTS);
    alias.ifPresent(it -> it.serve(proxied));
    mcp.serve(new FrontEnd(scenario, mcpService, tokens, new McpApp(scenario, mcp())));
    admin.serve(new AdminApi(scenario, tokens, webService, workerService, mcpService));
    tokenServer.serve(new TokenEndpoint(scenario, credentials, tokens));
    iamCredentials.serve(new IamCredentials(scenario, tokens));
    metadata.serve(new MetadataServer(scenario, tokens));
  }

  private Handler front(Service service, Set<String> workerUrls, Fault wrongHosts) {
    var settings =
        new Settings(
            service.role(),
            Settings.Cache.DATABASE,
            scenario.has(Fault.WORKER_WANTS_KEY) ? Optional.of("a key") : Optional.empty(),
            workerUrls,
            scenario.has(wrongHosts) ? Set.of(ELSEWHERE.getHost()) : LOOPBACK,
            scenario.has(Fault.ISSUER_ELSEWHERE) ? ELSEWHERE : web(),
            scenario);
    return new FrontEnd(scenario, service, tokens, new App(settings, tokens, accounts));
  }

  private synchronized Path gcloudDirectory() {
    if (closed) {
      throw new IllegalStateException("the demo stage is closed");
    }
    if (gcloud.isEmpty()) {
      gcloud = Optional.of(GcloudDirectory.create(scenario, account, operator, applicationDefault));
    }
    return gcloud.get().path();
  }

  private static Path written(Path file, String content) {
    try {
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
