package lib.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What people and service accounts hold to ask for tokens: refresh tokens and private keys. */
final class Credentials {

  private final Map<String, Client> clients = new ConcurrentHashMap<>();
  private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();
  private final Secrets secrets;
  private final String tokenUri;

  /** Whom a refresh token belongs to, and which program got it. */
  record Client(String id, String email) {}

  Credentials(Secrets secrets, String tokenUri) {
    this.secrets = secrets;
    this.tokenUri = tokenUri;
  }

  /** Sign somebody in: return the {@code authorized_user} file, with its new refresh token. */
  String authorizedUser(String clientId, String email) {
    var refreshToken = secrets.keep("1//0" + Secrets.random(64));
    clients.put(refreshToken, new Client(clientId, email));
    return Answer.text(
        Map.of(
            "type", "authorized_user",
            "account", email,
            "client_id", clientId,
            "client_secret", "demo",
            "refresh_token", refreshToken,
            "token_uri", tokenUri));
  }

  /** Make a key for a service account: return the {@code service_account} file. */
  String serviceAccount(String project, String email) {
    return Answer.text(
        Map.of(
            "type",
            "service_account",
            "project_id",
            project,
            "private_key_id",
            Secrets.random(15),
            "private_key",
            privateKey(email),
            "client_email",
            email,
            "client_id",
            "104200000000000000042",
            "token_uri",
            tokenUri));
  }

  Optional<Client> client(String refreshToken) {
    return Optional.ofNullable(clients.get(refreshToken));
  }

  /** Read the claims of a JWT, if a key made here signed it and it has not expired. */
  Optional<JsonObject> claims(String jwt) {
    try {
      var parts = jwt.split("\\.");
      var decoder = Base64.getUrlDecoder();
      var json = JsonParser.parseString(new String(decoder.decode(parts[1]), UTF_8));
      var claims = json.getAsJsonObject();
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(keys.get(claims.get("iss").getAsString()));
      signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
      return signature.verify(decoder.decode(parts[2]))
              && Instant.now().getEpochSecond() < claims.get("exp").getAsLong()
          ? Optional.of(claims)
          : Optional.empty();
    } catch (RuntimeException | GeneralSecurityException e) {
      return Optional.empty(); // Whatever it is, it is no JWT of ours.
    }
  }

  private String privateKey(String email) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      // Google's are twice as long, and take a tenth of a second to make.
      generator.initialize(1024);
      var pair = generator.generateKeyPair();
      keys.put(email, pair.getPublic());
      var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
      var body = encoder.encodeToString(pair.getPrivate().getEncoded());
      // Each line by itself: a leak may have other line ends than the file.
      body.lines().filter(line -> line.length() == 64).forEach(secrets::keep);
      return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }
}
