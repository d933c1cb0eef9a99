package lib.http;

import java.util.Optional;
import lib.report.NotKept;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import org.jsoup.Jsoup;
import org.jsoup.nodes.FormElement;

/** The form of the page to sign in (validibot.md section 5.1). */
record LoginForm(Reply page, FormElement form) {

  static final String PATH = "/accounts/login/";

  /** The hidden field against forgery, in every form of the app. */
  static final String CSRF = "csrfmiddlewaretoken";

  private static final String NAME = "login";
  private static final String PASSWORD = "password";
  private static final String COMPLAINTS =
      ".errorlist, .invalid-feedback, .alert, [role=alert], .text-danger";

  /**
   * Get the form.
   *
   * @throws NotKept when there is none that a script may fill in
   */
  static LoginForm of(Session browser, Web web) {
    var page = Reached.app(browser.follow(PATH), Web.EVERYBODY);
    var form = page.succeeded() ? on(page) : Optional.<LoginForm>empty();
    if (form.isEmpty()) {
      throw page.status() >= 500 ? LoginAnswer.trouble(page, web) : missing(page);
    }
    if (form.get().wantsHuman()) {
      throw page.unverified(
          "a form without a captcha",
          "The form wants a human (reCAPTCHA keys are set), so no script can sign in. Nothing was"
              + " sent.",
          "Verify this by hand, or set no such keys on this stage.");
    }
    form.get().ownAction();
    return form.get();
  }

  private static NotKept missing(Reply page) {
    return page.broken(
        "a form that posts \"" + NAME + "\" and \"" + PASSWORD + "\"",
        "Nobody can sign in."
            + (page.status() == 404 ? " DJANGO_ACCOUNT_ALLOW_LOGIN=false has this effect." : ""),
        page.service().logs());
  }

  /** The form on a page, if there is one. A form that is not posted would show the password. */
  static Optional<LoginForm> on(Reply page) {
    return Jsoup.parse(page.body(), page.url().toString())
        .select("form[method=post]:has([name=" + NAME + "]):has([name=" + PASSWORD + "])")
        .forms()
        .stream()
        .findFirst()
        .map(form -> new LoginForm(page, form));
  }

  /**
   * Where to send it: to the service that was meant, and to nobody whom its page names.
   *
   * @throws NotKept when the page names somebody else
   */
  HttpUrl ownAction() {
    return action()
        .filter(to -> Http.isSameOrigin(page.service().url(), to))
        .orElseThrow(
            () ->
                page.broken(
                    "a form that goes to " + page.service().address(),
                    "The form sends names and passwords elsewhere: "
                        + action().map(HttpUrl::toString).map(Http::excerpt).orElse("nowhere")
                        + ". Nothing was sent. If nobody of yours did that, it is an attack.",
                    page.service().logs()));
  }

  /** Where the form says that it goes; nothing when that is no web address. */
  private Optional<HttpUrl> action() {
    var button = form.selectFirst("[formaction]");
    var said = button == null ? form.absUrl("action") : button.absUrl("formaction");
    return said.isEmpty() && !form.hasAttr("action")
        ? Optional.of(page.url())
        : Optional.ofNullable(HttpUrl.parse(said));
  }

  /** Whether it wants to be told that a human fills it in. */
  private boolean wantsHuman() {
    return form.selectFirst("[name=captcha], [name=g-recaptcha-response], .g-recaptcha") != null;
  }

  /** What the app put into it against forgery; empty when there is nothing. */
  String csrfToken() {
    return form.select("[name=" + CSRF + "]").val();
  }

  /** The form as a browser sends it, filled in. */
  FormBody filled(Account account) {
    var filled = new FormBody.Builder();
    for (var field : form.formData()) {
      if (!field.key().equals(NAME) && !field.key().equals(PASSWORD)) {
        filled.add(field.key(), field.value());
      }
    }
    return filled.add(NAME, account.name()).add(PASSWORD, account.password()).build();
  }

  /** What the app complains of, as far as it can be found on the page. */
  String complaint() {
    return Http.excerpt(form.select(COMPLAINTS).text());
  }
}
