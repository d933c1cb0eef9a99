package lib.http;

import java.util.stream.Stream;
import lib.report.Redaction;
import lib.target.CannotVerify;
import lib.target.Environment;
import lib.target.Options;
import lib.target.TargetOptions;

/** Whether to sign in, and as whom. The password comes from the environment alone. */
public final class LoginOptions {

  private static final String NAME = "SUPERUSER_USERNAME";
  private static final String PASSWORD = "SUPERUSER_PASSWORD";

  private boolean signIn;

  /** Have them read. */
  public void declare(Options options) {
    options
        .flag("--sign-in", it -> signIn = it)
        .description(
            "Also sign in, as $SUPERUSER_USERNAME with $SUPERUSER_PASSWORD. It leaves traces in the"
                + " app: a session, audit rows, the time of last login.");
  }

  /** Whoever is to be signed in, if anybody. */
  public Superuser superuser(TargetOptions where, Environment environment, Redaction redaction) {
    if (!signIn) {
      return new Superuser.Nobody("--sign-in was not given.", false);
    }
    if (where.anonymous) {
      throw new CannotVerify("--anonymous and --sign-in contradict each other.");
    }
    var unset = Stream.of(NAME, PASSWORD).filter(it -> environment.variable(it).isEmpty()).toList();
    if (!unset.isEmpty()) {
      return new Superuser.Nobody(
          "Nobody was signed in: " + String.join(" and ", unset) + " not set.", true);
    }
    // A password is taken as it is, blanks included.
    var password = environment.variables().get(PASSWORD);
    redaction.add(password);
    var account = new Account(environment.variable(NAME).orElseThrow(), password);
    return new Login(account, environment.cache(), where.timeout, redaction::add);
  }
}
