package lib.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import lib.report.Exchange;
import lib.report.NotKept;
import lib.target.Service;
import okhttp3.ConnectionPool;
import okhttp3.FormBody;
import okhttp3.Handshake;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;

/**
 * One caller talking to one service. Redirects are not followed, except by {@link #follow}, and
 * then within the service's origin only.
 */
public final class Session {

  private static final int HOPS = 10;
  private static final MediaType JSON = MediaType.get("application/json");
  private static final String ANYTHING = "*/*";
  private static final String PAGE = "text/html,*/*";

  private final Client http;
  private final Service service;
  private final Caller caller;
  private final Optional<String> bearer;
  private final ColdStart coldStart;
  private final Trace trace;

  Session(
      Client http,
      Service service,
      Caller caller,
      Optional<String> bearer,
      ColdStart coldStart,
      Trace trace) {
    this.http = http;
    this.service = service;
    this.caller = caller;
    this.bearer = bearer;
    this.coldStart = coldStart;
    this.trace = trace;
  }

  /** Get a path of the service, whatever the content type. */
  public Reply get(String path) {
    return get(path, ANYTHING);
  }

  /** Get a path of the service, asking for a content type such as {@code text/html}. */
  public Reply get(String path, String accept) {
    return ask("GET", at(path), accept, Optional.empty());
  }

  /**
   * Get an address of the service, such as one that a page links to.
   *
   * @throws IllegalArgumentException when it is of another origin
   */
  public Reply get(HttpUrl url) {
    if (!isSameOrigin(url)) {
      throw new IllegalArgumentException("not an address of " + service.name() + ": " + url);
    }
    return ask("GET", url, ANYTHING, Optional.empty());
  }

  /** Post JSON to a path of the service. */
  public Reply post(String path, String json) {
    return ask("POST", at(path), ANYTHING, Optional.of(RequestBody.create(json, JSON)));
  }

  /**
   * Send a form as a browser does, which says from which page it comes. It goes to this service
   * alone, whatever the page says.
   *
   * @throws IllegalArgumentException when the address is of another origin
   */
  public Reply submit(Reply page, HttpUrl url, FormBody form) {
    if (!isSameOrigin(url)) {
      throw new IllegalArgumentException("not an address of " + service.name() + ": " + url);
    }
    var from = Headers.of("Origin", service.address(), "Referer", page.url().toString());
    // A connection that is left over may be closed by now, and a form that is sent once is lost
    // there.
    var pool = new ConnectionPool();
    var fresh = http.with(it -> it.connectionPool(pool));
    return new Session(fresh, service, caller, bearer, coldStart, trace)
        .ask("POST", url, PAGE, Optional.of(once(form)), from);
  }

  /**
   * Get a page as a browser does, through redirects of the same origin.
   *
   * @throws NotKept when the redirects do not end, or leave the origin
   */
  public Reply follow(String path) {
    var reply = get(path, PAGE);
    for (var hop = 0; isRedirect(reply); hop++) {
      var next = reply.redirect();
      if (next.filter(this::isSameOrigin).isEmpty()) {
        throw Reached.away(reply, next);
      }
      if (hop == HOPS) {
        throw reply.broken("a page, after at most " + HOPS + " redirects", "The redirects go on.");
      }
      reply = ask("GET", next.get(), PAGE, Optional.empty());
    }
    return reply;
  }

  /** Whether an address belongs to this service's origin. */
  public boolean isSameOrigin(HttpUrl url) {
    return Http.isSameOrigin(service.url(), url);
  }

  private static boolean isRedirect(Reply reply) {
    return reply.status() >= 300 && reply.status() <= 399 && !reply.header("Location").isEmpty();
  }

  private HttpUrl at(String path) {
    var url = service.url().resolve(path);
    if (url == null || !isSameOrigin(url)) {
      throw new IllegalArgumentException("not a path of " + service.name() + ": " + path);
    }
    return url;
  }

  private Reply ask(String method, HttpUrl url, String accept, Optional<RequestBody> body) {
    return ask(method, url, accept, body, Headers.EMPTY);
  }

  private Reply ask(
      String method, HttpUrl url, String accept, Optional<RequestBody> body, Headers more) {
    var timeout = Duration.ofMillis(http.callTimeoutMillis());
    var request =
        new Request.Builder()
            .url(url)
            .headers(more)
            .method(method, body.orElse(null))
            .header("Accept", accept)
            .header("User-Agent", "validibot-verify");
    bearer.ifPresent(token -> request.header("Authorization", "Bearer " + token));
    return coldStart.through(timeout, trace, patience -> answer(request.build(), patience));
  }

  /**
   * A body that is sent once, whatever becomes of the connection, or of a 503 that says to come
   * again at once: OkHttp would send any other a second and a third time by itself, a refused
   * password, too.
   */
  private static RequestBody once(RequestBody body) {
    return new RequestBody() {
      @Override
      public MediaType contentType() {
        return body.contentType();
      }

      @Override
      public long contentLength() throws IOException {
        return body.contentLength();
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        body.writeTo(sink);
      }

      @Override
      public boolean isOneShot() {
        return true;
      }
    };
  }

  private Reply answer(Request request, Duration timeout) {
    var began = System.nanoTime();
    var call = http.newCall(request);
    call.timeout().timeout(timeout.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
    var asked = request.method() + " " + request.url() + " as " + caller;
    var status = Optional.<Integer>empty();
    try (var response = call.execute()) {
      status = Optional.of(response.code());
      var body = Http.text(response);
      var answerer = Answerer.of(response.headers(), body);
      Proxies.rejectOwn(http, response, answerer != Answerer.UNCLEAR);
      var reply =
          new Reply(
              service,
              caller,
              request.method(),
              request.url(),
              response.code(),
              response.headers(),
              body,
              answerer,
              Optional.ofNullable(response.handshake())
                  .map(Handshake::peerCertificates)
                  .orElse(List.of()),
              since(began),
              trace);
      trace.heard(reply.exchange());
      return reply;
    } catch (IOException e) {
      var nothing = NoAnswer.to(http, call, service, asked, status, e);
      trace.heard(new Exchange(asked, nothing.sentence(), "", asked + " -> " + nothing.sentence()));
      throw nothing;
    }
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
