package lib.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import lib.target.Background;
import lib.target.CannotVerify;
import lib.target.Environment;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okio.Buffer;

/** What all our HTTP has in common: deadlines, limits, who is trusted, and no redirects. */
public final class Http {

  /** A body is kept to this many bytes. Validibot's pages have at most 13 KB. */
  private static final long BODY_LIMIT = 512 * 1024;

  /** A body that goes on after so many bytes has no end that is worth waiting for. */
  private static final long ENDLESS = 16 * 1024 * 1024;

  private static final int EXCERPT = 200;

  private static final Set<String> WITHOUT_TLS =
      Set.of("--help", "-h", "--version", "-V", "--list", "--list-faults", "demo");

  private Http() {}

  /**
   * Begin to get ready for https, unless these arguments ask nobody, or ask in clear: reading the
   * authorities takes Java as long as reading the options takes us. Where that was a wrong guess,
   * the first https address waits for it.
   */
  public static void prepare(Environment environment, String... arguments) {
    var endpoint = environment.variable("CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN");
    var words = Stream.concat(Stream.of(arguments), endpoint.stream());
    if (words.noneMatch(it -> WITHOUT_TLS.contains(it) || it.contains("http://"))) {
      Background.run(Http::prepared);
    }
  }

  /** Have Java load what {@link Client} will want; the authorities it then reads no more. */
  private static void prepared() {
    try {
      var authorities = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      authorities.init((KeyStore) null);
      SSLContext.getInstance("TLS").init(null, authorities.getTrustManagers(), null);
    } catch (GeneralSecurityException e) {
      // whoever asks something will tell
    }
  }

  /** A client as below, through the proxies of the environment. */
  public static Client client(Duration timeout, Optional<Path> authorities, Proxies proxies) {
    return client(timeout, authorities)
        .with(it -> it.proxySelector(proxies).proxyAuthenticator(proxies));
  }

  /**
   * Make the client whose connections all callers share.
   *
   * @param timeout from the first byte asked to the last byte read
   * @param authorities a PEM bundle that is trusted beside the system's authorities; it is read at
   *     once, for it may be a wrong one
   */
  public static Client client(Duration timeout, Optional<Path> authorities) {
    return Client.of(plain(timeout), authorities.map(Http::trusting));
  }

  /** A client that knows no TLS. */
  public static OkHttpClient plain(Duration timeout) {
    return new OkHttpClient.Builder()
        .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
        .addInterceptor(Http::readable)
        .followRedirects(false)
        .followSslRedirects(false)
        .callTimeout(timeout)
        .connectTimeout(Duration.ZERO)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .connectionPool(new ConnectionPool(64, 30, TimeUnit.SECONDS))
        .dispatcher(new Dispatcher())
        .build();
  }

  /** An answer that OkHttp takes for a mistake of ours, such as a status below zero, is none. */
  private static Response readable(Interceptor.Chain chain) throws IOException {
    try {
      return chain.proceed(chain.request());
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Whether a credential may go there: over https, or over plain http to this very machine. */
  public static boolean mayCarryCredentials(HttpUrl url) {
    return url.isHttps() || isLoopback(url);
  }

  /** Whether that address is this very machine. A name other than localhost is never looked up. */
  public static boolean isLoopback(HttpUrl url) {
    var host = url.host();
    return host.equals("localhost")
        || host.equals("::1")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  /** Whether two addresses belong to the same origin: scheme, host and port. */
  public static boolean isSameOrigin(HttpUrl one, HttpUrl other) {
    return one.scheme().equals(other.scheme())
        && one.host().equals(other.host())
        && one.port() == other.port();
  }

  /**
   * The body, at most half a megabyte of it.
   *
   * @throws IOException also when it has no end, or is packed in a way that nobody asked for
   */
  public static byte[] bytes(Response response) throws IOException {
    if (response.body().contentLength() < -1) {
      throw new IOException("its length is " + response.body().contentLength());
    }
    var source = response.body().source();
    var buffer = new Buffer();
    while (buffer.size() < BODY_LIMIT && source.read(buffer, BODY_LIMIT - buffer.size()) != -1) {
      // until the end, or the limit
    }
    var rest = new Buffer();
    for (var read = buffer.size(); source.read(rest, BODY_LIMIT) != -1; rest.clear()) {
      read += rest.size();
      if (read > ENDLESS) {
        throw new IOException("it is longer than 16 MB, if it ends at all");
      }
    }
    var encoding = response.header("Content-Encoding", "identity");
    if (buffer.size() > 0 && !encoding.equalsIgnoreCase("identity")) {
      throw new IOException("its encoding is " + excerpt(encoding) + ", and nobody asked for that");
    }
    return buffer.readByteArray();
  }

  /** The body as text, at most half a megabyte of it. */
  public static String text(Response response) throws IOException {
    return new String(bytes(response), StandardCharsets.UTF_8);
  }

  /** The start of a text on one line, without what cannot be printed, to be quoted to people. */
  public static String excerpt(String text) {
    var start = text.substring(0, Math.min(text.length(), 20 * EXCERPT));
    // \p{C}: control characters, invisible ones, and what is no character at all
    var line = start.replaceAll("[\\p{C}\\s\\uFFFD]+", " ").strip();
    return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT - 1) + "…";
  }

  private static String problem(Path file) {
    if (Files.isDirectory(file)) {
      return "it is a folder";
    }
    return Files.exists(file) ? "this user may not read it" : "there is no such file";
  }

  private static HandshakeCertificates trusting(Path bundle) {
    try (var in = Files.newInputStream(bundle)) {
      var builder = new HandshakeCertificates.Builder().addPlatformTrustedCertificates();
      if (add(in, builder) == 0) {
        throw new CannotVerify("--cacert " + bundle + ": no certificate in this file.");
      }
      return builder.build();
    } catch (IOException e) {
      throw new CannotVerify("--cacert " + bundle + ": cannot be read, " + problem(bundle) + ".");
    } catch (GeneralSecurityException e) {
      throw new CannotVerify("--cacert " + bundle + ": not a PEM bundle of certificates.");
    }
  }

  /** Trust all certificates of a PEM bundle, and tell how many these are. */
  static int add(InputStream bundle, HandshakeCertificates.Builder trusted)
      throws CertificateException {
    var found = CertificateFactory.getInstance("X.509").generateCertificates(bundle);
    found.forEach(it -> trusted.addTrustedCertificate((X509Certificate) it));
    return found.size();
  }
}
