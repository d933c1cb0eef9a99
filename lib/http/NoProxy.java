package lib.http;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * What is asked without a proxy: the hosts of NO_PROXY, which are names and all that ends in them,
 * addresses, networks such as 10.0.0.0/8, each with a port or without, or everything. This machine
 * and the metadata server of Google Cloud are so always.
 */
public record NoProxy(List<String> entries) {

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9a-f:.]*:[0-9a-f:.]*]?");
  private static final List<String> METADATA =
      List.of("169.254.169.254", "metadata.google.internal");

  static NoProxy of(String list) {
    return new NoProxy(List.of(list.toLowerCase(Locale.ROOT).strip().split("[\\s,]+")));
  }

  boolean contains(HttpUrl url) {
    return Http.isLoopback(url)
        || METADATA.contains(url.host())
        || entries.stream().anyMatch(entry -> matches(entry, url));
  }

  private static boolean matches(String entry, HttpUrl url) {
    if (entry.equals("*")) {
      return true;
    }
    var port = Pattern.compile("^([^:]+|\\[.*]):(\\d+)$").matcher(entry);
    var host = port.matches() ? port.group(1) : entry;
    if (host.isEmpty() || port.matches() && !port.group(2).equals(url.port() + "")) {
      return false;
    }
    var slash = host.indexOf('/');
    if (slash > 0) {
      return inNetwork(host.substring(0, slash), host.substring(slash + 1), url.host());
    }
    if (isAddress(url.host())) {
      return host.replaceAll("[\\[\\]]", "").equals(url.host());
    }
    var name = host.replaceFirst("^\\*?\\.", "");
    return url.host().equals(name) || url.host().endsWith("." + name);
  }

  private static boolean isAddress(String host) {
    return ADDRESS.matcher(host).matches();
  }

  /** Whether an address is in a network of so many bits; a name never is. */
  public static boolean inNetwork(String network, String bits, String host) {
    if (!isAddress(network) || !isAddress(host) || !bits.matches("\\d{1,3}")) {
      return false;
    }
    try {
      // Addresses only, so nobody is asked for a name.
      var one = InetAddress.getByName(network).getAddress();
      var other = InetAddress.getByName(host).getAddress();
      var rest = Math.max(0, one.length * 8 - Integer.parseInt(bits));
      return one.length == other.length
          && new BigInteger(1, one)
              .shiftRight(rest)
              .equals(new BigInteger(1, other).shiftRight(rest));
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
