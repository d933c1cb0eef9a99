package lib.checks;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import lib.report.NotKept;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.target.CannotVerify;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/** Whether Django's cache works: Redis, or without REDIS_URL a table (validibot.md section 2). */
final class CacheChecks {

  private static final int LIFETIME_SECONDS = 60;

  private final Examined examined;
  private final CacheTable table;
  private final boolean inRedis;

  CacheChecks(Examined examined) {
    this.examined = examined;
    this.table = new CacheTable(examined);
    this.inRedis = examined.django().redisUrl().isPresent();
  }

  Category category() {
    var accepts = Check.of("VB501", "Cache accepts connections", this::accepts);
    var keeps = Check.of("VB502", "Cache keeps what it is given", this::keeps).needing("VB501");
    return new Category(
        "cache",
        "Cache",
        "cache",
        inRedis || !examined.django().target().production()
            ? List.of(accepts, keeps)
            : List.of(
                accepts.needing("PDV104").repairedBy(table::repair), keeps.explainedBy("PDV105")));
  }

  private Verdict accepts() throws SQLException {
    if (!examined.django().target().production()) {
      throw new CannotVerify(
          "the cache of this target is the memory of each process, which cannot be asked");
    }
    if (!inRedis) {
      return table.isThere();
    }
    var redis = examined.theRedis();
    try {
      redis.ask(it -> it.ping(), said -> "forbidden, but the account was let in");
    } catch (NotKept e) {
      throw isElsewhere(redis.url().host())
          ? new CannotVerify(
              redis.url().address() + " is in the cloud's own network, and not reached from here")
          : e;
    }
    var user = redis.url().user().isEmpty() ? "" : " as " + redis.url().user();
    return Verdict.passed(
        "Redis at " + redis.url().address() + user + (redis.url().tls() ? ", over TLS" : ""));
  }

  /** Whether only Cloud Run is sure to reach it: a private address of RFC 1918. */
  private boolean isElsewhere(String host) {
    return examined.django().target() == DeploymentTarget.GCP
        && host.matches("10\\..*|192\\.168\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*");
  }

  private Verdict keeps() throws SQLException {
    var random = UUID.randomUUID().toString();
    // Django's own form of a key: prefix, version, name.
    var prefix = examined.django().variables().text("DJANGO_CACHE_KEY_PREFIX", "");
    var key = prefix + ":1:pdv-check-" + random;
    return inRedis
        ? examined.theRedis().ask(redis -> keeps(redis, key, random))
        : table.keeps(key, random);
  }

  private Verdict keeps(Jedis redis, String key, String value) {
    try {
      redis.set(key, value, SetParams.setParams().ex(LIFETIME_SECONDS));
    } catch (JedisDataException e) {
      return refused(RedisTrouble.said(e));
    }
    try {
      var kept = value.equals(redis.get(key));
      return kept
          ? Verdict.passed("wrote, read and deleted a key of our own")
          : Verdict.failed(
              "a key that was just written is not there, or is another",
              "What Django caches is lost at once, and what it counts there is never counted.",
              "Is there something between, such as a proxy that sends reads elsewhere?");
    } catch (JedisDataException e) {
      return refused(RedisTrouble.said(e));
    } finally {
      remove(redis, key);
    }
  }

  /** Where the key may not be deleted, its lifetime ends it. */
  private static void remove(Jedis redis, String key) {
    try {
      redis.del(key);
    } catch (JedisDataException e) {
      // told by nobody: Django deletes seldom, and what it wrote ends by itself
    }
  }

  private static Verdict refused(String said) {
    var why = "Django's cache cannot be written: pages that use it fail.";
    if (said.startsWith("READONLY")) {
      return Verdict.failed(
          "it is a read-only replica", why, "Set REDIS_URL to the address of the primary.");
    }
    if (said.startsWith("OOM")) {
      return Verdict.failed(
          "its memory is full (maxmemory), and its policy is to refuse",
          why,
          "Give it more memory, or look at what fills it:",
          "  redis-cli --bigkeys");
    }
    if (said.startsWith(Redis.FORBIDDEN)) {
      return Verdict.failed(
          "an access list (ACL) forbids it: " + said.substring(Redis.FORBIDDEN.length()),
          why,
          "Give the user in REDIS_URL all keys and channels, and at least +@all -@dangerous.");
    }
    if (said.startsWith("MISCONF")) {
      return Verdict.failed(
          "it takes no writes because it cannot save to its disk",
          why,
          "Is the disk of its volume full, or not writable? Its log tells.");
    }
    return Verdict.failed("it refuses to write or read: " + said, why, "Look at its log.");
  }
}
