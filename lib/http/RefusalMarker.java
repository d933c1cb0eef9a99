package lib.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import lib.report.NotKept;
import lib.report.Verdict;

/**
 * Remembers between runs, in a file, that a password was refused to one user at one place: five
 * refusals in five minutes lock out everybody behind the same proxy (validibot.md section 5.1). The
 * file also lets one run at a time try. Of the password it knows nothing.
 */
final class RefusalMarker implements AutoCloseable {

  private static final Duration REST = Duration.ofMinutes(5);
  private static final long POLL_MILLIS = 50;
  private static final String WORDS =
      "A password was sent to sign in, and refused, or never answered. verify_deployment does not"
          + " try again for five minutes.\n";

  private final Path file;
  private final FileChannel channel;
  private boolean refused;

  private RefusalMarker(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Be the one who tries.
   *
   * @param account the place and the user
   * @param patience how long another run may go on trying
   * @throws NotKept when nobody should try now
   */
  static RefusalMarker take(Path folder, String account, Duration patience) {
    var file = folder.resolve("sign-in-" + hash(account));
    try {
      Files.createDirectories(folder);
      var end = System.nanoTime() + patience.toNanos();
      while (System.nanoTime() < end) {
        var marker = tried(file);
        if (marker.isPresent()) {
          return marker.get();
        }
        Thread.sleep(POLL_MILLIS);
      }
      throw Verdict.unverified(
              "Not tried: another run on this machine is signing in as this user, and does not come"
                  + " to an end.")
          .asException();
    } catch (IOException e) {
      throw Verdict.unverified(
              "Not tried: whether this password was refused before cannot be kept in mind, because "
                  + folder
                  + " cannot be written.",
              "Set XDG_CACHE_HOME to a folder that can, and that the next run finds.")
          .asException();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Verdict.unverified("not tried: interrupted").asException();
    }
  }

  /** Take it, unless somebody else has it. */
  private static Optional<RefusalMarker> tried(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var taken = false;
    try {
      // Whoever had it before may have taken the file away.
      if (channel.tryLock() != null && Files.exists(file)) {
        if (channel.size() > 0) {
          refuseWithin(Files.getLastModifiedTime(file).toInstant());
        }
        taken = true;
        return Optional.of(new RefusalMarker(file, channel));
      }
      return Optional.empty();
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // somebody in this very process has it
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private static void refuseWithin(Instant then) {
    var ago = Duration.between(then, Instant.now()).abs(); // clocks are set back, too
    var left = REST.minus(ago).toSeconds();
    if (left > 0) {
      throw Verdict.unverified(
              ("Not tried: this user's password was refused here %d s ago, or got no answer. Five"
                      + " refusals lock out everybody behind the same proxy, so it rests for"
                      + " another %d min %d s.")
                  .formatted(ago.toSeconds(), left / 60, left % 60),
              "Until then, see to SUPERUSER_USERNAME and SUPERUSER_PASSWORD.")
          .asException();
    }
  }

  /** A password is on its way: unless its answer is heard, it counts as refused. */
  void refused() {
    refused = true;
    try {
      channel.truncate(0).write(ByteBuffer.wrap(WORDS.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It was not refused. */
  void notRefused() {
    refused = false;
  }

  /** Let others try. */
  @Override
  public void close() {
    try (channel) {
      if (!refused) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String text) {
    try {
      var bytes =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
