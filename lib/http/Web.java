package lib.http;

import java.time.Duration;
import java.util.Optional;
import lib.target.Service;
import okhttp3.OkHttpClient;

/** The public web service. It is never sent a Google credential. */
public final class Web {

  /** The strangers who must be let in, as IAM policies name them. */
  public static final String EVERYBODY = "allUsers";

  private final OkHttpClient http;
  private final Service service;
  private final ColdStart coldStart;
  private final Trace trace;

  private Web(OkHttpClient http, Service service, ColdStart coldStart, Trace trace) {
    this.http = http;
    this.service = service;
    this.coldStart = coldStart;
    this.trace = trace;
  }

  /**
   * @param coldStart how long the first answer may take
   */
  public Web(OkHttpClient http, Service service, Duration coldStart) {
    this(http, service, new ColdStart(coldStart), new Trace());
  }

  /** The same service, asked for one test. */
  public Web tracedBy(Trace other) {
    return new Web(http, service, coldStart, other);
  }

  public Service service() {
    return service;
  }

  /** Ask as anybody may. */
  public Session stranger() {
    return new Session(http, service, Caller.STRANGER, Optional.empty(), coldStart, trace);
  }

  /** Ask with a bearer token that was made up. */
  public Session bearing(String nonsense) {
    return new Session(http, service, Caller.FORGER, Optional.of(nonsense), coldStart, trace);
  }
}
