package lib.google;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lib.http.Client;
import lib.target.CannotVerify;
import lib.target.Config;
import lib.target.Environment;
import lib.target.Gcloud;
import okhttp3.HttpUrl;

/**
 * Who the operator is to Google: tried in one order, told in that order, and without starting
 * gcloud where that can be avoided (cloud-run.md, Identity).
 */
public final class GoogleIdentity {

  private static final String VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

  private final Consumer<String> secrets;
  private final List<Source> sources;

  /** What minted a token, and the token. It is never printed: see {@code Redaction}. */
  public record Token(String value, String account) {

    @Override
    public String toString() {
      return "token of " + account;
    }
  }

  /**
   * @param secrets is told every token, so that none of them can reach any output
   */
  public GoogleIdentity(
      Environment environment,
      Gcloud gcloud,
      Config config,
      Client http,
      Consumer<String> secrets) {
    this.secrets = secrets;
    this.sources = new Sources(environment, gcloud, config, http, secrets).inOrder();
  }

  /** Whether there is anything to try. */
  public boolean exists() {
    return sources.stream().anyMatch(source -> source.credential().isPresent());
  }

  /**
   * A token for the Admin API.
   *
   * @throws CannotVerify with all that was tried, in order
   */
  public Token accessToken() {
    return first("look up the services", Credential::accessToken);
  }

  /**
   * A token that proves to the service at that address who is calling.
   *
   * @throws CannotVerify with all that was tried, in order
   */
  public Token idToken(HttpUrl service) {
    var audience = service.toString().replaceFirst("/$", "");
    return first("call the worker", credential -> credential.idToken(audience));
  }

  /** Who will look up, and who will call the worker, in words; tokens are not minted for it. */
  public String description() {
    var found = new ArrayList<Credential>();
    for (var source : sources) {
      source.credential().ifPresent(found::add);
      if (source.credential().filter(Credential::provesIdentity).isPresent()) {
        break;
      }
    }
    if (found.isEmpty()) {
      return "none";
    }
    var looker = found.get(0);
    var caller = found.get(found.size() - 1);
    if (!caller.provesIdentity()) {
      return looker + "; " + looker.shortcoming();
    }
    return caller == looker
        ? looker.toString()
        : "%s; to the worker %s, because %s".formatted(looker, caller, looker.shortcoming());
  }

  /**
   * Which source will prove to the worker who is calling, in one word; none where there is none.
   */
  public String kind() {
    return sources.stream()
        .filter(source -> source.credential().filter(Credential::provesIdentity).isPresent())
        .map(Source::kind)
        .findFirst()
        .orElse("none");
  }

  /** Credentials that are there, but were of no use; known once others were used. */
  public List<String> passedOver() {
    return sources.stream()
        .takeWhile(source -> source.credential().isEmpty())
        .filter(source -> source.name().startsWith(VARIABLE + " ") || source.failed())
        .map(source -> source.name() + " is not used: " + source.outcome())
        .toList();
  }

  /** One way to ask a credential for a token. */
  private interface Minting {
    String from(Credential credential) throws IOException;
  }

  private Token first(String purpose, Minting minting) {
    var tried = new ArrayList<String>();
    for (var source : sources) {
      var credential = source.credential();
      if (credential.isEmpty()) {
        tried.add(source.name() + ": " + source.outcome());
        continue;
      }
      try {
        var value = minting.from(credential.get());
        secrets.accept(value);
        return new Token(value, credential.get().account());
      } catch (IOException | RuntimeException e) {
        var reason = Credential.reason(e);
        tried.add(source.name() + ": " + reason);
        // What mints no ID tokens by its nature is still good for looking up.
        if (credential.get().provesIdentity()) {
          source.useless(reason);
        }
      }
    }
    throw new CannotVerify(
        "No Google credentials to "
            + purpose
            + ". Tried, in this order:\n  - "
            + String.join("\n  - ", tried)
            + "\n"
            + "To sign in:\n"
            + "  gcloud auth login --update-adc\n"
            + "To verify only what a stranger sees:\n"
            + "  --anonymous --web-url URL --worker-url URL");
  }
}
