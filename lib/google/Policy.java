package lib.google;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lib.http.Http;
import lib.http.Json;
import lib.target.Service;

/**
 * Who may do what with one service, as its own IAM policy has it. What is inherited from the
 * project is not in there (cloud-run.md, Admin API).
 *
 * @param strangers what it grants to people whom nobody knows
 */
record Policy(List<Grant> strangers) {

  static final String EVERYBODY = "allUsers";

  private static final Set<String> STRANGERS = Set.of(EVERYBODY, "allAuthenticatedUsers");

  /** The roles that include run.routes.invoke, of those that Google defines. */
  private static final Set<String> INVOKING =
      Set.of(
          "roles/run.invoker",
          "roles/run.servicesInvoker",
          "roles/run.admin",
          "roles/owner",
          "roles/editor");

  /** Those of which it is known that they do not. */
  private static final Set<String> LOOKING =
      Set.of("roles/run.viewer", "roles/viewer", "roles/browser");

  /** Those by which a service can be changed or deleted, whether it can be called or not. */
  private static final Set<String> CHANGING =
      Set.of("roles/run.developer", "roles/run.sourceDeveloper");

  /** What stays at a role where conditions are left out of a policy. */
  private static final String MARK = "_withcond_";

  private static final String NOT_TOLD = "(not told)";

  /** One role of one member, perhaps under a condition. */
  record Grant(String member, String role, String condition) {

    boolean invokes() {
      return INVOKING.contains(unconditional());
    }

    /** Whether whoever has it may change the service, or delete it. */
    boolean changes() {
      return CHANGING.contains(unconditional());
    }

    /** Whether it is known that nobody can call the service by it. */
    boolean looksOnly() {
      return LOOKING.contains(unconditional());
    }

    private String unconditional() {
      return role.replaceFirst(MARK + ".*", "");
    }

    @Override
    public String toString() {
      var when = condition.isEmpty() ? "" : ", on the condition: " + Http.excerpt(condition);
      return member + " has " + Http.excerpt(role) + when;
    }
  }

  /** Whether that is a policy at all: one that grants nothing has an etag, and no bindings. */
  static boolean isOne(JsonObject json) {
    var bindings = json.get("bindings");
    return bindings == null
        ? json.has("etag")
        : bindings.isJsonArray()
            && StreamSupport.stream(bindings.getAsJsonArray().spliterator(), false)
                .map(binding -> Json.object(binding).get("members"))
                .allMatch(members -> members == null || members.isJsonArray());
  }

  static Policy of(JsonObject json) {
    var grants = new ArrayList<Grant>();
    for (var binding : Json.array(json, "bindings")) {
      grants.addAll(strangers(Json.object(binding)));
    }
    return new Policy(List.copyOf(grants));
  }

  private static List<Grant> strangers(JsonObject binding) {
    var role = Json.text(binding, "role");
    var when = expression(binding.get("condition"));
    return Json.texts(Json.array(binding, "members")).stream()
        .filter(STRANGERS::contains)
        .map(member -> new Grant(member, role, role.contains(MARK) ? NOT_TOLD : when))
        .toList();
  }

  private static String expression(JsonElement condition) {
    if (condition == null || condition.isJsonNull()) {
      return "";
    }
    var expression = Json.text(Json.object(condition), "expression");
    return expression.isEmpty() ? NOT_TOLD : expression;
  }

  /** Whether everybody may call the service, by this policy, and always. */
  boolean opensToEverybody() {
    return strangers.stream()
        .anyMatch(
            grant ->
                grant.invokes() && grant.member().equals(EVERYBODY) && grant.condition().isEmpty());
  }

  /** Whether somebody whom nobody knows may call the service, or whether that cannot be told. */
  boolean mayLetStrangersIn() {
    return strangers.stream().anyMatch(grant -> !grant.looksOnly());
  }

  /** How to take grants away; one with a condition has to be cut out of the policy. */
  static String[] removal(Service service, List<Grant> grants) {
    var lines = new ArrayList<>(List.of("Take it away:"));
    grants.stream()
        .filter(grant -> grant.condition().isEmpty())
        .map(
            grant ->
                "  "
                    + service.gcloud(
                        "remove-iam-policy-binding",
                        "--member=" + grant.member(),
                        "--role=" + grant.role()))
        .forEach(lines::add);
    if (grants.stream().anyMatch(grant -> !grant.condition().isEmpty())) {
      Stream.of(
              "  " + service.gcloud("get-iam-policy", "--format=json") + " > policy.json",
              "  " + service.gcloud("set-iam-policy", "policy.json") + "  # without that binding")
          .forEach(lines::add);
    }
    return lines.toArray(String[]::new);
  }
}
