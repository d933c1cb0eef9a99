package lib.http;

import java.time.Duration;
import java.util.Optional;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.Service;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;

/** The public web service. It is never sent a Google credential. */
public final class Web {

  /** The strangers who must be let in, as IAM policies name them. */
  public static final String EVERYBODY = "allUsers";

  /** A firewall may drop what goes to a closed port, and nobody should wait long for that. */
  private static final Duration TO_CONNECT = Duration.ofSeconds(5);

  private final Client http;
  private final Service service;
  private final ColdStart coldStart;
  private final Superuser superuser;
  private final Once frontPage;
  private final Once discovery;
  private final Optional<Web> site;
  private final Trace trace;

  private Web(
      Client http,
      Service service,
      ColdStart coldStart,
      Superuser superuser,
      Once frontPage,
      Once discovery,
      Optional<Web> site,
      Trace trace) {
    this.http = http;
    this.service = service;
    this.coldStart = coldStart;
    this.superuser = superuser;
    this.frontPage = frontPage;
    this.discovery = discovery;
    this.site = site;
    this.trace = trace;
  }

  /**
   * @param site the public address by the stage's own env file, where that is at hand
   * @param coldStart how long the first answer may take
   */
  public Web(Client http, Service service, Optional<HttpUrl> site, Duration coldStart) {
    this(
        http,
        service,
        new ColdStart(coldStart),
        new Superuser.Nobody("Nobody is to be signed in.", false),
        new Once(),
        new Once(),
        site.filter(it -> !Issuer.isPublic(service))
            .filter(it -> !Http.isSameOrigin(it, service.url()))
            .filter(it -> service.own().stream().noneMatch(own -> Http.isSameOrigin(own, it)))
            .map(it -> new Web(http, service.at(it), Optional.empty(), coldStart)),
        new Trace());
  }

  /** The same service, where somebody can be signed in. */
  public Web with(Superuser other) {
    return new Web(http, service, coldStart, other, frontPage, discovery, site, trace);
  }

  /** The same service, asked for one test. */
  public Web tracedBy(Trace other) {
    var there = site.map(it -> it.tracedBy(other));
    return new Web(http, service, coldStart, superuser, frontPage, discovery, there, other);
  }

  public Service service() {
    return service;
  }

  /** Ask as anybody may. */
  public Session stranger() {
    return new Session(http, service, Caller.STRANGER, Optional.empty(), coldStart, trace);
  }

  /** The page that people see first, at the root or where that leads; it is asked for once. */
  public Reply frontPage() {
    return frontPage.ask(trace, () -> stranger().follow("/"));
  }

  /**
   * The service where people come to it: at its SITE_URL, where that is another address than the
   * one that is asked. An env file may be ahead of what was deployed, so the app has a say, too.
   */
  public Web published() {
    return site.filter(it -> mayBeIssuer(it.service.url())).orElse(this);
  }

  private boolean mayBeIssuer(HttpUrl url) {
    try {
      var document = discovery.ask(trace, () -> stranger().get(Issuer.DOCUMENT));
      var issuer = HttpUrl.parse(Json.text(document.json(), "issuer"));
      return issuer == null || Http.isSameOrigin(issuer, url);
    } catch (NoAnswer e) {
      return false; // and nothing is good where it was asked
    }
  }

  /** Ask without TLS, beside an https address or at a plain one: it may be that nobody listens. */
  public Session inClear() {
    var client = http.with(it -> it.connectTimeout(TO_CONNECT));
    var first = new ColdStart(Duration.ofMillis(http.callTimeoutMillis()));
    var plain = service.at(PlainHttp.beside(service.url()));
    return new Session(client, plain, Caller.STRANGER, Optional.empty(), first, trace);
  }

  /** Ask with a bearer token that was made up. */
  public Session bearing(String nonsense) {
    return new Session(http, service, Caller.FORGER, Optional.of(nonsense), coldStart, trace);
  }

  /**
   * Sign in, unless that was done before.
   *
   * @throws NotKept with what came of it
   */
  public void signIn() {
    superuser.signIn(this);
  }

  /**
   * Ask as the superuser, whom the first one to ask signs in.
   *
   * @throws NotKept when nobody could be signed in: that is told in full where it is tested
   */
  public Session superuser() {
    var began = System.nanoTime();
    try {
      return as(superuser.signIn(this));
    } catch (NotKept e) {
      throw e.verdict().status() == Status.SKIPPED
          ? e
          : nobody(e.verdict()).changing(e.mayChange());
    } catch (NoAnswer e) {
      throw Verdict.unverified("Not signed in: " + e.sentence() + ".")
          .asException()
          .changing(e.mayChange());
    } finally {
      trace.waited(Duration.ofNanos(System.nanoTime() - began));
    }
  }

  private static NotKept nobody(Verdict verdict) {
    var reason = verdict.why().isEmpty() ? verdict.facts().get(0) : verdict.why();
    var sentence = reason.replaceFirst("(?<=\\.) .*", "");
    return Verdict.unverified("Not signed in: " + sentence).asException();
  }

  /** Ask with cookies. */
  Session as(CookieJar cookies) {
    return as(cookies, Duration.ofMillis(http.callTimeoutMillis()));
  }

  /** Ask with cookies, and with so much time for each request. */
  Session as(CookieJar cookies, Duration timeout) {
    var browser = http.with(it -> it.cookieJar(cookies).callTimeout(timeout));
    return new Session(browser, service, Caller.SUPERUSER, Optional.empty(), coldStart, trace);
  }
}
