package lib.smoke;

import java.util.Locale;
import lib.http.Reply;
import org.jsoup.Jsoup;

/**
 * Judges what a user gets who asks for the dashboard. Whoever may not see it is sent to pages that
 * are 200, too, so only the final address and the title tell (validibot.md section 5.1).
 */
final class Dashboard {

  static final String PATH = "/app/dashboard/";

  private static final String WORKFLOWS = "/app/workflows/";
  private static final String EXPECTED = "the page \"Dashboard\" at " + PATH;

  private Dashboard() {}

  /** Expect the dashboard at the end of the redirects. */
  static void served(Reply page) {
    var path = page.url().encodedPath();
    if (path.equals(WORKFLOWS) && page.status() == 200) {
      throw page.unverified(
          EXPECTED,
          "This user is no owner, admin or author in any organization, and gets the list of"
              + " workflows instead.",
          "Give the user one of these roles, or sign in with another.");
    }
    if (path.startsWith("/accounts/login")) {
      throw page.broken(
          EXPECTED,
          "Who has just signed in is asked to sign in again: sessions are not kept.",
          page.service().logs());
    }
    if (path.startsWith("/accounts/")) {
      throw page.unverified(
          EXPECTED,
          "The app wants something of this user first, which a script cannot do.",
          "Sign in with a browser once, and do what it asks for.");
    }
    var title = Jsoup.parse(page.body()).title().toLowerCase(Locale.ROOT);
    if (page.status() != 200 || !path.equals(PATH) || !title.contains("dashboard")) {
      throw page.broken(
          EXPECTED, "Users see no dashboard when they have signed in.", page.service().logs());
    }
  }
}
