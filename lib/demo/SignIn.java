package lib.demo;

import java.util.Optional;

/** Signing in and out, as django-allauth does it (validibot.md section 5.1). */
record SignIn(Settings settings, Accounts accounts) implements Routes {

  static final String PATH = "/accounts/login/";

  private static final String LOGOUT = "/accounts/logout/";
  private static final String SECOND_FACTOR = "/accounts/2fa/authenticate/";
  private static final String CONFIRM = "/accounts/confirm-email/";
  private static final String CSRF = "__Secure-csrftoken";
  private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Lax; Secure";
  private static final String TWO_WEEKS = "; Max-Age=1209600";

  @Override
  public Optional<Answer> answer(Request request) {
    var post = request.method().equals("POST");
    return switch (request.path()) {
      case PATH -> settings.has(Fault.LOGIN_OFF) ? Optional.empty() : Optional.of(signIn(request));
      case LOGOUT -> Optional.of(post ? signOut(request) : logout(request));
      case CONFIRM -> Optional.of(Pages.page(200, "Verify Your E-mail", "<h1>See your mail</h1>"));
      case SECOND_FACTOR -> Optional.of(Pages.page(200, "Second Factor", "<h1>The code?</h1>"));
      default -> Optional.empty();
    };
  }

  private Answer signIn(Request request) {
    var post = request.method().equals("POST");
    if (post && !carriesCsrfToken(request)) {
      return Pages.csrfFailure();
    }
    if (!settings.databaseAnswers() || settings.has(Fault.HOMEPAGE_500)) {
      return Pages.serverError();
    }
    if (accounts.isSignedIn(request)) {
      return redirect("/app/dashboard/");
    }
    return post ? posted(request) : form("");
  }

  private Answer posted(Request request) {
    if (!settings.cacheAnswers()) {
      return Pages.serverError(); // attempts are counted in the cache
    }
    if (settings.has(Fault.SIGN_IN_THROTTLED)) {
      return Pages.page(429, "Too Many Requests", "<h1>Slow down</h1>");
    }
    if (accounts.isLockedOut() || settings.has(Fault.LOCKED_OUT)) {
      return form("Too many of these have failed. Come back later.");
    }
    var filled = request.form();
    var password = settings.has(Fault.SIGN_IN_REFUSED) ? "" : filled.getOrDefault("password", "");
    if (!accounts.accepts(filled.getOrDefault("login", ""), password)) {
      return form("Nobody here has this name and this password.");
    }
    if (settings.has(Fault.EMAIL_UNVERIFIED)) {
      return redirect(CONFIRM);
    }
    if (settings.has(Fault.MFA_ASKED)) {
      return withSession(redirect(SECOND_FACTOR), accounts.secret());
    }
    var session = settings.has(Fault.SESSION_LOST) ? accounts.secret() : accounts.begin();
    var next = filled.getOrDefault("next", "/app/users/~redirect/");
    return withSession(withCsrf(redirect(next), accounts.secret()), session)
        .setting("messages=" + accounts.secret() + ATTRIBUTES);
  }

  private Answer withSession(Answer answer, String session) {
    var domain = settings.has(Fault.COOKIE_DOMAIN_WRONG) ? "; Domain=elsewhere.example.com" : "";
    return answer.setting(Accounts.SESSION + "=" + session + domain + TWO_WEEKS + ATTRIBUTES);
  }

  private Answer form(String complaint) {
    var elsewhere = settings.has(Fault.FORM_POSTS_ELSEWHERE);
    var human = settings.has(Fault.CAPTCHA_ASKED);
    var form =
        """
        <h1>Sign in to the demo stage</h1>
        <form method="post" action="%s">
          <input type="hidden" name="csrfmiddlewaretoken" value="%s">
          <p class="errorlist">%s</p>
          <label>Name or e-mail <input type="text" name="login" required></label>
          <label>Password <input type="password" name="password" required></label>
          <label>Stay signed in <input type="checkbox" name="remember"></label>
          %s
          <input type="hidden" name="next" value="/app/dashboard/">
          <button type="submit">Sign in</button>
        </form>\
        """;
    var token = accounts.secret();
    return withCsrf(
        Pages.page(
            200,
            "Sign In",
            form.formatted(
                (elsewhere ? "https://elsewhere.example.com" : "") + PATH,
                token,
                complaint,
                human ? "<input type=\"hidden\" name=\"captcha\">" : "")),
        token);
  }

  /** The first form of this page is not the one that signs out. */
  private Answer logout(Request request) {
    if (!accounts.isSignedIn(request)) {
      return redirect("/");
    }
    var forms =
        """
        <form method="post" action="/i18n/setlang/">
          <input type="hidden" name="csrfmiddlewaretoken" value="%1$s">
          <select name="language"><option value="en" selected>English</option></select>
        </form>
        <form method="post" action="/accounts/logout/">
          <input type="hidden" name="csrfmiddlewaretoken" value="%1$s">
          <button type="submit">Sign out</button>
        </form>\
        """;
    var token = accounts.secret();
    return withCsrf(Pages.page(200, "Sign Out", forms.formatted(token)), token);
  }

  private Answer signOut(Request request) {
    if (!carriesCsrfToken(request)) {
      return Pages.csrfFailure();
    }
    if (settings.has(Fault.SIGN_OUT_BROKEN)) {
      return Pages.serverError();
    }
    accounts.end(request);
    return redirect("/").setting(Accounts.SESSION + "=\"\"; Max-Age=0" + ATTRIBUTES);
  }

  /** The token of the form is that of the cookie, and the form was here. */
  private boolean carriesCsrfToken(Request request) {
    var token = request.form().getOrDefault("csrfmiddlewaretoken", "");
    var origin = request.header("Origin");
    var referer = request.header("Referer");
    var from = origin.isEmpty() ? referer : origin + "/";
    return !token.isEmpty()
        && token.equals(request.cookie(CSRF))
        && !settings.has(Fault.CSRF_ORIGIN_UNKNOWN)
        // http, too: DJANGO_CSRF_TRUSTED_ORIGINS of a stage on loopback has its plain address.
        && from.matches("https?://\\Q" + request.header("Host") + "\\E/.*");
  }

  private static Answer withCsrf(Answer answer, String token) {
    return answer.setting(CSRF + "=" + token + "; Max-Age=31449600" + ATTRIBUTES);
  }

  private static Answer redirect(String location) {
    return Answer.redirect(302, location).with("Vary", "Cookie");
  }
}
