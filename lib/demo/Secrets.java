package lib.demo;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everything unguessable that this stage has made, so that tests can look for leaks. */
final class Secrets {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Set<String> all = ConcurrentHashMap.newKeySet();

  static String random(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  String keep(String secret) {
    all.add(secret);
    return secret;
  }

  Set<String> all() {
    return Set.copyOf(all);
  }
}
