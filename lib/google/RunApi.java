package lib.google;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import lib.http.Client;
import lib.http.Http;
import lib.http.Json;
import lib.http.NoAnswer;
import lib.target.CannotVerify;
import lib.target.Setting;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** Asks the Cloud Run Admin API, and again while it is busy and there is time. */
final class RunApi {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(400);

  private final Client http;
  private final HttpUrl endpoint;
  private final Supplier<GoogleIdentity.Token> identity;
  private final Instant deadline;

  /** What it said: 200, or a 404 whose JSON is empty when it had none. */
  record Answer(int status, JsonObject json) {}

  /** Why there is no answer of use, as the end of a sentence. */
  static final class Useless extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Useless(String message) {
      super(message);
    }
  }

  /**
   * @param endpoint where the API is; plain http is refused except on loopback
   * @param deadline until when a busy API (429, 503) is asked again
   */
  RunApi(Client http, Setting endpoint, Supplier<GoogleIdentity.Token> identity, Instant deadline) {
    this.http = http;
    this.endpoint = checked(endpoint);
    this.identity = identity;
    this.deadline = deadline;
  }

  /** An address of the API, to be completed. */
  HttpUrl.Builder address() {
    return endpoint.newBuilder();
  }

  /**
   * Ask.
   *
   * @param denied what a 403 means, said of whoever asks
   * @throws Useless when the answer is neither 200 nor 404
   */
  Answer get(HttpUrl url, String denied) {
    var token = identity.get();
    var request =
        new Request.Builder()
            .url(url)
            .header("Authorization", "Bearer " + token.value())
            .header("Accept", "application/json")
            .build();
    for (var pause = FIRST_PAUSE; ; pause = pause.multipliedBy(2)) {
      try (var response = http.newCall(request).execute()) {
        var status = response.code();
        var body = Http.text(response);
        if (status == 200 || status == 404) {
          return new Answer(status, json(status, body, url));
        }
        if (status != 429 && status != 503) {
          throw new Useless(refusal(status, body, token, denied));
        }
        if (!pausing(pause)) {
          throw new Useless("the Admin API is busy (" + status + ") and stayed so");
        }
      } catch (IOException e) {
        throw new Useless(url.host() + ": " + NoAnswer.sentence(http, url, e));
      }
    }
  }

  private static JsonObject json(int status, String body, HttpUrl url) {
    try {
      var parsed = JsonParser.parseString(body);
      if (parsed.isJsonObject()) {
        return parsed.getAsJsonObject();
      }
    } catch (JsonParseException e) {
      // told below, in the words of the operator
    }
    if (status == 404) {
      return new JsonObject();
    }
    throw new Useless(url.host() + " answered " + status + ", but not in JSON");
  }

  private static String refusal(
      int status, String body, GoogleIdentity.Token token, String denied) {
    var said = message(body);
    return switch (status) {
      case 401 -> "the Admin API does not accept the token of " + token.account() + said;
      case 403 ->
          message(body).contains("it is disabled")
              ? "the Cloud Run Admin API is not enabled in this project (gcloud services enable"
                  + " run.googleapis.com)"
                  + said
              : token.account() + denied + said;
      default -> "the Admin API answered " + status + said;
    };
  }

  private static String message(String body) {
    var error = Json.object(Json.object(body), "error");
    var said = (Json.text(error, "status") + " " + Json.text(error, "message")).strip();
    return said.isEmpty() ? "" : ". It said: " + Http.excerpt(said);
  }

  private boolean pausing(Duration pause) {
    var jittered = (long) (pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
    if (Instant.now().plusMillis(jittered).isAfter(deadline)) {
      return false;
    }
    try {
      Thread.sleep(jittered);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static HttpUrl checked(Setting endpoint) {
    var url = HttpUrl.parse(endpoint.value());
    if (url == null) {
      throw new CannotVerify("The Admin API's address is no URL: " + endpoint);
    }
    if (!Http.mayCarryCredentials(url)) {
      throw new CannotVerify(
          "The Admin API's address is plain http, and a token goes over https only: " + endpoint);
    }
    var path = url.encodedPath();
    return path.endsWith("/")
        ? url.newBuilder().encodedPath(path).build()
        : url.resolve(path + "/");
  }
}
