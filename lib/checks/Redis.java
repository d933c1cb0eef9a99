package lib.checks;

import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;
import lib.http.Client;
import lib.http.NoAnswer;
import lib.settings.RedisUrl;
import lib.target.CannotVerify;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The deployment's Redis, which is its broker and mostly its cache. Every question has a connection
 * of its own, made in a few milliseconds, so that none waits for another.
 */
public final class Redis {

  /** How much of a check's time one step may take: to connect, or to answer. */
  private static final double SHARE = 0.4;

  /** How Redis says that an access list forbids something. */
  static final String FORBIDDEN = "NOPERM ";

  /** What an old or a managed Redis says to a command that it does not have. */
  private static final String UNKNOWN = "ERR unknown command";

  /** A line of what it tells of itself. */
  private static final Pattern TOLD = Pattern.compile("(\\w+):(.*)");

  private final RedisUrl url;
  private final Network network;
  private final Client http;
  private final int millis;
  private Optional<SSLSocketFactory> sockets = Optional.empty();

  /**
   * @param http whose authorities are trusted
   * @param timeout for a whole check
   */
  public Redis(RedisUrl url, Network network, Client http, Duration timeout) {
    this.url = url;
    this.network = network;
    this.http = http;
    this.millis = Math.max(1, (int) (timeout.toMillis() * SHARE));
  }

  /** Something that is asked. What Redis refuses is the asker's to explain. */
  public interface Question<T> {
    T of(Jedis redis);
  }

  public RedisUrl url() {
    return url;
  }

  /**
   * Ask one thing.
   *
   * @throws lib.report.NotKept when Redis cannot be used, or stops to answer
   * @throws CannotVerify when this account may not ask that, or nobody may
   */
  public <T> T ask(Question<T> question) {
    return ask(
        question,
        said -> {
          throw new CannotVerify(
              said.startsWith(UNKNOWN)
                  ? "this Redis does not take a question that would tell: " + said
                  : "an access list (ACL) of Redis keeps this account from asking: " + said);
        });
  }

  /**
   * Ask one thing that an access list may forbid, or that a managed Redis may not have.
   *
   * @param forbidden makes the answer then, of what Redis said
   * @throws lib.report.NotKept when Redis cannot be used, or stops to answer
   */
  public <T> T ask(Question<T> question, Function<String, T> forbidden) {
    try (var redis = open()) {
      return question.of(redis);
    } catch (JedisException e) {
      var said = RedisTrouble.said(e);
      if (said.startsWith(FORBIDDEN)) {
        return forbidden.apply(said.substring(FORBIDDEN.length()));
      }
      if (said.startsWith(UNKNOWN)) {
        return forbidden.apply(said);
      }
      throw RedisTrouble.of(url, e, millis).asException();
    }
  }

  /**
   * Listen to a channel until there is enough, or nothing more comes in time.
   *
   * @param enough is told each message, and says whether it was the last one wanted
   */
  public void listen(String channel, Duration limit, Predicate<String> enough) {
    var end = System.nanoTime() + limit.toNanos();
    ask(
        redis -> {
          var connection = redis.getConnection();
          var listening = new AtomicBoolean();
          var listener =
              new JedisPubSub() {
                @Override
                public void onSubscribe(String subscribed, int channels) {
                  listening.set(true);
                  connection.setSoTimeout(millisUntil(end));
                }

                @Override
                public void onMessage(String from, String message) {
                  if (enough.test(message) || System.nanoTime() > end) {
                    unsubscribe();
                  }
                  connection.setSoTimeout(millisUntil(end));
                }
              };
          try {
            redis.subscribe(listener, channel);
          } catch (JedisConnectionException e) {
            if (!listening.get() || !(e.getCause() instanceof SocketTimeoutException)) {
              throw e;
            } // else the time is up, which is no trouble
          }
          return true;
        });
  }

  /** Whether it started only so long ago, as far as that may be asked. */
  public boolean isYoungerThan(Duration age) {
    var uptime = told(ask(it -> it.info("server"), said -> "")).get("uptime_in_seconds");
    return uptime != null
        && uptime.matches("\\d{1,10}")
        && Long.parseLong(uptime) < age.toSeconds();
  }

  /**
   * What it tells of itself, by name.
   *
   * @throws CannotVerify when it may not be asked
   */
  Map<String, String> info() {
    return told(ask(it -> it.info()));
  }

  private static Map<String, String> told(String info) {
    return info.lines()
        .map(String::strip)
        .map(TOLD::matcher)
        .filter(Matcher::matches)
        .collect(Collectors.toMap(it -> it.group(1), it -> it.group(2), (one, next) -> one));
  }

  private static int millisUntil(long end) {
    return (int) Math.max(1, (end - System.nanoTime()) / 1_000_000);
  }

  /** Connect, log in and select the database, as both the cache and Celery do. */
  private Jedis open() {
    var address = network.address(url.host());
    var config =
        DefaultJedisClientConfig.builder()
            .autoNegotiateProtocol(false)
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .timeoutMillis(millis)
            .blockingSocketTimeoutMillis(millis)
            .database(url.database());
    if (!url.user().isEmpty()) {
      config.user(url.user());
    }
    if (!url.password().isEmpty()) {
      config.password(url.password());
    }
    try {
      return new Jedis(new RedisSockets(url, address, this::sockets, millis), config.build());
    } catch (JedisException e) {
      if (NoAnswer.isUntrusted(e)) {
        expectAuthorities();
      }
      var trouble = RedisTrouble.of(url, e, millis);
      throw (RedisTrouble.isUnready(e) ? network.explained(trouble, url.host()) : trouble)
          .asException();
    }
  }

  /** Whom the cache trusts: the system's authorities, and those of a file in the container. */
  private synchronized SSLSocketFactory sockets() {
    if (sockets.isEmpty()) {
      sockets = Optional.of(url.verifies() ? verifying() : AnyCertificate.sockets());
    }
    return sockets.get();
  }

  private SSLSocketFactory verifying() {
    var bundle = url.authorities().flatMap(network::authorities);
    try {
      return bundle.isPresent() ? http.sslSocketFactory(bundle.get()) : http.sslSocketFactory();
    } catch (CertificateException e) {
      throw new CannotVerify(
          "what is in the file %s of REDIS_URL are no certificates"
              .formatted(url.authorities().orElseThrow()));
    }
  }

  /**
   * Tell a certificate that nobody here trusts from one that the cache does not trust.
   *
   * @throws CannotVerify when the authorities that the cache trusts are not known
   */
  private void expectAuthorities() {
    var file = url.authorities();
    if (file.isPresent() && network.authorities(file.get()).isEmpty()) {
      throw new CannotVerify(
          "the CA file %s of REDIS_URL is neither here nor in a container of the app, and no"
                  .formatted(file.get())
              + " authority that is known here (--cacert FILE adds some) signed the certificate of "
              + url.address());
    }
  }
}
