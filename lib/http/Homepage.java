package lib.http;

import lib.report.NotKept;

/** Judges whether the homepage is served: only the end of its redirects proves anything. */
public final class Homepage {

  private Homepage() {}

  /**
   * Follow the homepage to its end.
   *
   * @return the page
   * @throws NotKept when no HTML page of the app with status 200 is there
   */
  public static Reply of(Web web) {
    var page = web.frontPage();
    if (page.status() == 200 && page.hasType("text/html")) {
      if (page.answerer() != Answerer.APP) {
        throw page.unverified(
            "a page of the app",
            "A page came, and nothing shows that the app made it. A proxy's page for maintenance"
                + " looks like this, or a domain that is parked.",
            "Look at it in a browser, and at who answers there:",
            "  curl -sSI " + page.url());
      }
      return page;
    }
    Reached.app(page, Web.EVERYBODY);
    throw page.broken("an HTML page with status 200", why(page), page.service().logs());
  }

  private static String why(Reply page) {
    if (page.is(Answerer.APP, 500)) {
      return "People see an error page. If /health/ is good it is not the database:"
          + " DJANGO_ACCOUNT_ALLOW_LOGIN=false has this effect, too.";
    }
    return page.status() >= 500
        ? "People see an error page, and it is not the app that made it: its container may not"
            + " start, or run as a worker."
        : "Whoever comes to the site sees no page of it.";
  }
}
