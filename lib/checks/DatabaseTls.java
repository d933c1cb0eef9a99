package lib.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSession;
import lib.settings.DatabaseUrl;
import lib.target.CannotVerify;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.postgresql.ssl.PGjdbcHostnameVerifier;

/**
 * TLS to PostgreSQL as libpq has it in the app's container: with the file of authorities from
 * there, and a certificate for the host that the URL names, whatever address is asked. The driver
 * takes a file and the name of a class.
 */
final class DatabaseTls implements AutoCloseable {

  private static final String SYSTEM = "system";

  private final DatabaseUrl url;
  private final Network network;
  private Optional<Path> copy = Optional.empty();

  DatabaseTls(DatabaseUrl url, Network network) {
    this.url = url;
    this.network = network;
  }

  /** Compares the certificate with the host of the URL. */
  public static final class Named implements HostnameVerifier {

    private static final String HOST = "check_validibot.host";

    private final String host;

    /** As the driver makes it, of what it was given; what it logs is for us to tell. */
    public Named(Properties properties) {
      Logger.getLogger(PGjdbcHostnameVerifier.class.getName()).setLevel(Level.OFF);
      this.host = properties.getProperty(HOST);
    }

    @Override
    public boolean verify(String address, SSLSession session) {
      return PGjdbcHostnameVerifier.INSTANCE.verify(host, session);
    }
  }

  /** Whether whom the app's system trusts is to be trusted. */
  static boolean trustsSystem(DatabaseUrl url) {
    return url.options().getOrDefault("sslrootcert", "").equals(SYSTEM);
  }

  /** Whether a certificate for another host was shown; the driver says so in many languages. */
  static boolean isForAnother(SQLException e) {
    return String.valueOf(e.getMessage()).contains(Named.class.getName());
  }

  /**
   * Tell the driver.
   *
   * @throws CannotVerify when the authorities are not known
   */
  void addTo(Properties properties) throws IOException {
    var mode = url.options().getOrDefault("sslmode", trustsSystem(url) ? "verify-full" : "prefer");
    properties.setProperty("sslmode", mode);
    properties.setProperty("sslhostnameverifier", Named.class.getName());
    properties.setProperty(Named.HOST, url.host());
    var file = url.options().getOrDefault("sslrootcert", "");
    if (trustsSystem(url)) {
      properties.setProperty("sslfactory", DefaultJavaSSLFactory.class.getName());
    } else if (mode.startsWith("verify-") && !file.isEmpty()) {
      properties.setProperty("sslrootcert", copied(file).toString());
    }
  }

  private Path copied(String file) throws IOException {
    var authorities =
        network
            .authorities(file)
            .orElseThrow(
                () ->
                    new CannotVerify(
                        "the CA file %s of DATABASE_URL is neither here nor in a container of the"
                                .formatted(file)
                            + " app: put a copy of it here, at the same place"));
    copy = Optional.of(Files.createTempFile("check_validibot", ".pem"));
    return Files.writeString(copy.get(), authorities);
  }

  @Override
  public void close() throws IOException {
    if (copy.isPresent()) {
      Files.deleteIfExists(copy.get());
    }
  }
}
