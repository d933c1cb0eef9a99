package lib.http;

import com.google.gson.JsonElement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * The addresses in the root document of an MCP service, by where they stand in it (validibot.md
 * section 5.3).
 */
public record McpAddresses(Map<String, HttpUrl> byPlace) {

  /** What is below it tells clients where to go; what is not is for people. */
  private static final String SURFACES = "surfaces.";

  private static final String AUTHENTICATED = SURFACES + "authenticated.";

  /** Read an answer; whatever it is, the addresses in it are found. */
  public static McpAddresses of(Reply root) {
    var found = new LinkedHashMap<String, HttpUrl>();
    collect("", root.json(), root.url(), found);
    return new McpAddresses(found);
  }

  /** Where clients connect; older documents have it at their top. */
  public Optional<HttpUrl> endpoint() {
    return at(AUTHENTICATED + "endpoint").or(() -> at("mcp_endpoint"));
  }

  /** Where clients read how to sign in. */
  Optional<HttpUrl> metadata() {
    return at(AUTHENTICATED + "oauth_metadata");
  }

  private Optional<HttpUrl> at(String place) {
    return Optional.ofNullable(byPlace.get(place));
  }

  /** Whether clients go where it says at that place. */
  static boolean isForClients(String place) {
    return place.startsWith(SURFACES) || place.endsWith("mcp_endpoint");
  }

  private static void collect(
      String place, JsonElement element, HttpUrl root, Map<String, HttpUrl> found) {
    if (element.isJsonObject()) {
      var prefix = place.isEmpty() ? "" : place + ".";
      element
          .getAsJsonObject()
          .entrySet()
          .forEach(child -> collect(prefix + child.getKey(), child.getValue(), root, found));
    } else if (element.isJsonPrimitive() && element.getAsString().matches("(?:https?:/)?/.*")) {
      Optional.ofNullable(root.resolve(element.getAsString()))
          .ifPresent(url -> found.put(place, url));
    }
  }
}
