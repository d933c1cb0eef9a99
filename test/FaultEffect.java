package test;

import static lib.report.Status.FAILED;
import static lib.report.Status.UNVERIFIED;
import static lib.report.Status.WARNING;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.demo.Fault;
import lib.http.Worker;
import lib.report.Status;
import lib.report.Summary;
import test.Shell.Outcome;

/**
 * What the whole suite says of a demo stage with faults, where that differs from a healthy one: the
 * table that is held against every fault alone, and that pairs of faults are judged by.
 *
 * @param marks what each smoke test says, by its title
 * @param stopped why no test ran at all, or nothing
 */
record FaultEffect(Map<String, Status> marks, String stopped) {

  /** The stage is asked whether it is what was deployed, and by its superuser, too. */
  static final List<String> QUESTION =
      List.of(
          "verify_deployment.java",
          "demo",
          "--sign-in",
          "--expect-revision=validibot-worker-00007",
          "--expect-image=5b1f0c3",
          "--expect-version=0.14.0");

  /** They wait for what never comes, or heal by themselves after a while. */
  static final Set<Fault> SLOW =
      EnumSet.of(
          Fault.WEB_DOWN,
          Fault.WORKER_DOWN,
          Fault.WORKER_HANGS,
          Fault.MCP_DOWN,
          Fault.DOOR_SHUTS_LATE,
          Fault.GRANT_LATE,
          Fault.WEB_STARTS_LATE);

  private static final Pattern LINE = Pattern.compile("(?m)^  ([✗?!]) (.*\\S) +[0-9.]+ s$");
  private static final Map<String, Status> GLYPHS =
      Map.of("✗", FAILED, "?", UNVERIFIED, "!", WARNING);

  static final String HEALTHY = "app calls itself healthy";
  static final String ME = "API auth/me requires signing in";
  static final String ORGS = "API orgs requires signing in";
  static final String NONSENSE = "API refuses a nonsense token";
  static final String CALLBACK = "callback endpoint refuses strangers";
  static final String FORGED = "forged token is refused";
  static final String INVOKER = "invoker reaches a healthy app";
  static final String UNKNOWN_RUN = "callback for an unknown run is refused by the app";
  static final String IAM = "IAM is asked before the worker";
  static final String POLICY = "IAM policy of the worker lets no stranger in";
  static final String ADDRESSES = "every address of the worker is closed";
  static final String CERTIFICATE = "certificate is good and lasts";
  static final String HSTS = "HSTS is sent";
  static final String HEADERS = "security headers are sent";
  static final String SAME_BUILD = "web and worker are of the same build";
  static final String IMAGE = "expected image runs";
  static final String VERSION = "expected version runs";
  static final String CONNECT = "service tells how to connect";
  static final String MCP = "endpoint refuses strangers";
  static final String ADVERTISED = "advertised addresses are there";
  static final String AUTHORIZATION = "authorization server is of this stage";
  static final String SIGN_IN = "superuser can sign in";
  static final String DASHBOARD = "dashboard is served";
  static final String DOCS = "API documentation is served to users";
  static final String SCHEMA = "API schema is served to users";
  static final String PARTS = "every part of the app is healthy";

  static final String[] BEHIND = {DASHBOARD, DOCS, SCHEMA, PARTS};
  static final String[] ROUTES =
      Stream.concat(
              Stream.of("callback endpoint is not there"), Stream.of(scheduled("is not there")))
          .toArray(String[]::new);
  static final String[] OTHERS = {
    "execute-validation-run refuses strangers",
    "tasks/tracking/log-event refuses strangers",
    "validation-storage-capabilities/refresh refuses strangers"
  };

  /** What wants the worker to refuse strangers. */
  static final String[] STRANGERS =
      Stream.of(
              Stream.of("root refuses strangers", CALLBACK, FORGED),
              Stream.of(scheduled("refuses strangers")),
              Stream.of(OTHERS))
          .flatMap(it -> it)
          .toArray(String[]::new);

  /** What wants the web service to answer at all. */
  static final String[] WEB = {
    "homepage is served",
    HEALTHY,
    "cache works",
    "API documentation is served",
    "API schema is served",
    ME,
    ORGS,
    "API workflows requires signing in",
    "API users requires signing in",
    NONSENSE,
    "web is open to everybody",
    "issuer is the public address",
    SIGN_IN
  };

  /** What is found when nothing is wrong. */
  static final FaultEffect GOOD = new FaultEffect(Map.of(), "");

  FaultEffect {
    marks = new TreeMap<>(marks);
  }

  /** What this fault is found by when it is alone. */
  static FaultEffect of(Fault fault) {
    return switch (fault) {
      case WORKER_PUBLIC -> GOOD.fails(STRANGERS).fails(ADDRESSES, POLICY);
      case IAM_CHECK_OFF -> GOOD.fails(STRANGERS).fails(ADDRESSES, IAM);
      case IAM_CHECK_OFF_PENDING -> GOOD.fails(IAM);
      case CALLBACK_PUBLIC -> GOOD.fails(CALLBACK, FORGED, ADDRESSES);
      case CALLBACK_CSRF_ONLY -> GOOD.fails(CALLBACK, FORGED, ADDRESSES, UNKNOWN_RUN);
      case CALLBACK_POST_PUBLIC -> GOOD.fails(CALLBACK);
      case ROOT_PUBLIC -> GOOD.fails("root refuses strangers");
      case SCHEDULED_PUBLIC -> GOOD.fails(scheduled("refuses strangers"));
      case OTHER_ENDPOINTS_PUBLIC -> GOOD.fails(OTHERS);
      case FORGED_TOKEN_ACCEPTED -> GOOD.fails(FORGED);
      case INVOKER_MISSING, WORKER_ALLOWED_HOSTS, WORKER_DOWN, WORKER_HANGS, GRANT_LATE ->
          GOOD.fails(INVOKER, UNKNOWN_RUN);
      case TOKEN_EXPIRED, WRONG_AUDIENCE, ADC_USER_TOKEN, EMAIL_MISSING ->
          GOOD.open(INVOKER, UNKNOWN_RUN);
      case CREDENTIALS_EXPIRED -> stops("invalid_grant (Token has been expired or revoked.)");
      case HOMEPAGE_500 -> GOOD.fails("homepage is served", SIGN_IN).open(BEHIND);
      case HOMEPAGE_MISSING -> GOOD.fails("homepage is served");
      case STATIC_MISSING -> GOOD.fails("static files are served");
      case API_OPEN -> GOOD.fails(ME, ORGS, NONSENSE);
      case ORGS_OPEN -> GOOD.fails(ORGS);
      case NONSENSE_TOKEN_ACCEPTED -> GOOD.fails(NONSENSE);
      case DOCS_BREAK_FOR_STRANGERS -> GOOD.fails("API documentation is served");
      case SCHEMA_BREAKS_FOR_STRANGERS -> GOOD.fails("API schema is served");
      case API_OFF -> GOOD.fails(ME).open(SIGN_IN).open(BEHIND);
      case LOGIN_OFF ->
          GOOD.fails("homepage is served", "API documentation is served", SIGN_IN).open(BEHIND);
      case WEB_ALLOWED_HOSTS, WEB_DOWN, WEB_PRIVATE, WEB_REFUSED, WEB_STARTS_LATE ->
          GOOD.fails(WEB).fails(ROUTES).open(BEHIND).open(HEADERS);
      case DATABASE_DOWN ->
          GOOD.fails("homepage is served", HEALTHY, INVOKER).open(SIGN_IN).open(BEHIND);
      case HEALTH_HIDDEN -> GOOD.fails(HEALTHY);
      case HEALTH_KEPT -> GOOD.open(HEALTHY);
      case WORKER_HEALTH_HIDDEN -> GOOD.fails(INVOKER);
      case CACHE_DOWN -> GOOD.fails("cache works").open(SIGN_IN).open(BEHIND);
      case CALLBACK_ACCEPTED, WORKER_WANTS_KEY -> GOOD.fails(UNKNOWN_RUN);
      case WORKER_ROUTES_ON_WEB -> GOOD.fails(ROUTES);
      case CALLBACK_ON_WEB -> GOOD.fails("callback endpoint is not there");
      case SCHEDULED_ON_WEB -> GOOD.fails(scheduled("is not there"));
      case INGRESS_INTERNAL, MCP_ABSENT, ADMIN_BUSY, SIGN_OUT_BROKEN -> GOOD;
      case WEB_INGRESS_INTERNAL -> stops("has ingress internal-and-cloud-load-balancing");
      case WEB_MISSING -> stops("Failed to get service URL of validibot-web");
      case WORKER_MISSING -> stops("Failed to get service URL of validibot-worker");
      case DOOR_SHUTS_LATE -> GOOD.fails(STRANGERS).fails(ADDRESSES);
      case CERTIFICATE_EXPIRING -> GOOD.warns(CERTIFICATE);
      case CERTIFICATE_EXPIRED, CERTIFICATE_FOR_ANOTHER, CERTIFICATE_UNTRUSTED ->
          GOOD.fails(WEB)
              .fails("static files are served")
              .fails(ROUTES)
              .fails(CERTIFICATE, HSTS, HEADERS)
              .open(BEHIND);
      case HTTP_NOT_REDIRECTED -> GOOD.fails("http redirects to https");
      case HSTS_MISSING -> GOOD.warns(HSTS);
      case HEADERS_MISSING -> GOOD.warns(HEADERS);
      case MCP_DOWN, MCP_PRIVATE -> GOOD.fails(CONNECT, MCP).open(ADVERTISED, AUTHORIZATION);
      case MCP_OPEN -> GOOD.fails(MCP).open(ADVERTISED, AUTHORIZATION);
      case MCP_ROOT_HIDDEN -> GOOD.fails(CONNECT).open(ADVERTISED, AUTHORIZATION);
      case MCP_ADVERTISES_NOWHERE -> GOOD.fails(ADVERTISED);
      case MCP_OTHER_AUTHORIZATION_SERVER -> GOOD.fails(AUTHORIZATION);
      case MCP_OAUTH_OFF -> GOOD.warns(ADVERTISED);
      case ADMIN_DENIED -> stops("is not allowed to look");
      case ROLLOUT_FAILED -> GOOD.fails("web is rolled out");
      case ROLLOUT_UNDER_WAY -> GOOD.open("worker is rolled out", IMAGE, VERSION);
      case OLD_REVISION_SERVES -> GOOD.fails("web is served by its newest revision");
      case TRAFFIC_PINNED -> GOOD.fails("web is served by its newest revision", IMAGE, VERSION);
      case IMAGES_DIFFER -> GOOD.fails(IMAGE).warns(SAME_BUILD);
      case REPOSITORIES_DIFFER -> GOOD.warns(SAME_BUILD);
      case VERSIONS_DIFFER -> GOOD.fails(VERSION).warns(SAME_BUILD);
      case STAGE_OF_ANOTHER -> GOOD.warns("worker has its role and stage");
      case REVISION_OF_ANOTHER -> GOOD.fails("expected revision serves");
      case IMAGE_OLDER -> GOOD.fails(IMAGE);
      case VERSION_OLDER -> GOOD.fails(VERSION);
      case PARKED -> stops("demo is parked or in maintenance");
      case ALL_AUTHENTICATED, GRANT_PENDING -> GOOD.fails(POLICY);
      case TAG_URL_OPEN, ALIAS_OPEN -> GOOD.fails(ADDRESSES);
      case POLICY_DENIED -> GOOD.open(POLICY, "web is open to everybody");
      case WEB_PROXIED -> GOOD.warns("web is open to everybody");
      case ISSUER_ELSEWHERE -> GOOD.warns("issuer is the public address");
      case SIGN_IN_REFUSED,
          FORM_POSTS_ELSEWHERE,
          CSRF_ORIGIN_UNKNOWN,
          COOKIE_DOMAIN_WRONG,
          SESSION_LOST ->
          GOOD.fails(SIGN_IN).open(BEHIND);
      case LOCKED_OUT, SIGN_IN_THROTTLED, MFA_ASKED, CAPTCHA_ASKED, EMAIL_UNVERIFIED ->
          GOOD.open(SIGN_IN).open(BEHIND);
      case DASHBOARD_BROKEN -> GOOD.fails(DASHBOARD);
      case ROLE_MISSING -> GOOD.open(DASHBOARD);
      case API_DOCS_BROKEN -> GOOD.fails(DOCS);
      case API_SCHEMA_BROKEN -> GOOD.fails(SCHEMA);
      case NOT_SUPERUSER -> GOOD.open(PARTS);
      case RELEASE_NEWER -> GOOD.fails(VERSION).warns(PARTS);
      case STORAGE_DOWN -> GOOD.fails(PARTS);
      case SECURITY_WARNINGS -> GOOD.warns(PARTS);
    };
  }

  private static FaultEffect stops(String reason) {
    return new FaultEffect(Map.of(), reason);
  }

  /** What is found of two faults when neither hides anything of the other. */
  FaultEffect with(FaultEffect other) {
    if (!stopped.isEmpty() || !other.stopped.isEmpty()) {
      return new FaultEffect(Map.of(), stopped.isEmpty() ? other.stopped : stopped);
    }
    var all = new TreeMap<>(marks);
    other.marks.forEach((test, status) -> all.merge(test, status, FaultEffect::worse));
    return new FaultEffect(all, "");
  }

  private static Status worse(Status one, Status other) {
    return one == FAILED || other == FAILED ? FAILED : one == UNVERIFIED ? one : other;
  }

  /** The same, but for tests that say what another effect has. */
  FaultEffect except(Collection<String> tests, FaultEffect other) {
    var all = new TreeMap<>(marks);
    for (var test : tests) {
      all.remove(test);
      Optional.ofNullable(other.marks.get(test)).ifPresent(status -> all.put(test, status));
    }
    return new FaultEffect(all, stopped);
  }

  /** What a run found. */
  static FaultEffect in(Outcome outcome) {
    var marks = new TreeMap<String, Status>();
    var matcher = LINE.matcher(outcome.out());
    while (matcher.find()) {
      marks.put(matcher.group(2).replaceFirst(" \\(.*", ""), GLYPHS.get(matcher.group(1)));
    }
    return new FaultEffect(marks, outcome.out().isEmpty() ? outcome.err() : "");
  }

  /** What a script exits with that finds this. */
  int exit() {
    if (marks.containsValue(FAILED)) {
      return Summary.BROKEN;
    }
    return marks.containsValue(UNVERIFIED) || !stopped.isEmpty()
        ? Summary.NOT_VERIFIED
        : Summary.GOOD;
  }

  /** The tests that find something, and are not only kept from looking. */
  Set<String> found() {
    return marks.entrySet().stream()
        .filter(it -> it.getValue() != UNVERIFIED)
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String[] scheduled(String promise) {
    return Worker.scheduledTasks().stream()
        .map(task -> "scheduled/" + task + " " + promise)
        .toArray(String[]::new);
  }

  FaultEffect fails(String... tests) {
    return and(FAILED, tests);
  }

  FaultEffect warns(String... tests) {
    return and(WARNING, tests);
  }

  /** These can tell nothing, because of what others find. */
  FaultEffect open(String... tests) {
    return and(UNVERIFIED, tests);
  }

  private FaultEffect and(Status status, String... tests) {
    var all = new TreeMap<>(marks);
    Stream.of(tests).forEach(test -> all.put(test, status));
    return new FaultEffect(all, stopped);
  }
}
