package lib.http;

import lib.report.NotKept;

/** Judges whether the homepage is served: only the end of its redirects proves anything. */
public final class Homepage {

  private Homepage() {}

  /**
   * Follow the homepage to its end.
   *
   * @return the page
   * @throws NotKept when no HTML page with status 200 is there
   */
  public static Reply of(Web web) {
    var page = web.stranger().follow("/");
    if (page.status() == 200 && page.hasType("text/html")) {
      return page;
    }
    throw page.broken("an HTML page with status 200", why(page), fix(page));
  }

  private static String why(Reply page) {
    if (page.answerer() == Answerer.GOOGLE) {
      return switch (page.status()) {
        case 401, 403 -> "Google refuses strangers, so nobody can use the site.";
        case 404 -> "Google knows no service at this address, or ingress keeps strangers out.";
        default -> "The container does not answer: nobody can use the site.";
      };
    }
    return page.status() >= 500
        ? "People see an error page. If /health/ is good it is not the database:"
            + " DJANGO_ACCOUNT_ALLOW_LOGIN=false has this effect, too."
        : "";
  }

  private static String[] fix(Reply page) {
    var service = page.service();
    if (page.answerer() == Answerer.GOOGLE && page.status() == 403) {
      return new String[] {
        "  "
            + service.gcloud(
                "add-iam-policy-binding", "--member=allUsers", "--role=roles/run.invoker")
      };
    }
    if (page.status() >= 500) {
      return new String[] {"  " + service.gcloud("logs read", "--limit=50")};
    }
    return new String[] {};
  }
}
