package lib.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import lib.report.Verdict;

/** The storage folder of a development server that runs on this machine, without containers. */
final class LocalFolder {

  private final Examined examined;

  LocalFolder(Examined examined) {
    this.examined = examined;
  }

  /** The folder beside manage.py (validibot.md section 2). */
  private Path folder() {
    var checkout = examined.source().orElse(examined.environment().directory());
    if (!Files.exists(checkout.resolve("manage.py"))) {
      throw StorageChecks.nowhere(
          "no containers were found, and there is no manage.py in this folder (--source DIR)");
    }
    return checkout.resolve("storage/private");
  }

  Verdict ownership() {
    return Files.isWritable(folder()) || !Files.exists(folder())
        ? Verdict.passed()
        : Verdict.failed(
            folder() + " is not writable for this user",
            "A server started by this user cannot keep files.",
            "  sudo chown -R \"$USER\" " + folder());
  }

  Verdict exists() {
    return Files.isDirectory(folder())
        ? Verdict.passed(folder().toString())
        : Verdict.failed(
            folder() + " is missing",
            "Uploads and results cannot be kept.",
            "  mkdir -p " + folder());
  }

  /** Write, read back and remove a file of our own; never as root, who may write anywhere. */
  Verdict written() throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      return Verdict.skipped("Not tried as root, who may write anywhere.");
    }
    var probe = folder().resolve(".check_validibot-" + UUID.randomUUID());
    var word = UUID.randomUUID().toString();
    try {
      Files.writeString(probe, word);
      return Files.readString(probe).equals(word)
          ? Verdict.passed("written, read and removed")
          : Verdict.failed(folder() + " gives back another text", "Files are damaged there.");
    } catch (IOException e) {
      return Verdict.failed(
          folder() + " cannot be written: " + e.getMessage().replace(probe.toString(), "the probe"),
          "Uploads and results cannot be kept.");
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
