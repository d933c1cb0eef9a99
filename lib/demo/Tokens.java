package lib.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Google's accounts service, which remembers whose token is whose: so an ID token need carry no
 * real signature, only something unguessable.
 */
final class Tokens {

  static final Duration LIFETIME = Duration.ofSeconds(3599);

  private final Map<String, Holder> holders = new ConcurrentHashMap<>();
  private final Secrets secrets;

  /** Whom a token stands for, and where; access tokens have no audience. */
  record Holder(String email, String audience, Instant expiry) {}

  Tokens(Secrets secrets) {
    this.secrets = secrets;
  }

  String accessToken(String email) {
    return kept("ya29." + Secrets.random(96), email, "", Instant.now());
  }

  /** Make an access token, in the form in which OAuth hands it out. */
  Map<String, Object> accessAnswer(String email) {
    return Map.of(
        "access_token", accessToken(email),
        "expires_in", LIFETIME.toSeconds(),
        "token_type", "Bearer");
  }

  /** Make an ID token; with an empty e-mail it names only the subject, as Google's default is. */
  String idToken(String email, String audience) {
    return idToken(email, audience, Instant.now());
  }

  /** Make an ID token, some time ago. */
  String idToken(String email, String audience, Instant now) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", "https://accounts.google.com");
    claims.put("aud", audience);
    claims.put("azp", audience);
    claims.put("sub", "104200000000000000042");
    if (!email.isEmpty()) {
      claims.put("email", email);
      claims.put("email_verified", true);
    }
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(LIFETIME).getEpochSecond());
    var header = Map.of("alg", "RS256", "kid", "demo", "typ", "JWT");
    var unsigned = encoded(header) + "." + encoded(claims) + ".";
    return kept(unsigned + Secrets.random(256), email, audience, now);
  }

  /** Tell whose token this is, unless it was not made here or has expired. */
  Optional<Holder> holder(String token) {
    return Optional.ofNullable(holders.get(token))
        .filter(holder -> Instant.now().isBefore(holder.expiry()));
  }

  /** Refuse, as all of Google's REST APIs do, whoever brings no access token. */
  Optional<Answer> unauthenticated(Request request) {
    var caller = request.bearer().flatMap(this::holder);
    var message = "Request had invalid authentication credentials. Expected OAuth 2 access token.";
    return caller.filter(holder -> holder.audience().isEmpty()).isPresent()
        ? Optional.empty()
        : Optional.of(Answer.error(401, "UNAUTHENTICATED", message));
  }

  private String kept(String token, String email, String audience, Instant made) {
    holders.put(token, new Holder(email, audience, made.plus(LIFETIME)));
    return secrets.keep(token);
  }

  private static String encoded(Map<String, ?> part) {
    var json = Answer.text(part).getBytes(UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
  }
}
