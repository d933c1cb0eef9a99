package lib.http;

import java.util.List;
import java.util.Optional;
import lib.report.NotKept;
import lib.report.Verdict;
import lib.target.Service;
import okhttp3.HttpUrl;

/**
 * Judges the issuer that the web service names, which is its SITE_URL: links in mails lead there,
 * and who signs in by OpenID compares it with the address they know (validibot.md section 5.1).
 */
public final class Issuer {

  /** Where the web service names it. */
  public static final String DOCUMENT = "/.well-known/openid-configuration";

  private static final String RUN_APP = ".run.app";

  private Issuer() {}

  /**
   * Expect that the issuer is the public address.
   *
   * @param document the answer to {@link #DOCUMENT}
   * @param site the public address by the stage's own env file, where that is at hand
   * @throws NotKept when it is another one, or when that cannot be told
   */
  public static void judge(Reply document, Optional<HttpUrl> site) {
    var service = document.service();
    var issuer = Json.text(document.json(), "issuer");
    if (document.status() != 200 || issuer.isEmpty()) {
      throw document.broken(
          "200 with JSON that names an issuer",
          "Nobody can sign in to other services, such as MCP, with accounts of this site.",
          service.logs());
    }
    var url = Optional.ofNullable(HttpUrl.parse(issuer));
    if (url.filter(it -> isRootOf(it, service.url())).isPresent()) {
      return;
    }
    if (url.filter(it -> site.filter(known -> isRootOf(it, known)).isPresent()).isPresent()) {
      document.remark(
          "it is %s, SITE_URL of its env file%s"
              .formatted(address(url.get()), isPublic(service) ? ", which was not asked" : ""));
      return;
    }
    if (url.filter(it -> isOwn(it, service)).isPresent()) {
      document.remark("it is " + address(url.get()) + ", another address of this service");
      return;
    }
    throw elsewhere(document, issuer, url, service);
  }

  private static NotKept elsewhere(
      Reply document, String issuer, Optional<HttpUrl> url, Service service) {
    var facts =
        List.of(
            "asked: " + document.asked(),
            "came back: issuer " + Http.excerpt(issuer),
            "expected: " + service.address());
    var why =
        "SITE_URL is not the address that was asked. Links in mails lead to the issuer, and other"
            + " services, such as MCP, refuse sign-ins of any other address.";
    var setIt =
        "set SITE_URL in the env file of this stage to its public address, upload that, and"
            + " redeploy.";
    if (isPublic(service) || !url.filter(it -> canBePublic(it, service)).isPresent()) {
      return Verdict.failed(facts, why, "To mend it, " + setIt).asException();
    }
    return Verdict.warning(
            facts,
            why,
            "If that is its public address, verify the stage there (--web-url %s), or from where its"
                    .formatted(address(url.get()))
                + " env file with SITE_URL is.",
            "If not: " + setIt)
        .asException();
  }

  /** Whether the address that was asked is the public one, because nobody would give another. */
  static boolean isPublic(Service service) {
    return !service.url().host().endsWith(RUN_APP)
        && !Http.isLoopback(service.url())
        && service.own().stream().noneMatch(own -> Http.isSameOrigin(own, service.url()));
  }

  private static boolean isOwn(HttpUrl issuer, Service service) {
    return !isPublic(service) && service.own().stream().anyMatch(own -> isRootOf(issuer, own));
  }

  /** Whether people elsewhere could get there at all. */
  private static boolean canBePublic(HttpUrl issuer, Service asked) {
    return issuer.encodedPath().equals("/")
        && (issuer.isHttps() || !asked.url().isHttps())
        && (!Http.isLoopback(issuer) || Http.isLoopback(asked.url()));
  }

  /** A slash at the end makes no difference here, and a path does. */
  private static boolean isRootOf(HttpUrl issuer, HttpUrl origin) {
    return Http.isSameOrigin(issuer, origin)
        && issuer.encodedPath().equals("/")
        && issuer.query() == null
        && issuer.fragment() == null;
  }

  private static String address(HttpUrl url) {
    return url.toString().replaceFirst("/$", "");
  }
}
