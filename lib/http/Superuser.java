package lib.http;

import java.time.Duration;
import java.util.Optional;
import lib.report.NotKept;
import lib.report.Verdict;
import okhttp3.CookieJar;

/** Who is signed in to the web service, if anybody is to be. */
public interface Superuser {

  /**
   * Sign in, unless that was done before: it is done once a run.
   *
   * @return the cookies by which the app knows its user
   * @throws NotKept when nobody is to be signed in, or when that did not work
   */
  CookieJar signIn(Web web);

  /**
   * Sign out, if anybody is signed in.
   *
   * @param within how long it may take
   * @return what went wrong, as a sentence
   */
  Optional<String> signOut(Duration within);

  /** What the verdict does not speak of because nobody could be signed in, as a sentence. */
  Optional<String> caveat();

  /**
   * Nobody is to be signed in.
   *
   * @param reason as a sentence
   * @param wanted whether somebody should have been
   */
  record Nobody(String reason, boolean wanted) implements Superuser {

    @Override
    public CookieJar signIn(Web web) {
      throw Verdict.skipped(reason).asException();
    }

    @Override
    public Optional<String> signOut(Duration within) {
      return Optional.empty();
    }

    @Override
    public Optional<String> caveat() {
      return wanted ? Optional.of(reason) : Optional.empty();
    }
  }
}
