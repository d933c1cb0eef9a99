package lib.smoke;

import java.util.Locale;
import java.util.Optional;
import lib.http.Answerer;
import lib.http.Homepage;
import lib.http.Reached;
import lib.http.Reply;
import lib.http.Web;
import lib.report.NotKept;
import lib.report.Verdict;
import lib.target.Background;
import okhttp3.HttpUrl;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What anybody may see of the web service (validibot.md section 5.1). */
@DisplayName("Web, as a stranger")
@Order(1)
@Tag("SM100")
class WebTests {

  @Test
  @Order(1)
  @Tag("SM101")
  void homepage_is_served(Web web) {
    var page = Homepage.of(web);
    if (!page.url().encodedPath().equals("/")) {
      page.remark("the page is " + page.url().encodedPath());
    }
  }

  @Test
  @Order(2)
  @Tag("SM102")
  void static_files_are_served(Web web) {
    var page = homepage(web);
    var document = Jsoup.parse(page.body(), page.url().toString());
    var style = linked(web, document, "link[rel~=(?i)\\bstylesheet\\b]", "abs:href");
    var script =
        linked(
            web, document, "script[src]:not([type*=json]):not([type*=text/template])", "abs:src");
    if (style.isEmpty() || script.isEmpty()) {
      robots(web, page);
      return;
    }
    var files = web.stranger();
    var sheet = Background.begin(() -> files.get(style.get()));
    served(files.get(script.get()), "javascript");
    served(Background.joined(sheet), "css");
    page.remark("a stylesheet and a script of " + page.url().encodedPath());
  }

  /** Releases before 0.4 have it; of others, a proxy may. */
  private static void robots(Web web, Reply page) {
    var robots = web.stranger().get("/robots.txt");
    if (!robots.is(Answerer.APP, 200) || robots.hasType("text/html")) {
      throw Verdict.unverified(
              page.url()
                  + " links no stylesheet and no script of its own origin, and the app has no"
                  + " /robots.txt: there is nothing to ask for.")
          .asException();
    }
    robots.remark("/robots.txt");
  }

  private static Reply homepage(Web web) {
    try {
      return Homepage.of(web);
    } catch (NotKept e) {
      throw Verdict.skipped("There is no homepage (see there), so nothing is linked to ask for.")
          .asException();
    }
  }

  /** The first link to the service's own origin; pages link to other hosts, too. */
  private static Optional<HttpUrl> linked(
      Web web, Document page, String selector, String attribute) {
    return page.select(selector).eachAttr(attribute).stream()
        .map(HttpUrl::parse)
        .filter(url -> url != null && web.stranger().isSameOrigin(url))
        .findFirst();
  }

  private static void served(Reply file, String type) {
    var contentType = file.header("Content-Type").toLowerCase(Locale.ROOT);
    if (file.status() != 200 || !contentType.contains(type)) {
      throw file.broken(
          "200 with a content type of " + type,
          "Pages come without style or function. collectstatic may not have run in this image.",
          file.service().logs());
    }
  }

  @Test
  @Order(3)
  @Tag("SM103")
  void app_calls_itself_healthy(Web web) {
    Health.healthy(Reached.app(web.stranger().get("/health/"), Web.EVERYBODY));
  }

  @Test
  @Order(4)
  @Tag("SM104")
  void cache_works(Web web) {
    var features = web.stranger().get("/api/v1/license/features/", "application/json");
    Reached.app(features, Web.EVERYBODY);
    if (features.status() == 200 && features.json().size() > 0) {
      Health.fresh(features);
      return;
    }
    if (features.is(Answerer.APP, 404)) {
      throw Verdict.skipped(
              "This version has no /api/v1/license/features/, by which a stranger can see the"
                  + " cache.")
          .asException();
    }
    if (features.is(Answerer.APP, 429)) {
      throw features.unverified(
          "200 with JSON",
          "The app has counted too many requests from here, and nothing more can be seen until"
              + " it forgets them. It counts in the cache.",
          "Ask again in an hour, or from another network.");
    }
    Health.notBlaming(features, web);
    throw features.broken(
        "200 with JSON",
        features.is(Answerer.APP, 500)
            ? "This answer needs the cache: Redis at REDIS_URL, or, where that is not set, the"
                + " table django_cache."
            : "The one sign of the cache that a stranger can see is not there.",
        features.service().logs());
  }
}
