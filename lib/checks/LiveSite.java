package lib.checks;

import java.io.IOException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import lib.engine.Container;
import lib.http.Client;
import lib.http.Http;
import lib.http.NoAnswer;
import lib.report.Verdict;
import lib.settings.Placeholders;
import lib.target.CannotVerify;
import okhttp3.Handshake;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/** The public address that SITE_URL names, and what its health page answered. */
final class LiveSite {

  /** Names that are never public (RFC 6761), single words such as Compose's, and no names. */
  private static final Pattern NOT_PUBLIC =
      Pattern.compile("(?:.*\\.)?(?:test|example|invalid|localhost)|[^.:]*|0\\.0\\.0\\.0");

  /** What Docker's health check says of a container whose trouble other checks tell. */
  private static final Set<String> UNWELL = Set.of("starting", "unhealthy");

  private final Examined examined;
  private final long millis;
  private Optional<Contact> met = Optional.empty();

  LiveSite(Examined examined) {
    this.examined = examined;
    // less than the check itself is given, so that it can still say what happened
    this.millis = examined.timeout().toMillis() * 4 / 5;
  }

  /**
   * The first answer, or why there is none.
   *
   * @param status 0 when there is none
   * @param location where a redirect leads; else empty
   */
  record Contact(
      int status,
      String body,
      String location,
      List<Certificate> certificates,
      Optional<IOException> failure) {}

  long millis() {
    return millis;
  }

  /**
   * The public address.
   *
   * @throws CannotVerify when there is none, or nothing runs behind it
   */
  HttpUrl site() {
    var django = examined.django();
    if (!django.target().production()) {
      throw new CannotVerify("a local stack has no public address");
    }
    var said = django.variables().text("SITE_URL");
    if (said.isEmpty()) {
      throw new CannotVerify("SITE_URL is not set");
    }
    var url = HttpUrl.parse(said.get().strip());
    if (url == null) {
      throw new CannotVerify("SITE_URL is no URL");
    }
    var host = url.host();
    if (Placeholders.mark(host).isPresent()
        || NOT_PUBLIC.matcher(host).matches()
        || Http.isLoopback(url)) {
      throw new CannotVerify("the host of SITE_URL, " + host + ", is no public name");
    }
    var web = examined.stack().flatMap(it -> it.service("web"));
    web.map(Container::state)
        .filter(it -> !it.running() || UNWELL.contains(it.health()))
        .ifPresent(
            it -> {
              throw new CannotVerify(
                  "the container %s is %s"
                      .formatted(web.get().name(), it.running() ? it.health() : "not running"));
            });
    return url.newBuilder().encodedPath("/").query(null).fragment(null).build();
  }

  /** A page of the site. */
  HttpUrl at(String path) {
    return site().newBuilder().addPathSegments(path).build();
  }

  /**
   * See to it that there is somebody to ask.
   *
   * @throws CannotVerify when there is not, which PDV900 tells
   */
  void expectAnswers() {
    if (contact().failure().isPresent()) {
      throw new CannotVerify("the public address cannot be reached from here (PDV900)");
    }
  }

  /**
   * The page to sign in, which has all headers and a cookie.
   *
   * @throws lib.report.NotKept when it does not answer
   */
  Response login() {
    expectAnswers();
    var url = at("accounts/login/");
    try {
      return get(url);
    } catch (IOException e) {
      throw Verdict.unverified("GET " + url + ": " + NoAnswer.sentence(e, millis) + ".")
          .asException();
    }
  }

  Response get(HttpUrl url) throws IOException {
    return get(url, client());
  }

  /** Ask a port that may be closed, with time left to say so. */
  Response getInClear(HttpUrl url) throws IOException {
    return get(url, client().with(it -> it.connectTimeout(millis / 2, TimeUnit.MILLISECONDS)));
  }

  private Client client() {
    return examined.http().with(it -> it.callTimeout(millis, TimeUnit.MILLISECONDS));
  }

  private static Response get(HttpUrl url, Client client) throws IOException {
    return client.newCall(new Request.Builder().url(url).build()).execute();
  }

  /** Ask the health page; once, whoever wants to know. */
  synchronized Contact contact() {
    if (met.isEmpty()) {
      met = Optional.of(meet());
    }
    return met.get();
  }

  private Contact meet() {
    try (var response = get(at("health/"))) {
      return new Contact(
          response.code(),
          Http.text(response),
          response.header("Location", ""),
          Optional.ofNullable(response.handshake())
              .map(Handshake::peerCertificates)
              .orElse(List.of()),
          Optional.empty());
    } catch (IOException e) {
      return new Contact(0, "", "", List.of(), Optional.of(e));
    }
  }
}
