package lib.demo;

import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** The certificate of a demo stage that is asked over https, and the authority that signed it. */
record DemoTls(HeldCertificate authority, SSLContext context) {

  private static final Duration LIFE = Duration.ofDays(90);

  /** Make a certificate for this machine, with the fault that the stage has. */
  static DemoTls of(Scenario scenario) {
    var authority =
        new HeldCertificate.Builder().certificateAuthority(0).commonName("Demo authority").build();
    var name = scenario.has(Fault.CERTIFICATE_FOR_ANOTHER) ? "elsewhere.example.com" : "127.0.0.1";
    var left =
        scenario.has(Fault.CERTIFICATE_EXPIRED)
            ? Duration.ofDays(-1)
            : scenario.has(Fault.CERTIFICATE_EXPIRING) ? Duration.ofDays(6) : Duration.ofDays(60);
    var end = Instant.now().plus(left);
    var certificate =
        new HeldCertificate.Builder()
            .signedBy(authority)
            .addSubjectAlternativeName(name)
            .validityInterval(end.minus(LIFE).toEpochMilli(), end.toEpochMilli())
            .build();
    var own = new HandshakeCertificates.Builder().heldCertificate(certificate).build();
    return new DemoTls(authority, own.sslContext());
  }

  /** The authority as {@code --cacert} takes it. */
  String pem() {
    return authority.certificatePem();
  }
}
