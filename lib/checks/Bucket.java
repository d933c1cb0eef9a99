package lib.checks;

import java.io.IOException;
import java.util.UUID;
import lib.http.Client;
import lib.report.Verdict;
import lib.target.CannotVerify;

/**
 * A bucket that is tried with one small object of our own.
 *
 * @param where the bucket, and who asks
 * @param remedy what to do when it cannot be used
 */
record Bucket(String where, String remedy, Objects objects) {

  private static final int REQUESTS = 3;

  /** Objects in a bucket; a refusal is an IOException in words. */
  interface Objects {
    void write(String name, String text) throws IOException;

    String read(String name) throws IOException;

    void delete(String name) throws IOException;
  }

  /** A client whose every request leaves time to remove what the one before may have written. */
  static Client client(Examined examined) {
    var each = examined.timeout().dividedBy(REQUESTS + 1);
    return examined.http().with(it -> it.callTimeout(each));
  }

  /** Write, read back and remove; what was perhaps written is removed, too. */
  Verdict tried() throws IOException {
    var name = "private/.check_validibot-" + UUID.randomUUID();
    var word = UUID.randomUUID().toString();
    var step = "written";
    var removed = false;
    try {
      objects.write(name, word);
      step = "read";
      var same = objects.read(name).equals(word);
      step = "removed";
      objects.delete(name);
      removed = true;
      return same
          ? Verdict.passed(where + ": written, read and removed")
          : Verdict.failed(where + " gives back another text", "Files are damaged there.");
    } catch (IOException e) {
      return Verdict.failed(
          "an object of %s cannot be %s: %s".formatted(where, step, e.getMessage()),
          "Uploads and results cannot be kept.",
          remedy);
    } finally {
      if (!removed) {
        removeQuietly(name);
      }
    }
  }

  private void removeQuietly(String name) {
    try {
      objects.delete(name);
    } catch (IOException | CannotVerify e) {
      // what failed first is told; this is only in case that something was written all the same
    }
  }
}
