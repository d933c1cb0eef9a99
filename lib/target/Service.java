package lib.target;

import java.util.List;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/**
 * One Cloud Run service of a stage.
 *
 * @param url the origin that is asked
 * @param own addresses that are the service's own by the Admin API, those of revision tags
 *     included, and the one that an MCP service is set up with; empty without a look-up
 * @param iamOff whether Google is known to ask nobody who they are (invokerIamDisabled)
 * @param settled whether it is known that no roll-out is under way, so that what runs there stays
 */
public record Service(
    String name,
    Place place,
    HttpUrl url,
    Ingress ingress,
    List<HttpUrl> own,
    boolean iamOff,
    boolean settled) {

  public Service {
    own = List.copyOf(own);
  }

  /** A service known by its address alone. */
  public static Service at(HttpUrl url, String name, Place place) {
    return new Service(name, place, url, Ingress.UNKNOWN, List.of(), false, false);
  }

  /** The same service, asked at another address. */
  public Service at(HttpUrl other) {
    return new Service(name, place, other, ingress, own, iamOff, settled);
  }

  /** The same service, which has that address, too. */
  public Service alsoAt(HttpUrl other) {
    var all = Stream.concat(own.stream(), Stream.of(other)).toList();
    return new Service(name, place, url, ingress, all, iamOff, settled);
  }

  /** Whether the Admin API was asked about it. */
  public boolean lookedUp() {
    return !own.isEmpty();
  }

  /** The gcloud line that does something to this service. */
  public String gcloud(String verb, String... flags) {
    var line = new StringBuilder("gcloud run services " + verb + " " + name);
    for (var flag : flags) {
      line.append(' ').append(flag);
    }
    return line.append(place.flags()).toString();
  }

  /** The line, to be pasted, that shows what the service logged. */
  public String logs() {
    return "  " + gcloud("logs read", "--limit=50");
  }

  /** The address as people write it: no slash at the end. */
  public String address() {
    return url.toString().replaceFirst("/$", "");
  }
}
