package lib.demo;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * How one Validibot process is configured; a worker without a key wants an ID token of its task
 * identity, made for one of its own addresses.
 */
public record Settings(
    Role role,
    Cache cache,
    Optional<String> workerKey,
    Set<String> workerUrls,
    Set<String> allowedHosts,
    URI siteUrl,
    Scenario scenario) {

  /** Where Django keeps its cache: in the database on Google Cloud, in Redis when self-hosted. */
  public enum Cache {
    DATABASE,
    REDIS
  }

  boolean has(Fault fault) {
    return scenario.has(fault);
  }

  boolean documented() {
    return scenario.shape() == Shape.DOCUMENTED;
  }

  boolean databaseAnswers() {
    return !has(Fault.DATABASE_DOWN);
  }

  boolean cacheAnswers() {
    return !has(Fault.CACHE_DOWN) && (cache == Cache.REDIS || databaseAnswers());
  }
}
