package lib.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import lib.report.NotKept;
import lib.report.Verdict;
import okhttp3.CookieJar;

/** Signs a superuser in, once a run, and out at its end (validibot.md section 5.1). */
final class Login implements Superuser {

  /** Who it is, where anybody is signed in. */
  static final String ME = "/api/v1/auth/me/";

  /** Who asks again after this long does so because it may have changed. */
  private static final Duration FORGOTTEN = Duration.ofMillis(500);

  /** How far it is. */
  private enum State {
    OUT,
    UNDER_WAY,
    IN,
    LEAVING,
    OVER
  }

  private final Account account;
  private final Path markers;
  private final Duration patience;
  private final Consumer<String> secrets;
  private final Cookies cookies;
  private final AtomicReference<State> state = new AtomicReference<>(State.OUT);
  private volatile Optional<Web> place = Optional.empty();
  private Optional<RuntimeException> problem = Optional.empty();
  private boolean sent;
  private long ended;

  /**
   * @param markers where it is kept in mind that a password was refused
   * @param patience how long another run may be at it
   * @param secrets is told what must never be shown
   */
  Login(Account account, Path markers, Duration patience, Consumer<String> secrets) {
    this.account = account;
    this.markers = markers;
    this.patience = patience;
    this.secrets = secrets;
    this.cookies = new Cookies(secrets);
  }

  @Override
  public synchronized CookieJar signIn(Web web) {
    if (place.isEmpty() || mayTryAgain()) {
      place = Optional.of(web.tracedBy(new Trace()));
      problem = Optional.empty();
      try {
        tryOnce(web);
      } catch (RuntimeException e) {
        problem = Optional.of(sent ? lasting(e) : e);
        ended = System.nanoTime();
      }
    }
    if (problem.isPresent()) {
      throw problem.get();
    }
    return cookies;
  }

  /** Whether the password has not been sent, and who asks now does so because it may be by now. */
  private boolean mayTryAgain() {
    return !sent
        && problem.filter(Login::mayChange).isPresent()
        && System.nanoTime() - ended > FORGOTTEN.toNanos();
  }

  private static boolean mayChange(RuntimeException e) {
    return e instanceof NotKept notKept
        ? notKept.mayChange()
        : e instanceof NoAnswer nothing && nothing.mayChange();
  }

  /** A password is sent once a run, so what came of it is not asked for again. */
  private static RuntimeException lasting(RuntimeException e) {
    return e instanceof NotKept notKept
        ? notKept.changing(false)
        : e instanceof NoAnswer nothing ? nothing.verdict().asException() : e;
  }

  private void tryOnce(Web web) {
    var url = web.service().url();
    if (!Http.mayCarryCredentials(url)) {
      throw Verdict.unverified(
              "The password is not sent over plain http: " + web.service().address() + ".",
              "Give the https address: --web-url")
          .asException();
    }
    try (var marker = RefusalMarker.take(markers, account.at(url), patience)) {
      var browser = web.as(cookies);
      var form = LoginForm.of(browser, web);
      secrets.accept(form.csrfToken());
      if (!state.compareAndSet(State.OUT, State.UNDER_WAY)) {
        throw Verdict.unverified("Not tried: the run is over.").asException();
      }
      marker.refused();
      sent = true;
      var reply = browser.submit(form.page(), form.ownAction(), form.filled(account));
      state.set(cookies.holdSession(reply.url()) ? State.IN : State.OUT);
      if (!LoginAnswer.mayBeRefusal(reply)) {
        marker.notRefused();
      }
      LoginAnswer.in(reply, web);
      prove(browser, reply);
    }
  }

  /** That the form was taken is no proof: somebody has to be there afterwards. */
  private void prove(Session browser, Reply reply) {
    if (!cookies.holdSession(reply.url())) {
      throw reply.broken(
          "a cookie for the session, which a browser keeps",
          "Nobody can stay signed in. " + lost(reply),
          reply.service().logs());
    }
    var me = Reached.app(browser.get(ME, "application/json"), Web.EVERYBODY);
    if (me.is(Answerer.APP, 404)) {
      throw me.unverified(
          "200 with the user", "The API is not served (see there), which would tell who it is.");
    }
    if (me.status() != 200 || !(me.json().has("email") || me.json().has("username"))) {
      throw me.broken(
          "200 with the user",
          "The app took the password and forgot who it was: sessions are not kept.",
          reply.service().logs());
    }
  }

  /** How a session's cookie was set that is not kept, without its value. */
  private static String lost(Reply reply) {
    return reply.headers().values("Set-Cookie").stream()
        .filter(it -> Cookies.isOfSession(it.replaceFirst("=.*", "")))
        .map(it -> it.replaceFirst("=[^;]*", "=..."))
        .findFirst()
        .map(it -> "No browser would send this one back: " + Http.excerpt(it))
        .orElse("The app sets none.");
  }

  @Override
  public Optional<String> signOut(Duration within) {
    return switch (state.getAndSet(State.OVER)) {
      case OUT, OVER -> Optional.empty();
      case UNDER_WAY ->
          Optional.of("The run ended while signing in, so a session may be left behind.");
      case LEAVING ->
          Optional.of("The run ended while signing out, so a session may be left behind.");
      case IN -> leave(within);
    };
  }

  private Optional<String> leave(Duration within) {
    state.set(State.LEAVING);
    try {
      return place.flatMap(web -> Logout.of(web.as(cookies, within), within, secrets));
    } finally {
      state.set(State.OVER);
    }
  }

  @Override
  public Optional<String> caveat() {
    return Optional.empty();
  }
}
