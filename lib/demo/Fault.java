package lib.demo;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Something that an operator can get wrong, to be switched on in a demo stage. */
public enum Fault {
  WORKER_PUBLIC("the worker was deployed with --allow-unauthenticated"),
  IAM_CHECK_OFF("the worker was deployed with --no-invoker-iam-check"),
  CALLBACK_PUBLIC("a proxy lets strangers through to the worker's callback path"),
  CALLBACK_CSRF_ONLY("only Django's CSRF check guards the worker's callback path"),
  SCHEDULED_PUBLIC("a proxy lets strangers through to the scheduled tasks"),
  OTHER_ENDPOINTS_PUBLIC("a proxy lets strangers through to the other worker endpoints"),
  FORGED_TOKEN_ACCEPTED("a proxy before the worker takes any bearer token, unread"),
  INVOKER_MISSING("nobody granted you roles/run.invoker on the worker"),
  CREDENTIALS_EXPIRED("your sign-in to gcloud has expired or was revoked"),
  HOMEPAGE_500("a broken template makes the sign-in page a server error"),
  STATIC_MISSING("collectstatic did not run: linked styles and scripts are 404"),
  API_OPEN("the API hands out accounts and organizations to strangers"),
  API_OFF("ENABLE_API=false is set, so the API does not exist"),
  LOGIN_OFF("DJANGO_ACCOUNT_ALLOW_LOGIN=false is set, so nobody can sign in"),
  WEB_ALLOWED_HOSTS("DJANGO_ALLOWED_HOSTS lacks the web service's own address"),
  WORKER_ALLOWED_HOSTS("DJANGO_ALLOWED_HOSTS lacks the worker's own address"),
  DATABASE_DOWN("the database is stopped, or its address is wrong"),
  CACHE_DOWN("createcachetable did not run: the cache table is missing"),
  WEB_DOWN("the web service's container does not start"),
  WORKER_DOWN("the worker's container does not start"),
  WORKER_HANGS("the worker takes requests and never answers"),
  CALLBACK_ACCEPTED("the worker takes any invoker's callback, even for unknown runs"),
  WORKER_ROUTES_ON_WEB("the web service serves the worker's callback and scheduled paths"),
  INGRESS_INTERNAL("no fault: the worker's ingress is internal, Validibot's default"),
  WEB_INGRESS_INTERNAL("web ingress is load-balancer only: use the load balancer's address"),
  WEB_PRIVATE("the web service was deployed with --no-allow-unauthenticated"),
  WEB_MISSING("the web service was never deployed, or has another name"),
  WORKER_MISSING("the worker service was never deployed, or has another name"),
  DOOR_SHUTS_LATE("strangers are let in to the worker for 2 s more, until IAM obeys"),
  GRANT_LATE("your roles/run.invoker on the worker takes 2 s more to be obeyed"),
  WEB_STARTS_LATE("the web service needs 2 s more to start; until then it is a 503"),
  CERTIFICATE_EXPIRING("the web service's certificate ends in days, and nothing renews it"),
  CERTIFICATE_EXPIRED("the web service's certificate has expired"),
  CERTIFICATE_FOR_ANOTHER("the web service's certificate is for another name"),
  CERTIFICATE_UNTRUSTED("nobody here knows who signed the web service's certificate"),
  HTTP_NOT_REDIRECTED("plain http is served like https, and not redirected to it"),
  HSTS_MISSING("a proxy before the web service drops Strict-Transport-Security"),
  HEADERS_MISSING("a proxy before the web service drops the app's security headers"),
  MCP_ABSENT("no fault: this stage has no MCP service"),
  MCP_DOWN("the MCP service's container does not start"),
  MCP_PRIVATE("the MCP service was deployed with --no-allow-unauthenticated"),
  MCP_OPEN("the MCP service takes requests of strangers"),
  MCP_ROOT_HIDDEN("a proxy before the MCP service hides its root document"),
  MCP_ADVERTISES_NOWHERE("VALIDIBOT_MCP_BASE_URL has a path that is not there"),
  MCP_OTHER_AUTHORIZATION_SERVER("the MCP service sends clients to another site to sign in"),
  MCP_OAUTH_OFF("VALIDIBOT_OAUTH_CLIENT_SECRET is not set for the MCP service"),
  ADMIN_DENIED("nobody granted you roles/run.viewer on the project"),
  ADMIN_BUSY("no fault of yours: the Admin API is busy at first (429, then 503)");

  private final String summary;

  Fault(String summary) {
    this.summary = summary;
  }

  /** The word that switches this fault on, such as {@code worker-public}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What an operator would have done wrong, in one line. */
  public String summary() {
    return summary;
  }

  /** Whether it can be seen only over https, which a demo stage is spared without need. */
  boolean isOfTls() {
    return this == HTTP_NOT_REDIRECTED || this == HSTS_MISSING || id().startsWith("certificate-");
  }

  /**
   * Whether it makes a difference: the app of the documents has a robots.txt, no sign-in and no MCP
   * service.
   */
  boolean isSeenIn(Shape shape) {
    return shape != Shape.DOCUMENTED
        || this != STATIC_MISSING && this != LOGIN_OFF && !id().startsWith("mcp-");
  }

  public static Optional<Fault> named(String id) {
    return Stream.of(values()).filter(fault -> fault.id().equals(id)).findFirst();
  }
}
