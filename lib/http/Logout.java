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
    // Where it leads elsewhere, nobody is signed in any more.
    var problem =
        page.url().encodedPath().equals(PATH)
            ? submitted(browser, page, secrets)
            : Optional.<String>empty();
    return problem.isPresent() ? problem : stillIn(browser);
  }

  private static Optional<String> submitted(Session browser, Reply page, Consumer<String> secrets) {
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

  /** A redirect is no proof: that nobody is there afterwards is. */
  private static Optional<String> stillIn(Session browser) {
    try {
      return browser.get(Login.ME, "application/json").succeeded()
          ? Optional.of("the app knows its user afterwards, too (" + Login.ME + ")")
          : Optional.empty();
    } catch (NoAnswer e) {
      return Optional.empty(); // the app has said that it is over
    }
  }
}
