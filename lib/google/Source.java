package lib.google;

import java.util.Optional;
import java.util.concurrent.Callable;

/** One place where credentials may be, looked into at most once. */
final class Source {

  private final String kind;
  private final String name;
  private final Callable<Optional<Credential>> look;
  private Optional<Credential> found = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private boolean looked;
  private boolean useless;

  /**
   * @param kind one word for it, for programs
   * @param name the same for people
   */
  Source(String kind, String name, Callable<Optional<Credential>> look) {
    this.kind = kind;
    this.name = name;
    this.look = look;
  }

  /** The credential, unless there is none or it proved useless. */
  synchronized Optional<Credential> credential() {
    if (!looked) {
      looked = true;
      try {
        found = look.call();
      } catch (Exception e) {
        failure = Optional.of(Credential.reason(e));
      }
    }
    return found;
  }

  String kind() {
    return kind;
  }

  String name() {
    return name;
  }

  /** Why there is no credential, or why it was of no use. */
  synchronized String outcome() {
    return failure.orElse("none found");
  }

  /** Whether there was a credential, and it was of no use. */
  synchronized boolean failed() {
    return useless;
  }

  /** The credential mints no tokens any more, as when a sign-in has expired. */
  synchronized void useless(String reason) {
    useless = true;
    found = Optional.empty();
    failure = Optional.of(reason);
  }
}
