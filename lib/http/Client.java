package lib.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.net.ProxySelector;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.Call;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.tls.HandshakeCertificates;

/**
 * Asks over http and https. TLS takes Java a tenth of a second, so it is made for the first https
 * address, and never where all is plain, as in the demo or a Compose stack.
 */
public final class Client implements Call.Factory {

  private final OkHttpClient plain;
  private final Supplier<OkHttpClient> securing;
  private Optional<OkHttpClient> secure = Optional.empty();

  private Client(OkHttpClient plain, Supplier<OkHttpClient> securing) {
    this.plain = plain;
    this.securing = securing;
  }

  /**
   * @param trusted whom to trust; Java's authorities when that is not said. Where it is said,
   *     somebody is to be asked over https, so nobody's time runs out over it later.
   */
  static Client of(OkHttpClient plain, Optional<HandshakeCertificates> trusted) {
    var client = new Client(plain, () -> secured(plain, trusted));
    if (trusted.isPresent()) {
      client.secure();
    }
    return client;
  }

  private static OkHttpClient secured(OkHttpClient plain, Optional<HandshakeCertificates> trusted) {
    var builder =
        plain
            .newBuilder()
            .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS, ConnectionSpec.CLEARTEXT));
    trusted.ifPresent(it -> builder.sslSocketFactory(it.sslSocketFactory(), it.trustManager()));
    return builder.build();
  }

  /**
   * The same with a difference, on the same connections unless that is the difference.
   *
   * @param change is asked once for http, and once for https
   */
  public Client with(UnaryOperator<OkHttpClient.Builder> change) {
    return new Client(
        change.apply(plain.newBuilder()).build(),
        () -> change.apply(secure().newBuilder()).build());
  }

  private synchronized OkHttpClient secure() {
    if (secure.isEmpty()) {
      secure = Optional.of(securing.get());
    }
    return secure.get();
  }

  @Override
  public Call newCall(Request request) {
    return to(request.url()).newCall(request);
  }

  /** What a library is given that asks an address by itself. */
  public OkHttpClient to(HttpUrl url) {
    return url.isHttps() ? secure() : plain;
  }

  /** Whoever is asked over TLS by other means is trusted as over https. */
  public SSLSocketFactory sslSocketFactory() {
    return secure().sslSocketFactory();
  }

  /**
   * The same for one who trusts these authorities, too.
   *
   * @param bundle certificates, as PEM
   */
  public SSLSocketFactory sslSocketFactory(String bundle) throws CertificateException {
    var trusted = new HandshakeCertificates.Builder();
    Stream.of(secure().x509TrustManager().getAcceptedIssuers())
        .forEach(trusted::addTrustedCertificate);
    Http.add(new ByteArrayInputStream(bundle.getBytes(UTF_8)), trusted);
    return trusted.build().sslSocketFactory();
  }

  /** How long an answer may take, from the first byte asked to the last byte read. */
  public int callTimeoutMillis() {
    return plain.callTimeoutMillis();
  }

  ProxySelector proxySelector() {
    return plain.proxySelector();
  }

  /** End all that is under way. */
  public void cancelAll() {
    plain.dispatcher().cancelAll();
  }
}
