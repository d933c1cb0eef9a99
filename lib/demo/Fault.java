package lib.demo;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Something that an operator can get wrong, to be switched on in a demo stage. */
public enum Fault {
  WORKER_PUBLIC("the worker was deployed with --allow-unauthenticated"),
  IAM_CHECK_OFF("the worker was deployed with --no-invoker-iam-check"),
  IAM_CHECK_OFF_PENDING("the worker was just deployed with --no-invoker-iam-check"),
  CALLBACK_PUBLIC("a proxy lets strangers through to the worker's callback path"),
  CALLBACK_CSRF_ONLY("only Django's CSRF check guards the worker's callback path"),
  CALLBACK_POST_PUBLIC("a proxy lets strangers post to the worker's callback path"),
  ROOT_PUBLIC("a proxy lets strangers through to the worker's root"),
  SCHEDULED_PUBLIC("a proxy lets strangers through to the scheduled tasks"),
  OTHER_ENDPOINTS_PUBLIC("a proxy lets strangers through to the other worker endpoints"),
  FORGED_TOKEN_ACCEPTED("a proxy before the worker takes any bearer token, unread"),
  INVOKER_MISSING("nobody granted you roles/run.invoker on the worker"),
  TOKEN_EXPIRED("your ID token comes from something that kept it for too long"),
  WRONG_AUDIENCE("your service account's ID tokens are made for another service"),
  ADC_USER_TOKEN("you are an application-default user, of an OAuth client of your own"),
  EMAIL_MISSING("your service account's ID tokens do not name its e-mail address"),
  CREDENTIALS_EXPIRED("your sign-in to gcloud has expired or was revoked"),
  HOMEPAGE_500("a broken template makes the sign-in page a server error"),
  HOMEPAGE_MISSING("the home page is not routed: people find a 404 there"),
  STATIC_MISSING("collectstatic did not run: linked styles and scripts are 404"),
  API_OPEN("the API hands out accounts and organizations to strangers"),
  ORGS_OPEN("the API hands out organizations to strangers"),
  NONSENSE_TOKEN_ACCEPTED("the API takes any bearer token for somebody's"),
  DOCS_BREAK_FOR_STRANGERS("the page of the API's documentation breaks for strangers"),
  SCHEMA_BREAKS_FOR_STRANGERS("the API's schema cannot be made for strangers"),
  API_OFF("ENABLE_API=false is set, so the API does not exist"),
  LOGIN_OFF("DJANGO_ACCOUNT_ALLOW_LOGIN=false is set, so nobody can sign in"),
  WEB_ALLOWED_HOSTS("DJANGO_ALLOWED_HOSTS lacks the web service's own address"),
  WORKER_ALLOWED_HOSTS("DJANGO_ALLOWED_HOSTS lacks the worker's own address"),
  DATABASE_DOWN("the database is stopped, or its address is wrong"),
  HEALTH_HIDDEN("a proxy before the web service hides /health/"),
  HEALTH_KEPT("a cache before the web service keeps what /health/ said yesterday"),
  WORKER_HEALTH_HIDDEN("a proxy before the worker hides /health/"),
  CACHE_DOWN("createcachetable did not run: the cache table is missing"),
  WEB_DOWN("the web service's container does not start"),
  WORKER_DOWN("the worker's container does not start"),
  WORKER_HANGS("the worker takes requests and never answers"),
  CALLBACK_ACCEPTED("the worker takes any invoker's callback, even for unknown runs"),
  WORKER_WANTS_KEY("DEPLOYMENT_TARGET is not gcp on the worker: it wants a key of all"),
  WORKER_ROUTES_ON_WEB("the web service serves the worker's callback and scheduled paths"),
  CALLBACK_ON_WEB("the web service serves the worker's callback path"),
  SCHEDULED_ON_WEB("the web service serves the worker's scheduled paths"),
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
  ADMIN_BUSY("no fault of yours: the Admin API is busy at first (429, then 503)"),
  ROLLOUT_FAILED("the web service's new revision did not start: the old one serves on"),
  ROLLOUT_UNDER_WAY("no fault yet: the worker is being rolled out at this moment"),
  OLD_REVISION_SERVES("requests to the web service still go to its old revision"),
  TRAFFIC_PINNED("somebody pinned the web service's requests to an old revision"),
  IMAGES_DIFFER("only the web service was deployed: the worker runs an older image"),
  REPOSITORIES_DIFFER("the worker's image is of another repository, with the same tag"),
  VERSIONS_DIFFER("the worker has the VALIDIBOT_VERSION of an older release"),
  STAGE_OF_ANOTHER("the worker has the VALIDIBOT_STAGE of another stage"),
  REVISION_OF_ANOTHER("with --expect-revision: somebody deployed the worker again"),
  IMAGE_OLDER("with --expect-image: web and worker run an older image"),
  VERSION_OLDER("with --expect-version: web and worker are an older release"),
  PARKED("no fault: the stage is parked, so nobody is let in and nothing runs"),
  ALL_AUTHENTICATED("any Google account was granted roles/run.invoker on the worker"),
  GRANT_PENDING("allUsers was just granted roles/run.invoker on the worker"),
  TAG_URL_OPEN("the address of a revision tag of the worker lets strangers in"),
  ALIAS_OPEN("a proxy with an identity of its own leads strangers to the worker"),
  POLICY_DENIED("your role lacks run.services.getIamPolicy"),
  WEB_REFUSED("an organization policy keeps strangers out, allUsers or not"),
  WEB_PROXIED("a proxy, and not IAM, lets everybody in to the web service"),
  ISSUER_ELSEWHERE("SITE_URL is the address of another site"),
  SIGN_IN_REFUSED("with --sign-in: the superuser has another password here"),
  LOCKED_OUT("with --sign-in: five failed, so nobody may for five minutes"),
  SIGN_IN_THROTTLED("with --sign-in: over 30 came within a minute"),
  MFA_ASKED("with --sign-in: the superuser has a second factor"),
  CAPTCHA_ASKED("with --sign-in: reCAPTCHA keys are set"),
  EMAIL_UNVERIFIED("with --sign-in: the superuser never verified the e-mail address"),
  FORM_POSTS_ELSEWHERE("with --sign-in: the form sends passwords to another host"),
  CSRF_ORIGIN_UNKNOWN("with --sign-in: DJANGO_CSRF_TRUSTED_ORIGINS is wrong"),
  COOKIE_DOMAIN_WRONG("with --sign-in: the session's cookie is for another host"),
  SESSION_LOST("with --sign-in: sessions are not found again"),
  SIGN_OUT_BROKEN("with --sign-in: signing out is a server error"),
  DASHBOARD_BROKEN("with --sign-in: the dashboard is a server error"),
  ROLE_MISSING("with --sign-in: the superuser has no role in any organization"),
  API_DOCS_BROKEN("with --sign-in: the page of the API's documentation breaks"),
  API_SCHEMA_BROKEN("with --sign-in: the API's schema cannot be made"),
  NOT_SUPERUSER("with --sign-in: the user is an ordinary one"),
  RELEASE_NEWER("with --sign-in: the release is newer than what is known here"),
  STORAGE_DOWN("with --sign-in: /health/deep/ says that storage fails"),
  SECURITY_WARNINGS("with --sign-in: /health/deep/ warns of settings");

  private static final String SIGN_IN = "with --sign-in: ";

  /**
   * The app of the documents has no sign-in, guard of its own, VALIDIBOT_VERSION or MCP service.
   */
  private static final Set<Fault> UNSEEN_IN_DOCUMENTS =
      EnumSet.of(LOGIN_OFF, WORKER_WANTS_KEY, VERSIONS_DIFFER, VERSION_OLDER, RELEASE_NEWER);

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

  /** Whether only somebody who signs in can see it. */
  public boolean needsSignIn() {
    return summary.startsWith(SIGN_IN);
  }

  /** Whether it can be seen only over https, which a demo stage is spared without need. */
  boolean isOfTls() {
    return this == HTTP_NOT_REDIRECTED || this == HSTS_MISSING || id().startsWith("certificate-");
  }

  /** Whether it makes a difference. */
  boolean isSeenIn(Shape shape) {
    return shape != Shape.DOCUMENTED
        || !UNSEEN_IN_DOCUMENTS.contains(this) && !id().startsWith("mcp-");
  }

  public static Optional<Fault> named(String id) {
    return Stream.of(values()).filter(fault -> fault.id().equals(id)).findFirst();
  }
}
