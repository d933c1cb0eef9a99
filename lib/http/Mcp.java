package lib.http;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import lib.target.Background;
import lib.target.Service;
import okhttp3.HttpUrl;

/**
 * The MCP service, to which people's AI tools connect (validibot.md section 5.3). It is never sent
 * a credential.
 */
public final class Mcp {

  /** Where its clients connect. */
  public static final String ENDPOINT = "/mcp";

  /** No method, so there is nothing to be done, even where nobody stops it. */
  private static final String NOTHING = "{}";

  private final Client http;
  private final Service service;
  private final List<HttpUrl> web;
  private final ColdStart coldStart;
  private final Once refusal;
  private final Map<HttpUrl, Once> asked;
  private final Trace trace;

  private Mcp(
      Client http,
      Service service,
      List<HttpUrl> web,
      ColdStart coldStart,
      Once refusal,
      Map<HttpUrl, Once> asked,
      Trace trace) {
    this.http = http;
    this.service = service;
    this.web = web;
    this.coldStart = coldStart;
    this.refusal = refusal;
    this.asked = asked;
    this.trace = trace;
  }

  /**
   * @param web the addresses of the web service of its stage, as far as they are known
   * @param coldStart how long the first answer may take
   */
  public Mcp(Client http, Service service, List<HttpUrl> web, Duration coldStart) {
    this(
        http,
        service,
        List.copyOf(web),
        new ColdStart(coldStart),
        new Once(),
        new ConcurrentHashMap<>(),
        new Trace());
  }

  /** The same service, asked for one test. */
  public Mcp tracedBy(Trace other) {
    return new Mcp(http, service, web, coldStart, refusal, asked, other);
  }

  public Service service() {
    return service;
  }

  /** The document that tells clients how to connect; it is asked for once. */
  public Reply root() {
    return get(service.url());
  }

  /** What a stranger is told who posts to the endpoint; that is done once. */
  public Reply refusal() {
    return refusal.ask(trace, () -> stranger(service).post(ENDPOINT, NOTHING));
  }

  /** Get an address that the service advertises, of whatever host; each is asked once. */
  public Reply get(HttpUrl url) {
    return asked
        .computeIfAbsent(url, it -> new Once())
        .ask(trace, () -> stranger(service.at(origin(url))).get(url));
  }

  /** Begin to ask for all of these, so that each is there when it is wanted. */
  void begin(Collection<HttpUrl> urls) {
    urls.forEach(url -> Background.begin(() -> get(url)));
  }

  /** The addresses of the web service of its stage, as far as they are known. */
  List<HttpUrl> web() {
    return web;
  }

  /** Whether an address is of this service, or of the web service of its stage. */
  boolean isOfStage(HttpUrl url) {
    return Stream.of(List.of(service.url()), service.own(), web)
        .flatMap(List::stream)
        .anyMatch(own -> Http.isSameOrigin(own, url));
  }

  private Session stranger(Service at) {
    var started =
        Http.isSameOrigin(at.url(), service.url())
            ? coldStart
            : new ColdStart(Duration.ofMillis(http.callTimeoutMillis()));
    return new Session(http, at, Caller.STRANGER, Optional.empty(), started, trace);
  }

  private static HttpUrl origin(HttpUrl url) {
    return url.newBuilder().encodedPath("/").query(null).fragment(null).build();
  }
}
