package lib.http;

import com.google.gson.JsonObject;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.report.Exchange;
import lib.report.NotKept;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.Service;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * An answer: what was asked, by whom, what came back, and who sent it.
 *
 * @param body at most half a megabyte of it
 * @param certificates by which the server proved its name, its own first; none without TLS
 */
public record Reply(
    Service service,
    Caller caller,
    String method,
    HttpUrl url,
    int status,
    Headers headers,
    String body,
    Answerer answerer,
    List<Certificate> certificates,
    Duration took,
    Trace trace) {

  private static final Pattern TITLE =
      Pattern.compile("<title>([^<]*)</title>", Pattern.CASE_INSENSITIVE);

  /** Whether a status between 200 and 299 came back. */
  public boolean succeeded() {
    return status >= 200 && status <= 299;
  }

  /** Whether that sender answered with that status. */
  public boolean is(Answerer sender, int expected) {
    return answerer == sender && status == expected;
  }

  /** Where the answer sends the caller; nothing when it does not, or when that is no address. */
  public Optional<HttpUrl> redirect() {
    // an empty address would resolve to the one that was asked
    var away = status >= 300 && status <= 399 && !header("Location").isEmpty();
    return away ? Optional.ofNullable(url.resolve(header("Location"))) : Optional.empty();
  }

  /** Whether the content is of that type, such as {@code text/html}. */
  public boolean hasType(String type) {
    return header("Content-Type").toLowerCase(Locale.ROOT).startsWith(type);
  }

  /** The header, or an empty text. */
  public String header(String name) {
    var value = headers.get(name);
    return value == null ? "" : value;
  }

  /** For how many seconds a cache has kept this answer; 0 when none says that it did. */
  public long age() {
    var age = header("Age").strip();
    return age.matches("\\d{1,9}") ? Long.parseLong(age) : 0;
  }

  /** What the {@code Bearer} challenge says of that name; nothing without such a challenge. */
  public Optional<String> challenge(String name) {
    var asked = new Request.Builder().url(url).build();
    var answer = new Response.Builder().request(asked).protocol(Protocol.HTTP_1_1).message("");
    return answer.code(status).headers(headers).build().challenges().stream()
        .filter(challenge -> challenge.scheme().equalsIgnoreCase("Bearer"))
        .flatMap(challenge -> Optional.ofNullable(challenge.authParams().get(name)).stream())
        .findFirst();
  }

  /** The body as a JSON object; an empty one when it is none. */
  public JsonObject json() {
    return Json.object(body);
  }

  /** Expect this status; the next best thing to a judgement of one's own. */
  public Reply expect(int expected) {
    if (status != expected) {
      throw broken("status " + expected, "");
    }
    return this;
  }

  /** Say something about this answer although the promise is kept. */
  public void remark(String remark) {
    trace.remark(remark);
  }

  /** Let a verdict on this answer decide whether the promise is kept. */
  public void judged(Verdict verdict) {
    if (verdict.status() != Status.PASSED) {
      throw verdict.after("asked: " + asked()).asException();
    }
    verdict.facts().forEach(this::remark);
    trace.measured(verdict.measures());
  }

  /** The same answer, heard by another test. */
  Reply retold(Trace other) {
    if (other == trace) {
      return this;
    }
    other.heardBefore(exchange());
    return new Reply(
        service, caller, method, url, status, headers, body, answerer, certificates, took, other);
  }

  /** The promise is broken: what was asked, what came back, and what was expected instead. */
  public NotKept broken(String expected, String why, String... fix) {
    return Verdict.failed(facts(expected), why, fix).asException().changing(mayChange());
  }

  /** Whether the promise is kept cannot be told from this answer. */
  public NotKept unverified(String expected, String why, String... fix) {
    return new Verdict(Status.UNVERIFIED, facts(expected), why, List.of(fix))
        .asException()
        .changing(mayChange());
  }

  /** What the app has decided stays, once no roll-out is under way; all else may pass. */
  private boolean mayChange() {
    return answerer != Answerer.APP || status >= 500 || status == 429 || !service.settled();
  }

  /** What was asked, what came back and from whom, what was expected. */
  public List<String> facts(String expected) {
    return List.of(
        Verdict.ASKED + asked(), Verdict.CAME_BACK + came(), Verdict.EXPECTED + expected);
  }

  /** What was asked, and by whom. */
  public String asked() {
    return method + " " + url + " as " + caller;
  }

  /** What came back, and from whom. */
  public String came() {
    var location = header("Location");
    var to = location.isEmpty() ? "" : " to " + Http.excerpt(location);
    var said = gist();
    return status + to + " from " + answerer + (said.isEmpty() ? "" : ": " + said);
  }

  /** The words of the answer that tell most: the title of a page, the text of anything else. */
  private String gist() {
    if (hasType("text/html") || body.stripLeading().startsWith("<")) {
      var title = TITLE.matcher(body);
      return title.find() ? "page \"" + Http.excerpt(title.group(1)) + "\"" : "";
    }
    return Http.excerpt(body);
  }

  /** What was asked, and this. */
  Exchange exchange() {
    var type =
        header("Content-Type").isEmpty() ? "no content type" : Http.excerpt(header("Content-Type"));
    var line =
        String.format(
            Locale.ROOT,
            "%s -> %d by %s, %s, %.3f s",
            asked(),
            status,
            answerer,
            type,
            took.toNanos() / 1e9);
    return new Exchange(asked(), status + ", " + type, answerer.toString(), line);
  }
}
