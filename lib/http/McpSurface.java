package lib.http;

import java.util.Optional;
import lib.report.Verdict;
import lib.target.Background;
import okhttp3.HttpUrl;

/**
 * What an MCP service advertises: in its root document, and in the challenge by which it refuses
 * strangers (validibot.md section 5.3).
 *
 * @param refusal nothing when the endpoint did not refuse
 */
record McpSurface(Mcp mcp, McpAddresses root, Optional<Reply> refusal) {

  /**
   * Read it.
   *
   * @throws lib.report.NotKept when there is no root document to read
   */
  static McpSurface of(Mcp mcp) {
    var refusal = Background.begin(() -> refusal(mcp));
    return new McpSurface(mcp, root(mcp), Background.joined(refusal));
  }

  private static McpAddresses root(Mcp mcp) {
    try {
      var root = mcp.root();
      var addresses = McpAddresses.of(root);
      if (root.status() == 200 && addresses.endpoint().isPresent()) {
        return addresses;
      }
    } catch (NoAnswer e) {
      // told by the test of that
    }
    throw Verdict.unverified("The service does not tell how to connect (see there).")
        .asException()
        .changing(true);
  }

  private static Optional<Reply> refusal(Mcp mcp) {
    try {
      return Optional.of(mcp.refusal()).filter(reply -> reply.status() == 401);
    } catch (NoAnswer e) {
      return Optional.empty();
    }
  }

  /** Where the challenge says that one reads how to sign in. */
  Optional<HttpUrl> challenged() {
    return refusal
        .flatMap(reply -> reply.challenge("resource_metadata"))
        .flatMap(url -> Optional.ofNullable(HttpUrl.parse(url)));
  }

  /** The document that tells how to sign in, wherever it is said to be. */
  Optional<Reply> document() {
    return challenged()
        .filter(this::isDocument)
        .or(() -> root.metadata().filter(this::isDocument))
        .map(mcp::get);
  }

  /** Whether a JSON document is there. */
  boolean isDocument(HttpUrl url) {
    try {
      var reply = mcp.get(url);
      return reply.status() == 200 && reply.json().size() > 0;
    } catch (NoAnswer e) {
      return false;
    }
  }

  /** Whether nothing says how to sign in: then clients need a token that somebody made by hand. */
  boolean isWithoutOauth() {
    return refusal.isPresent() && challenged().isEmpty() && document().isEmpty();
  }

  /**
   * Whether it is 0.14's own defect: the root document sends clients to an address that is not
   * there, and the document is one {@code /mcp} further down, where the challenge has it.
   */
  boolean hasKnownDefect() {
    return root.metadata().filter(url -> !isDocument(url)).isPresent()
        && challenged().filter(this::isDocument).equals(root.metadata().map(McpSurface::below));
  }

  private static HttpUrl below(HttpUrl url) {
    return url.newBuilder().addPathSegment("mcp").build();
  }
}
