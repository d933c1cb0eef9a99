package lib.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import lib.target.Background;
import okhttp3.FormBody;
import org.jsoup.Jsoup;

/** Ends a session in the app (validibot.md section 5.1). */
final class Logout {

  private static final String PATH = "/accounts/logout/";

  private Logout() {}

  /**
   * End it.
   *
   * @return what went wrong, as a sentence
   */
  static Optional<String> of(Session browser, Duration within, Consumer<String> secrets) {
    var problem = Background.begin(() -> tried(browser, secrets));
    try {
      return problem.get(within.toMillis(), TimeUnit.MILLISECONDS).map(Logout::left);
    } catch (TimeoutException e) {
      return Optional.of(left("no answer within " + within.toMillis() / 1000.0 + " s"));
    } catch (ExecutionException e) {
      return Optional.of(left(Http.excerpt(String.valueOf(e.getCause().getMessage()))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(left("interrupted"));
    }
  }

  private static String left(String problem) {
    return "Could not sign out, so a session is left behind until it expires: " + problem + ".";
  }

  private static Optional<String> tried(Session browser, Consumer<String> secrets) {
    var page = browser.follow(PATH);
    if (!page.url().encodedPath().equals(PATH)) {
      return Optional.empty(); // nobody is signed in any more
    }
    // The page has several forms, all with a token that serves: the first one is about languages.
    var token = Jsoup.parse(page.body()).select("[name=" + LoginForm.CSRF + "]").val();
    if (token.isEmpty()) {
      return Optional.of(page.asked() + ": " + page.came());
    }
    secrets.accept(token);
    var form = new FormBody.Builder().add(LoginForm.CSRF, token).build();
    var reply = browser.submit(page, page.url(), form);
    return reply.redirect().isPresent()
        ? Optional.empty()
        : Optional.of(reply.asked() + ": " + reply.came());
  }
}
