package lib.checks;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import lib.http.Http;
import lib.http.NoAnswer;
import lib.report.Verdict;
import lib.settings.RedisUrl;
import redis.clients.jedis.exceptions.JedisException;

/** Says why a Redis cannot be used, and what to do about each reason. */
final class RedisTrouble {

  private static final String WHY = "Neither the cache nor background tasks work without it.";

  private RedisTrouble() {}

  /**
   * Say why.
   *
   * @param millis how long each step was given
   */
  static Verdict of(RedisUrl url, JedisException e, int millis) {
    var cause = cause(e);
    return cause.isPresent() ? unreached(url, cause.get(), millis) : refused(url, said(e));
  }

  /** What Redis said, on one line. */
  static String said(JedisException e) {
    return Http.excerpt(String.valueOf(e.getMessage()));
  }

  /** Whether there was no Redis to ask, or not yet, so that its container may tell more. */
  static boolean isUnready(JedisException e) {
    return cause(e).isPresent() || said(e).startsWith("LOADING");
  }

  private static Optional<IOException> cause(Throwable e) {
    for (var t = e; t != null; t = t.getCause()) {
      if (t instanceof IOException io) {
        return Optional.of(io);
      }
    }
    return Optional.empty();
  }

  private static Verdict unreached(RedisUrl url, IOException cause, int millis) {
    var where = url.address();
    if (cause instanceof SSLException) {
      return Verdict.failed(
          where + ": " + NoAnswer.sentence(cause, millis),
          "The cache verifies the certificate of a rediss:// server, so it fails; Celery does not.",
          url.authorities().isPresent()
              ? "Is its authority in the file that ssl_ca_certs names, and the certificate for %s?"
                  .formatted(url.host())
              : "Give it a certificate for %s that is trusted, or ?ssl_ca_certs=FILE to REDIS_URL."
                      .formatted(url.host())
                  + " Does it speak TLS at all? Else the URL is redis://.");
    }
    if (cause instanceof SocketTimeoutException) {
      return Verdict.failed(
          "%s: no answer within %s s".formatted(where, millis / 1000.0),
          WHY,
          url.tls()
              ? "Does it speak TLS? A Redis without waits for more, and its URL is redis://."
              : "Something listens there or drops what is sent: is it Redis, and not stuck?");
    }
    return Verdict.failed(
        where + " cannot be reached: " + NoAnswer.sentence(cause, millis),
        WHY,
        "Is REDIS_URL right, and Redis running? Does it want TLS? Then the URL is rediss://.");
  }

  private static Verdict refused(RedisUrl url, String said) {
    var where = url.address();
    if (said.startsWith("WRONGPASS") || said.contains("invalid password")) {
      return Verdict.failed(
          where + " refuses the password" + (url.user().isEmpty() ? "" : " of " + url.user()),
          WHY,
          "Compare the password in REDIS_URL with requirepass, or the user's ACL: is it"
              + " percent-encoded?");
    }
    if (said.startsWith("NOAUTH")) {
      return Verdict.failed(
          where + " asks for a password, and REDIS_URL has none",
          WHY,
          "Set REDIS_URL to redis://:PASSWORD@" + where + ".");
    }
    if (said.contains("without any password configured")) {
      return Verdict.failed(
          where + " has no password, but REDIS_URL gives one",
          "Redis refuses that, too.",
          "Give Redis that password (requirepass), or remove it from REDIS_URL.");
    }
    if (said.contains("DB index is out of range")) {
      return Verdict.failed(
          "%s:%d has no database %d".formatted(url.host(), url.port(), url.database()),
          WHY,
          "Redis has 16 unless its setting databases says more: 0 to 15, at the end of REDIS_URL.");
    }
    if (said.startsWith("LOADING") || said.startsWith("BUSY") || said.startsWith("MASTERDOWN")) {
      return Verdict.failed(
          where + " is not ready: " + said, WHY, "Ask again in a minute, then look at its log.");
    }
    if (said.startsWith("Unknown reply") || said.startsWith("Unexpected end of stream")) {
      return Verdict.failed(
          where + " does not answer as Redis does",
          WHY,
          "Is it another service's port, or one for TLS? That takes a URL with rediss://.");
    }
    return Verdict.failed(where + " refuses: " + said, WHY, "Is REDIS_URL right?");
  }
}
