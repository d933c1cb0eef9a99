package lib.google;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import lib.http.Http;
import lib.http.Json;
import lib.http.NoAnswer;
import lib.target.CannotVerify;
import lib.target.Ingress;
import lib.target.Place;
import lib.target.Service;
import lib.target.Setting;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** The Cloud Run Admin API: where the services of a stage are (cloud-run.md, Admin API). */
final class CloudRun {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(400);
  private static final int MANY_PAGES = 50;

  private final OkHttpClient http;
  private final HttpUrl endpoint;
  private final Supplier<GoogleIdentity.Token> identity;
  private final Instant deadline;

  /**
   * @param endpoint where the API is; plain http is refused except on loopback
   * @param deadline until when a busy API (429, 503) is asked again
   */
  CloudRun(
      OkHttpClient http,
      Setting endpoint,
      Supplier<GoogleIdentity.Token> identity,
      Instant deadline) {
    this.http = http;
    this.endpoint = checked(endpoint);
    this.identity = identity;
    this.deadline = deadline;
  }

  /**
   * Look a service up.
   *
   * @return the service, or nothing when the API says that there is none of that name
   * @throws CannotVerify when the API does not tell
   */
  Optional<Service> find(String name, Place place) {
    var url =
        endpoint
            .newBuilder()
            .addPathSegments("v2/projects")
            .addPathSegment(place.project().orElseThrow().value())
            .addPathSegment("locations")
            .addPathSegment(place.region().value())
            .addPathSegment("services")
            .addPathSegment(name)
            .build();
    var answer = ask(url, name, place);
    if (answer.status() == 404 && answer.json().size() == 0) {
      throw failed(name, place, url.host() + " answered 404, but not in JSON");
    }
    return answer.status() == 404 ? Optional.empty() : Optional.of(service(answer, name, place));
  }

  /** The regions of the project that have all services of these names, else any of them. */
  Set<String> regionsWith(Set<String> names, Place place) {
    var all = new TreeSet<String>();
    var any = new TreeSet<String>();
    var found = new ArrayList<String>();
    for (var service : list(names.iterator().next(), place)) {
      var metadata = Json.object(service, "metadata");
      var region = Json.text(Json.object(metadata, "labels"), "cloud.googleapis.com/location");
      if (names.contains(Json.text(metadata, "name")) && !region.isEmpty()) {
        any.add(region);
        found.add(region);
      }
    }
    any.stream()
        .filter(region -> found.stream().filter(region::equals).count() == names.size())
        .forEach(all::add);
    return all.isEmpty() ? any : all;
  }

  /** Every service of the project. Only the v1 API lists all regions at once. */
  private List<JsonObject> list(String name, Place place) {
    var project = place.project().orElseThrow().value();
    var first = "apis/serving.knative.dev/v1/namespaces/" + project + "/services";
    var second = "v1/projects/" + project + "/locations/-/services";
    var items = new ArrayList<JsonObject>();
    var path = first;
    var next = "";
    for (var page = 0; page < MANY_PAGES; page++) {
      var url = endpoint.newBuilder().addPathSegments(path);
      if (!next.isEmpty()) {
        url.addQueryParameter("continue", next);
      }
      var answer = ask(url.build(), name, place);
      if (answer.status() == 404 && path.equals(first)) {
        path = second;
        continue;
      }
      if (answer.status() == 404) {
        throw failed(
            name,
            place,
            "it does not exist there, and the project's services cannot be listed (404)");
      }
      Json.array(answer.json(), "items").forEach(item -> items.add(Json.object(item)));
      next = Json.text(Json.object(answer.json(), "metadata"), "continue");
      if (next.isEmpty()) {
        break;
      }
    }
    return items;
  }

  private record Answer(int status, JsonObject json) {}

  /** Ask, and ask again while the API is busy and there is time. */
  private Answer ask(HttpUrl url, String name, Place place) {
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
          return new Answer(status, json(status, body, url, name, place));
        }
        if (status != 429 && status != 503) {
          throw failed(name, place, refusal(status, body, token));
        }
        if (!pausing(pause)) {
          throw failed(name, place, "the Admin API is busy (" + status + ") and stayed so");
        }
      } catch (IOException e) {
        throw failed(name, place, url.host() + ": " + NoAnswer.sentence(http, url, e));
      }
    }
  }

  private JsonObject json(int status, String body, HttpUrl url, String name, Place place) {
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
    throw failed(name, place, url.host() + " answered " + status + ", but not in JSON");
  }

  private String refusal(int status, String body, GoogleIdentity.Token token) {
    var said = message(body);
    return switch (status) {
      case 401 -> "the Admin API does not accept the token of " + token.account() + said;
      case 403 ->
          message(body).contains("it is disabled")
              ? "the Cloud Run Admin API is not enabled in this project (gcloud services enable"
                  + " run.googleapis.com)"
                  + said
              : token.account()
                  + " is not allowed to look (roles/run.viewer is needed), or it does not exist:"
                  + " the Admin API does not tell which"
                  + said;
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

  private static Service service(Answer answer, String name, Place place) {
    var own = new ArrayList<HttpUrl>();
    Optional.ofNullable(HttpUrl.parse(Json.text(answer.json(), "uri"))).ifPresent(own::add);
    for (var url : Json.texts(Json.array(answer.json(), "urls"))) {
      Optional.ofNullable(HttpUrl.parse(url)).ifPresent(own::add);
    }
    if (own.isEmpty()) {
      throw failed(name, place, withoutAddress(answer.json()));
    }
    var ingress = Ingress.of(Json.text(answer.json(), "ingress"));
    return new Service(name, place, own.get(0), ingress, own);
  }

  private static String withoutAddress(JsonObject service) {
    return Json.text(service, "defaultUriDisabled").equals("true")
        ? "its default address is switched off. Give the address that it has instead: --web-url or"
            + " --worker-url"
        : "the Admin API knows the service, but it has no address (yet)";
  }

  /** The error of a look-up. It ends in the line to try. */
  static CannotVerify failed(String name, Place place, String what) {
    return failed(name, place, what, place);
  }

  /** The same, with a line that looks in another place than the one that was asked. */
  static CannotVerify failed(String name, Place place, String what, Place look) {
    return new CannotVerify(
        "Failed to get service URL of %s in project %s, region %s:%n%s.%nTo look yourself:%n  %s"
            .formatted(
                name,
                place.project().map(Setting::toString).orElse("(none)"),
                place.region(),
                what.replaceFirst("\\.$", ""),
                "gcloud run services describe " + name + look.flags()));
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
