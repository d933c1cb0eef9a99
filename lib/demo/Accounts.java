package lib.demo;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Who may sign in to the app, who is signed in, and how often that failed: there is one user. */
final class Accounts {

  static final String SUPERUSER = "admin";

  static final String SESSION = "__Secure-sessionid";

  private static final int ALLOWED_FAILURES = 5;

  private final Secrets secrets;
  private final String password;
  private final Set<String> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicInteger failures = new AtomicInteger();

  Accounts(Secrets secrets) {
    this.secrets = secrets;
    this.password = secrets.keep(Secrets.random(18));
  }

  /** The password that whoever asks this stage is told. */
  String password() {
    return password;
  }

  /** Whether that is the superuser; if not, one more failure is counted. */
  boolean accepts(String name, String word) {
    var right = name.equals(SUPERUSER) && word.equals(password);
    if (!right) {
      failures.incrementAndGet();
    }
    return right;
  }

  /** Whether the address is locked out, through which all come: that of Google's front end. */
  boolean isLockedOut() {
    return failures.get() >= ALLOWED_FAILURES;
  }

  /** Make something unguessable for whoever signs in. */
  String secret() {
    return secrets.keep(Secrets.random(24));
  }

  /** Sign the superuser in; return the session's id. */
  String begin() {
    var session = secret();
    sessions.add(session);
    return session;
  }

  void end(Request request) {
    sessions.remove(request.cookie(SESSION));
  }

  boolean isSignedIn(Request request) {
    return sessions.contains(request.cookie(SESSION));
  }

  /** How many have signed in and not out. */
  int signedIn() {
    return sessions.size();
  }
}
