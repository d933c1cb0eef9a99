package lib.http;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import lib.report.NotKept;
import lib.report.Verdict;
import lib.target.CannotVerify;
import lib.target.Service;
import okhttp3.HttpUrl;

/** The worker, behind Cloud Run IAM (validibot.md section 5.2). */
public final class Worker {

  /** How validation results come in. */
  public static final String CALLBACK = "/api/v1/validation-callbacks/";

  private static final List<String> SCHEDULED =
      List.of(
          "cleanup-idempotency-keys",
          "cleanup-callback-receipts",
          "clear-sessions",
          "purge-expired-submissions",
          "purge-expired-outputs",
          "process-purge-retries",
          "cleanup-stuck-runs",
          "verify-validator-deployments",
          "send-periodic-emails",
          "enforce-audit-retention");

  static final String RUN_APP = ".run.app";
  private static final int SIGNATURE_BYTES = 256;

  /**
   * Who may call, as far as it was arranged before the run.
   *
   * @param trustHost whether any https host may have the token
   * @param web the addresses of the web service, which never gets it
   */
  public record Access(
      Function<HttpUrl, IdToken> idToken,
      boolean anonymous,
      boolean trustHost,
      List<HttpUrl> web) {}

  private final Client http;
  private final Service service;
  private final Access access;
  private final ColdStart atTheDoor;
  private final ColdStart inside;
  private final Trace trace;

  private Worker(
      Client http,
      Service service,
      Access access,
      ColdStart atTheDoor,
      ColdStart inside,
      Trace trace) {
    this.http = http;
    this.service = service;
    this.access = access;
    this.atTheDoor = atTheDoor;
    this.inside = inside;
    this.trace = trace;
  }

  /**
   * @param coldStart how long the first answer may take: at the door, and again behind it, because
   *     only an invoker's request starts a container
   */
  public Worker(Client http, Service service, Access access, Duration coldStart) {
    this(http, service, access, new ColdStart(coldStart), new ColdStart(coldStart), new Trace());
  }

  /** The same service, asked for one test. */
  public Worker tracedBy(Trace other) {
    return new Worker(http, service, access, atTheDoor, inside, other);
  }

  /** The same worker, asked at another of its addresses, which has its own time to answer. */
  public Worker at(HttpUrl other) {
    var patience = Duration.ofMillis(http.callTimeoutMillis());
    return new Worker(
        http, service.at(other), access, new ColdStart(patience), new ColdStart(patience), trace);
  }

  public Service service() {
    return service;
  }

  /** The tasks that Cloud Scheduler starts. */
  public static List<String> scheduledTasks() {
    return SCHEDULED;
  }

  /** The path that starts a task. */
  public static String scheduled(String task) {
    return "/api/v1/scheduled/" + task + "/";
  }

  /** Ask without credentials. */
  public Session stranger() {
    return session(Caller.STRANGER, Optional.empty(), atTheDoor);
  }

  /** Ask with a token that looks right, but was never signed by Google. */
  public Session forger() {
    return session(Caller.FORGER, Optional.of(forgedToken()), atTheDoor);
  }

  /**
   * Ask as somebody whom Google lets through.
   *
   * @throws NotKept with the reason, where that is not possible
   */
  public Session invoker() {
    refuseInvoker();
    try {
      return session(Caller.INVOKER, Optional.of(token().value()), inside);
    } catch (CannotVerify e) {
      throw Verdict.unverified(e.getMessage()).asException();
    }
  }

  /** See to it that a token is there, where one may be used at all. */
  public void prepareInvoker() {
    try {
      refuseInvoker();
      token();
    } catch (NotKept | CannotVerify e) {
      // the invoker's tests will tell
    }
  }

  private IdToken token() {
    return access.idToken().apply(service.url());
  }

  private void refuseInvoker() {
    if (access.anonymous()) {
      throw Verdict.skipped("--anonymous: only what a stranger can see is verified.").asException();
    }
    if (service.ingress().keepsStrangersOut()) {
      throw Verdict.skipped(
              "Ingress is "
                  + service.ingress()
                  + ": Google lets nobody in from outside, the invoker neither.")
          .asException();
    }
    refuseStrangeHost();
  }

  /** What the invoker shows at the door. */
  public IdToken identity() {
    return token();
  }

  /** A person's token is good for every service that person may invoke, so not any host gets it. */
  private void refuseStrangeHost() {
    var url = service.url();
    if (!Http.mayCarryCredentials(url)) {
      throw Verdict.unverified(
              "The identity token is not sent over plain http: " + service.address() + ".")
          .asException();
    }
    if (access.web().stream().anyMatch(web -> Http.isSameOrigin(web, url))) {
      throw Verdict.unverified(
              "The identity token is not sent to %s: that is the web service."
                  .formatted(service.address()),
              "Give the worker's own address: --worker-url")
          .asException();
    }
    var known =
        Http.isLoopback(url)
            || url.host().endsWith(RUN_APP)
            || service.own().stream().anyMatch(own -> Http.isSameOrigin(own, url));
    if (!known && !access.trustHost()) {
      throw Verdict.unverified(
              "The identity token is not sent to %s: it is no %s host."
                  .formatted(url.host(), RUN_APP),
              "If this host is yours: --trust-worker-host")
          .asException();
    }
  }

  private Session session(Caller caller, Optional<String> bearer, ColdStart coldStart) {
    return new Session(http, service, caller, bearer, coldStart, trace);
  }

  private String forgedToken() {
    var now = System.currentTimeMillis() / 1000;
    var signature = new byte[SIGNATURE_BYTES];
    new Random().nextBytes(signature);
    var claims =
        """
        {"iss":"https://accounts.google.com","aud":"%s","sub":"100000000000000000000",\
        "email":"nobody@example.com","email_verified":true,"iat":%d,"exp":%d}\
        """
            .formatted(service.address(), now, now + 3600);
    return List.of(
            base64("{\"alg\":\"RS256\",\"kid\":\"0\",\"typ\":\"JWT\"}".getBytes()),
            base64(claims.getBytes()),
            base64(signature))
        .stream()
        .reduce((left, right) -> left + "." + right)
        .orElseThrow();
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
