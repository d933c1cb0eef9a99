package lib.google;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import lib.http.Http;
import lib.http.Json;

/**
 * How far Google is with what was deployed last, and which revisions serve (cloud-run.md, Admin
 * API).
 *
 * @param observed whether what serves is what was asked for last
 * @param reconciling whether Google is at work
 * @param outcome the terminal condition
 * @param parts the other conditions
 * @param created the newest revision; empty when Google does not tell
 * @param ready the newest revision that can serve
 * @param wanted how many percent of the requests each revision is to get
 * @param serving how many percent it gets
 */
record Rollout(
    boolean observed,
    boolean reconciling,
    Condition outcome,
    List<Condition> parts,
    String created,
    String ready,
    Map<String, Integer> wanted,
    Map<String, Integer> serving) {

  static Rollout of(JsonObject service) {
    var ready = name(Json.text(service, "latestReadyRevision"));
    return new Rollout(
        Json.text(service, "generation").equals(Json.text(service, "observedGeneration")),
        Json.text(service, "reconciling").equals("true"),
        Condition.of(Json.object(service, "terminalCondition")),
        StreamSupport.stream(Json.array(service, "conditions").spliterator(), false)
            .map(it -> Condition.of(Json.object(it)))
            .toList(),
        name(Json.text(service, "latestCreatedRevision")),
        ready,
        shares(service, "traffic", ready),
        shares(service, "trafficStatuses", ready));
  }

  /** Whether Google has given up; until somebody deploys again it stays like this. */
  boolean failed() {
    return !reconciling && outcome.failed();
  }

  /** Whether this may still change by itself. */
  boolean underWay() {
    return !failed() && (reconciling || !outcome.succeeded() || !observed);
  }

  /** Whether the newest revision gets all requests. */
  boolean newestServes() {
    return created.equals(ready) && servesOnly(created);
  }

  /** Whether that revision gets all requests, and is to get them. */
  boolean servesOnly(String revision) {
    return serving.keySet().equals(Set.of(revision)) && !isElsewhere();
  }

  /** The revision that gets all requests; none where several get some, or nothing is told. */
  Optional<String> only() {
    return serving.size() == 1 ? serving.keySet().stream().findFirst() : Optional.empty();
  }

  /** Whether the requests go where they are not to go, which passes; nothing told is no word. */
  private boolean isElsewhere() {
    return !wanted.isEmpty() && !wanted.keySet().equals(serving.keySet());
  }

  /** Which revisions there are, and which of them serve. */
  String revisions() {
    return "newest revision %s, newest that is ready %s; requests go to %s"
            .formatted(shown(created), shown(ready), told(serving))
        + (isElsewhere() ? ", and are to go to " + told(wanted) : "");
  }

  /** What is not good, in Google's own words. */
  List<String> words() {
    var words = new ArrayList<>(List.of(outcome.toString()));
    parts.stream()
        .filter(part -> part.failed() && !part.message().equals(outcome.message()))
        .forEach(part -> words.add(part.toString()));
    return words;
  }

  static String told(Map<String, Integer> shares) {
    return shares.isEmpty()
        ? "none"
        : shares.entrySet().stream()
            .map(it -> shown(it.getKey()) + " (" + it.getValue() + "%)")
            .collect(Collectors.joining(", "));
  }

  private static String shown(String revision) {
    return revision.isEmpty() ? "(not told)" : Http.excerpt(revision);
  }

  /** A tag without a share gets no requests but its own. */
  private static Map<String, Integer> shares(JsonObject service, String member, String ready) {
    var shares = new LinkedHashMap<String, Integer>();
    for (var element : Json.array(service, member)) {
      var target = Json.object(element);
      var percent = Json.text(target, "percent");
      if (percent.matches("[1-9]\\d{0,2}")) {
        var revision = name(Json.text(target, "revision"));
        shares.merge(
            revision.isEmpty() ? ready : revision, Integer.parseInt(percent), Integer::sum);
      }
    }
    return shares;
  }

  /** The last word of a full resource name. */
  private static String name(String resource) {
    return resource.substring(resource.lastIndexOf('/') + 1);
  }
}
