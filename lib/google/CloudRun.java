package lib.google;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import lib.http.Json;
import lib.target.CannotVerify;
import lib.target.Ingress;
import lib.target.Place;
import lib.target.Service;
import lib.target.Setting;
import okhttp3.HttpUrl;

/** The Cloud Run Admin API: where the services of a stage are (cloud-run.md, Admin API). */
final class CloudRun {

  private static final int MANY_PAGES = 50;
  private static final String MAY_NOT_LOOK =
      " is not allowed to look (roles/run.viewer is needed), or it does not exist: the Admin API"
          + " does not tell which";
  private static final String MAY_NOT_READ_POLICY =
      " is not allowed to read it: run.services.getIamPolicy is needed, which roles/run.viewer has";

  private final RunApi api;

  CloudRun(RunApi api) {
    this.api = api;
  }

  /**
   * Look a service up.
   *
   * @param given where it answers, should Google know no address of it
   * @return the service, or nothing when the API says that there is none of that name
   * @throws CannotVerify when the API does not tell
   */
  Optional<Described> find(String name, Place place, Optional<HttpUrl> given) {
    var url = address(name, place);
    var answer = ask(url, MAY_NOT_LOOK, name, place);
    if (answer.status() == 404 && answer.json().size() == 0) {
      throw failed(name, place, url.host() + " answered 404, but not in JSON");
    }
    return answer.status() == 404
        ? Optional.empty()
        : Optional.of(Described.of(answer.json(), service(answer.json(), name, place, given)));
  }

  /** What a revision of a service runs; nothing when the API does not tell. */
  Optional<Described> revision(Described service, String name) {
    var url = address(service.service().name(), service.service().place()).newBuilder();
    url.addPathSegment("revisions").addPathSegment(name);
    try {
      var answer = api.get(url.build(), MAY_NOT_LOOK);
      return Json.array(answer.json(), "containers").isEmpty()
          ? Optional.empty()
          : Optional.of(service.as(answer.json()));
    } catch (RunApi.Useless e) {
      return Optional.empty();
    }
  }

  /**
   * Read who may do what with a service that was found.
   *
   * @throws RunApi.Useless when the API does not tell
   */
  Policy policy(Service service) {
    var url = address(service.name() + ":getIamPolicy", service.place()).newBuilder();
    // Without it, conditions are left out.
    url.addQueryParameter("options.requestedPolicyVersion", "3");
    var answer = api.get(url.build(), MAY_NOT_READ_POLICY);
    if (answer.status() == 404) {
      throw new RunApi.Useless("the Admin API answered 404");
    }
    if (!Policy.isOne(answer.json())) {
      throw new RunApi.Useless("the Admin API answered 200, and what came is no IAM policy");
    }
    return Policy.of(answer.json());
  }

  private HttpUrl address(String service, Place place) {
    return api.address()
        .addPathSegments("v2/projects")
        .addPathSegment(place.project().orElseThrow().value())
        .addPathSegment("locations")
        .addPathSegment(place.region().value())
        .addPathSegment("services")
        .addPathSegment(service)
        .build();
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
      var url = api.address().addPathSegments(path);
      if (!next.isEmpty()) {
        url.addQueryParameter("continue", next);
      }
      var answer = ask(url.build(), MAY_NOT_LOOK, name, place);
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

  private RunApi.Answer ask(HttpUrl url, String denied, String name, Place place) {
    try {
      return api.get(url, denied);
    } catch (RunApi.Useless e) {
      throw failed(name, place, e.getMessage());
    }
  }

  private static Service service(
      JsonObject json, String name, Place place, Optional<HttpUrl> given) {
    var own = new LinkedHashSet<HttpUrl>();
    Optional.ofNullable(HttpUrl.parse(Json.text(json, "uri"))).ifPresent(own::add);
    for (var url : Json.texts(Json.array(json, "urls"))) {
      Optional.ofNullable(HttpUrl.parse(url)).ifPresent(own::add);
    }
    var main =
        own.stream()
            .findFirst()
            .or(() -> given)
            .orElseThrow(() -> failed(name, place, withoutAddress(json)));
    for (var target : Json.array(json, "trafficStatuses")) {
      Optional.ofNullable(HttpUrl.parse(Json.text(Json.object(target), "uri"))).ifPresent(own::add);
    }
    var ingress = Ingress.of(Json.text(json, "ingress"));
    var iamOff = Json.text(json, "invokerIamDisabled").equals("true");
    var settled = !Rollout.of(json).underWay();
    return new Service(name, place, main, ingress, List.copyOf(own), iamOff, settled);
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
}
