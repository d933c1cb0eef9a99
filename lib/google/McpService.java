package lib.google;

import java.util.Optional;
import lib.http.Http;
import lib.target.CannotVerify;
import lib.target.Ingress;
import lib.target.Target.Part;
import okhttp3.HttpUrl;

/**
 * The MCP service of a stage, as far as Google tells. A stage may do without one, so it is never a
 * reason to look at nothing.
 *
 * @param told whether Google tells; if not, there may be one
 */
record McpService(String name, Optional<Described> described, boolean told) {

  static McpService of(Lookup lookup, String name) {
    try {
      return new McpService(name, lookup.other(name), true);
    } catch (CannotVerify e) {
      return new McpService(name, Optional.empty(), false);
    }
  }

  /** Whether it is known to be there, and not put to sleep. */
  boolean isAwake() {
    return described.filter(it -> !it.asleep()).isPresent();
  }

  /** The service at an address that can answer. */
  Part part() {
    if (!told) {
      return new Part.Outside("the Admin API does not tell whether there is " + name);
    }
    return described
        .map(McpService::reachable)
        .orElseGet(() -> new Part.Without("This stage has no MCP service (" + name + ")."));
  }

  /** Behind a load balancer it answers where its clients find it, and nowhere else. */
  private static Part reachable(Described mcp) {
    var service = mcp.published().map(mcp.service()::alsoAt).orElse(mcp.service());
    if (!service.ingress().keepsStrangersOut()) {
      return new Part.Within(service);
    }
    Optional<HttpUrl> address =
        mcp.published()
            .filter(url -> service.ingress() == Ingress.INTERNAL_LOAD_BALANCER)
            .filter(
                url -> mcp.service().own().stream().noneMatch(own -> Http.isSameOrigin(own, url)));
    return address.isPresent()
        ? new Part.Within(service.at(address.get()))
        : new Part.Outside(
            "ingress of %s is %s, and its public address was not given (--mcp-url)"
                .formatted(service.name(), service.ingress()));
  }
}
