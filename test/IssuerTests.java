package test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.http.Answerer;
import lib.http.Caller;
import lib.http.Issuer;
import lib.http.Reply;
import lib.http.Trace;
import lib.report.NotKept;
import lib.report.Status;
import lib.target.Ingress;
import lib.target.Place;
import lib.target.Service;
import lib.target.Setting;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which issuers a web service may name, asked at one of its addresses. */
class IssuerTests {

  private static final String RUN_APP = "https://web-x.a.run.app";
  private static final String OTHER_FORM = "https://web-1.us-west1.run.app";

  @ParameterizedTest(name = "asked {0}, SITE_URL {1}, issuer {2}: {3}", quoteTextArguments = false)
  @CsvSource(
      nullValues = "-",
      value = {
        // a slash and a default port make no difference, a path does
        "https://site.example, -, https://site.example, PASSED",
        "https://site.example, -, https://site.example/, PASSED",
        "https://site.example, -, https://site.example:443, PASSED",
        "https://site.example, -, https://site.example/app, FAILED",
        // the address that was asked is the public one
        "https://site.example, -, https://other.example, FAILED",
        "https://site.example, -, http://site.example, FAILED",
        "https://site.example, https://other.example, https://other.example, PASSED",
        // another may be
        "RUN_APP, -, RUN_APP, PASSED",
        "RUN_APP, -, OTHER_FORM, PASSED",
        "RUN_APP, https://site.example, https://site.example, PASSED",
        "RUN_APP, -, https://site.example, WARNING",
        "RUN_APP, https://site.example, https://other.example, WARNING",
        "http://127.0.0.1:8000, -, https://site.example, WARNING",
        // nobody can get there from elsewhere
        "RUN_APP, -, http://localhost:8000, FAILED",
        "RUN_APP, -, http://site.example, FAILED",
        "RUN_APP, -, site.example, FAILED",
        "RUN_APP, -, '', FAILED"
      })
  void issuer_is_judged(String asked, String site, String issuer, Status expected) {
    var url = HttpUrl.get(real(asked));
    var own = Stream.of(RUN_APP, OTHER_FORM).map(HttpUrl::get).toList();
    var reply =
        new Reply(
            new Service("web", place(), url, Ingress.ALL, known(asked, own), false, false),
            Caller.STRANGER,
            "GET",
            url.resolve(Issuer.DOCUMENT),
            200,
            Headers.of(),
            "{\"issuer\": \"" + real(issuer) + "\"}",
            Answerer.APP,
            List.of(),
            Duration.ZERO,
            new Trace());

    assertEquals(expected, judged(reply, Optional.ofNullable(site).map(HttpUrl::get)));
  }

  private static List<HttpUrl> known(String asked, List<HttpUrl> own) {
    return asked.equals("RUN_APP") ? own : List.of();
  }

  private static Place place() {
    return new Place(Optional.empty(), new Setting("r", Setting.Origin.DEFAULT, "default"));
  }

  private static String real(String address) {
    return address.replace("RUN_APP", RUN_APP).replace("OTHER_FORM", OTHER_FORM);
  }

  private static Status judged(Reply reply, Optional<HttpUrl> site) {
    try {
      Issuer.judge(reply, site);
      return Status.PASSED;
    } catch (NotKept e) {
      return e.verdict().status();
    }
  }
}
