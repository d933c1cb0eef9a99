package lib.target;

/**
 * Nothing is known to be broken, but what was asked cannot be verified: exit code 2.
 *
 * <p>The message is for the operator: what was asked, what came back, what to do.
 */
public final class CannotVerify extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public CannotVerify(String message) {
    super(message);
  }
}
