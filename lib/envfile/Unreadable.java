package lib.envfile;

/** An env file that its reader would refuse as a whole; the message never quotes a value. */
public final class Unreadable extends Exception {

  /** How the message ends when the rest of the file would belong to a value. */
  static final String NOT_CLOSED = " is not closed";

  private static final long serialVersionUID = 1L;

  public Unreadable(String message) {
    super(message);
  }
}
