package lib.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.report.Verdict;
import okhttp3.HttpUrl;

/** Judges whether all that an MCP service advertises is there, and agrees. */
public final class McpDiscovery {

  private static final String CHALLENGE = "WWW-Authenticate";

  private final Mcp mcp;
  private final McpSurface surface;

  private McpDiscovery(Mcp mcp) {
    this.mcp = mcp;
    this.surface = McpSurface.of(mcp);
  }

  /**
   * Look at every address.
   *
   * @throws lib.report.NotKept when there is no root document to read
   */
  public static Verdict of(Mcp mcp) {
    return new McpDiscovery(mcp).verdict();
  }

  private Verdict verdict() {
    mcp.begin(advertised().values().stream().filter(url -> unfit(url).isEmpty()).toList());
    var defect = surface.hasKnownDefect();
    var withoutOauth = surface.isWithoutOauth();
    var unrefused = surface.refusal().isEmpty();
    var wrong = new ArrayList<String>();
    advertised()
        .forEach(
            (place, url) -> {
              var excused = isMetadata(url) && (defect || withoutOauth || unrefused);
              if (!excused) {
                trouble(place, url).map(it -> place + " " + url + ": " + it).ifPresent(wrong::add);
              }
            });
    if (!defect) {
      wrong.addAll(contradictions());
    }
    if (!wrong.isEmpty()) {
      return lost(wrong);
    }
    if (unrefused) {
      return Verdict.unverified(
          "The endpoint does not refuse strangers (see there), and only its refusal tells where"
              + " clients sign in.");
    }
    return defect ? knownDefect() : withoutOauth ? withoutOauth() : Verdict.passed(notAsked());
  }

  private Map<String, HttpUrl> advertised() {
    var all = new LinkedHashMap<String, HttpUrl>();
    surface.root().byPlace().forEach((place, url) -> all.put(place, url));
    surface.challenged().ifPresent(url -> all.put(CHALLENGE, url));
    all.keySet().removeAll(elsewhere());
    return all;
  }

  /** What is for people, and of another site: whether that is there is not this stage's doing. */
  private List<String> elsewhere() {
    return surface.root().byPlace().entrySet().stream()
        .filter(it -> !McpAddresses.isForClients(it.getKey()) && !mcp.isOfStage(it.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<String> notAsked() {
    return elsewhere().stream()
        .map(place -> place + ", at " + surface.root().byPlace().get(place).host() + ", not asked")
        .toList();
  }

  private boolean isMetadata(HttpUrl url) {
    return surface.root().metadata().filter(url::equals).isPresent();
  }

  /** Why nobody has to ask for it. */
  private Optional<String> unfit(HttpUrl url) {
    var asked = mcp.service().url();
    if (Http.isLoopback(url) && !Http.isLoopback(asked)) {
      return Optional.of("leads everybody to their own machine");
    }
    return asked.isHttps() && !url.isHttps()
        ? Optional.of("is plain http, so tokens could be read on the way")
        : Optional.empty();
  }

  private Optional<String> trouble(String place, HttpUrl url) {
    return unfit(url).or(() -> missing(place, url));
  }

  private Optional<String> missing(String place, HttpUrl url) {
    try {
      var reply = mcp.get(url);
      var document = place.equals(CHALLENGE) || isMetadata(url);
      var there =
          document
              ? surface.isDocument(url)
              : reply.status() != 404 && reply.status() != 410 && reply.status() < 500;
      return there ? Optional.empty() : Optional.of(reply.came());
    } catch (NoAnswer e) {
      return Optional.of("nothing, " + e.sentence());
    }
  }

  /** Clients have to discard a document that is about another address (RFC 9728 section 3.3). */
  private List<String> contradictions() {
    var found = new ArrayList<String>();
    var two = List.of(surface.root().metadata(), surface.challenged());
    if (two.stream().allMatch(Optional::isPresent) && !two.get(0).equals(two.get(1))) {
      found.add(
          "the root document names %s, %s names %s"
              .formatted(two.get(0).get(), CHALLENGE, two.get(1).get()));
    }
    var endpoint = surface.root().endpoint().orElseThrow();
    surface
        .document()
        .map(document -> Json.text(document.json(), "resource"))
        .filter(resource -> !endpoint.equals(HttpUrl.parse(resource)))
        .ifPresent(
            resource ->
                found.add(
                    "the root document's endpoint is %s, the document of how to sign in is about %s"
                        .formatted(endpoint, Http.excerpt(resource))));
    return found;
  }

  private Verdict lost(List<String> wrong) {
    return Verdict.failed(
        wrong,
        "Clients go where they are told, so they cannot connect, or not sign in.",
        "VALIDIBOT_MCP_BASE_URL has to be this service's public address; in the documents' form:",
        "  "
            + mcp.service()
                .gcloud(
                    "update",
                    "--update-env-vars=VALIDIBOT_MCP_BASE_URL="
                        + mcp.service().address()
                        + Mcp.ENDPOINT));
  }

  private Verdict knownDefect() {
    return Verdict.info(
        "known defect of 0.14: the root document sends clients to %s, which is not there; the"
                .formatted(path(surface.root().metadata()))
            + " document is at %s, as %s says".formatted(path(surface.challenged()), CHALLENGE));
  }

  private static String path(Optional<HttpUrl> url) {
    return url.map(HttpUrl::encodedPath).orElse("");
  }

  private Verdict withoutOauth() {
    var said = surface.root().metadata().map(url -> url + " is not there, and ").orElse("");
    return Verdict.warning(
        said + CHALLENGE + " names no document either",
        "Clients cannot sign in by OAuth: VALIDIBOT_OAUTH_CLIENT_SECRET is not set for this"
            + " service. A key of the API that is pasted into a client still works.",
        "Set it in the env file of the MCP service, upload that, and redeploy.");
  }
}
