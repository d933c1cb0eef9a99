package lib.envfile;

/** An env file that its reader would refuse as a whole; the message never quotes a value. */
public final class Unreadable extends Exception {

  private static final long serialVersionUID = 1L;

  public Unreadable(String message) {
    super(message);
  }
}
