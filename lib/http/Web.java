package lib.http;

import java.time.Duration;
import java.util.Optional;
import lib.target.Service;
import okhttp3.OkHttpClient;

/** The public web service. It is never sent a Google credential. */
public final class Web {

  /** The strangers who must be let in, as IAM policies name them. */
  public static final String EVERYBODY = "allUsers";

  /** A firewall may drop what goes to a closed port, and nobody should wait long for that. */
  private static final Duration TO_CONNECT = Duration.ofSeconds(5);

  private final OkHttpClient http;
  private final Service service;
  private final ColdStart coldStart;
  private final Once frontPage;
  private final Trace trace;

  private Web(
      OkHttpClient http, Service service, ColdStart coldStart, Once frontPage, Trace trace) {
    this.http = http;
    this.service = service;
    this.coldStart = coldStart;
    this.frontPage = frontPage;
    this.trace = trace;
  }

  /**
   * @param coldStart how long the first answer may take
   */
  public Web(OkHttpClient http, Service service, Duration coldStart) {
    this(http, service, new ColdStart(coldStart), new Once(), new Trace());
  }

  /** The same service, asked for one test. */
  public Web tracedBy(Trace other) {
    return new Web(http, service, coldStart, frontPage, other);
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

  /** Ask without TLS, beside an https address or at a plain one: it may be that nobody listens. */
  public Session inClear() {
    var client = http.newBuilder().connectTimeout(TO_CONNECT).build();
    var first = new ColdStart(Duration.ofMillis(http.callTimeoutMillis()));
    var plain = service.at(PlainHttp.beside(service.url()));
    return new Session(client, plain, Caller.STRANGER, Optional.empty(), first, trace);
  }

  /** Ask with a bearer token that was made up. */
  public Session bearing(String nonsense) {
    return new Session(http, service, Caller.FORGER, Optional.of(nonsense), coldStart, trace);
  }
}
