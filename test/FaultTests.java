package test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.demo.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every fault is found, by the tests that it explains and by no other. */
class FaultTests {

  private static final Pattern LINE = Pattern.compile("(?m)^  (\\S) (.*\\S) +[0-9.]+ s$");

  /** The ten scheduled endpoints are written as one here. */
  private static final Pattern SCHEDULED = Pattern.compile("scheduled/[a-z-]+");

  private static final String STRANGERS =
      "root refuses strangers; callback endpoint refuses strangers; scheduled/* refuses strangers;"
          + " execute-validation-run refuses strangers;"
          + " tasks/tracking/log-event refuses strangers;"
          + " validation-storage-capabilities/refresh refuses strangers; forged token is refused";
  private static final String HEADERS = "HSTS is sent; security headers are sent";
  private static final String WEB =
      "homepage is served; static files are served; app calls itself healthy; cache works;"
          + " API documentation is served; API schema is served; API auth/me requires signing in;"
          + " API orgs requires signing in; API workflows requires signing in;"
          + " API users requires signing in; API refuses a nonsense token;"
          + " callback endpoint is not there; scheduled/* is not there;"
          + " web is open to everybody; issuer is the public address";
  private static final String ADDRESSES = "; every address of the worker is closed";
  private static final String POLICY = "IAM policy of the worker lets no stranger in";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "worker-public           | " + STRANGERS + ADDRESSES + "; " + POLICY,
        "iam-check-off           | IAM is asked before the worker; " + STRANGERS + ADDRESSES,
        "callback-public         | callback endpoint refuses strangers; forged token is refused"
            + ADDRESSES,
        "callback-csrf-only      | callback endpoint refuses strangers; forged token is refused;"
            + " callback for an unknown run is refused by the app"
            + ADDRESSES,
        "scheduled-public        | scheduled/* refuses strangers",
        "other-endpoints-public  | execute-validation-run refuses strangers;"
            + " tasks/tracking/log-event refuses strangers;"
            + " validation-storage-capabilities/refresh refuses strangers",
        "forged-token-accepted   | forged token is refused",
        "invoker-missing         | invoker reaches a healthy app;"
            + " callback for an unknown run is refused by the app",
        "homepage-500            | homepage is served",
        "static-missing          | static files are served",
        "api-open                | API auth/me requires signing in; API orgs requires signing in;"
            + " API refuses a nonsense token",
        "api-off                 | API auth/me requires signing in",
        "login-off               | homepage is served; API documentation is served",
        "web-allowed-hosts       | " + WEB,
        "worker-allowed-hosts    | invoker reaches a healthy app;"
            + " callback for an unknown run is refused by the app",
        "database-down           | homepage is served; app calls itself healthy;"
            + " invoker reaches a healthy app",
        "cache-down              | cache works",
        "web-down                | " + WEB,
        "worker-down             | invoker reaches a healthy app;"
            + " callback for an unknown run is refused by the app",
        "worker-hangs            | invoker reaches a healthy app;"
            + " callback for an unknown run is refused by the app",
        "callback-accepted       | callback for an unknown run is refused by the app",
        "worker-routes-on-web    | callback endpoint is not there; scheduled/* is not there",
        "web-private             | " + WEB,
        "web-refused             | " + WEB,
        "rollout-failed          | web is rolled out",
        "old-revision-serves     | web is served by its newest revision",
        "traffic-pinned          | web is served by its newest revision",
        "all-authenticated       | " + POLICY,
        "grant-pending           | " + POLICY,
        "tag-url-open            | every address of the worker is closed",
        "alias-open              | every address of the worker is closed",
        "certificate-expired     | " + WEB + "; certificate is good and lasts; " + HEADERS,
        "certificate-for-another | " + WEB + "; certificate is good and lasts; " + HEADERS,
        "certificate-untrusted   | " + WEB + "; certificate is good and lasts; " + HEADERS,
        "http-not-redirected     | http redirects to https",
        "mcp-down                | service tells how to connect; endpoint refuses strangers",
        "mcp-private             | service tells how to connect; endpoint refuses strangers",
        "mcp-open                | endpoint refuses strangers",
        "mcp-root-hidden         | service tells how to connect",
        "mcp-advertises-nowhere  | advertised addresses are there",
        "mcp-other-authorization-server | authorization server is of this stage"
      })
  void fault_is_found_where_it_is(String fault, String tests) {
    var outcome =
        Shell.script(
                "verify_deployment.java",
                "demo",
                "--break",
                fault,
                "--cold-start",
                "3",
                "--timeout",
                "20")
            .exits(1)
            .outContains("demo is NOT good")
            .errContains("broken on purpose, " + fault);

    assertEquals(
        Arrays.stream(tests.split(";")).map(String::strip).collect(Collectors.toSet()),
        marked("✗", outcome.out()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "rollout-under-way | worker is rolled out",
        "policy-denied     | web is open to everybody; " + POLICY
      })
  void what_cannot_be_known_is_not_verified(String fault, String tests) {
    var outcome = Shell.script("verify_deployment.java", "demo", "--break", fault).exits(2);

    assertEquals(Set.of(tests.split("; ")), marked("?", outcome.out()));
    assertEquals(Set.of(), marked("✗", outcome.out()));
  }

  @Test
  void stage_that_is_parked_is_neither_broken_nor_good() {
    for (var script : List.of("verify_deployment.java", "quick_verify.java")) {
      Shell.script(script, "demo", "--break", "parked")
          .exits(2)
          .outIs("")
          .errContains(
              "demo is parked or in maintenance: validibot-web, validibot-worker, validibot-mcp"
                  + " have ingress internal")
          .errContains("Nothing is broken, and nothing can be verified.")
          .errContains("\n  just gcp mode-status demo\n");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "credentials-expired  | invalid_grant (Token has been expired or revoked.)",
        "web-ingress-internal | has ingress internal-and-cloud-load-balancing",
        "web-missing          | Failed to get service URL of validibot-web",
        "worker-missing       | Failed to get service URL of validibot-worker",
        "admin-denied         | is not allowed to look"
      })
  void fault_that_hides_the_stage_means_that_nothing_runs(String fault, String reason) {
    Shell.script("verify_deployment.java", "demo", "--break", fault)
        .exits(2)
        .outIs("")
        .errContains(reason);
  }

  /** The stage is as good as ever, and the invoker's tests cannot tell. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "token-expired  | Our token had expired 2 h before | gcloud auth login --update-adc",
        "wrong-audience | is made for https://another-service-demo-uc.a.run.app, and not for http"
            + " | --impersonate-service-account=EMAIL",
        "adc-user-token | Our token is an application-default user's"
            + " | gcloud auth login --update-adc",
        "email-missing  | Our token names no e-mail address | --impersonate-service-account=EMAIL"
      })
  void fault_of_our_own_token_is_explained_and_not_held_against_the_stage(
      String fault, String why, String line) {
    var outcome =
        Shell.script("verify_deployment.java", "demo", "--break", fault)
            .exits(2)
            .outContains("demo could not be verified: 2 not verified, 49 passed")
            .outContains("our token: ")
            .outContains(why)
            .outContains("\n      " + line + "\n")
            .outLacks("eyJ");

    assertEquals(
        Set.of(
            "invoker reaches a healthy app", "callback for an unknown run is refused by the app"),
        marked("?", outcome.out()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"ingress-internal", "admin-busy", "mcp-absent"})
  void what_is_no_fault_is_good(String fault) {
    Shell.script("verify_deployment.java", "demo", "--break", fault)
        .exits(0)
        .outContains("demo is good");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "images-differ, web and worker are of the same build",
    "versions-differ, web and worker are of the same build",
    "web-proxied, web is open to everybody",
    "issuer-elsewhere, issuer is the public address",
    "certificate-expiring, certificate is good and lasts",
    "hsts-missing, HSTS is sent",
    "headers-missing, security headers are sent",
    "mcp-oauth-off, advertised addresses are there"
  })
  void weakness_is_a_warning_and_fails_the_strict(String fault, String test) {
    var lenient = Shell.script("verify_deployment.java", "demo", "--break", fault).exits(0);
    var strict = Shell.script("verify_deployment.java", "demo", "--break", fault, "--strict");

    lenient.outContains("\n  ! " + test).outContains("✓ demo is good: 1 warning, ");
    assertEquals(Set.of(test), marked("!", lenient.out()));
    assertEquals(Set.of(), marked("✗", lenient.out()));
    assertEquals(Set.of(test), marked("✗", strict.exits(1).out()));
  }

  @Test
  void faults_together_are_all_found() {
    var outcome =
        Shell.script(
                "verify_deployment.java",
                "demo",
                "--break",
                "callback-public",
                "--break=cache-down")
            .exits(1);

    assertEquals(
        Set.of(
            "cache works",
            "callback endpoint refuses strangers",
            "forged token is refused",
            "every address of the worker is closed"),
        marked("✗", outcome.out()));
  }

  @Test
  void every_fault_is_listed_with_a_line() {
    var outcome = Shell.script("verify_deployment.java", "--list-faults").exits(0);

    assertEquals(
        Stream.of(Fault.values()).map(Fault::id).toList(),
        outcome.out().lines().map(line -> line.split(" ")[0]).toList());
  }

  private static Set<String> marked(String glyph, String out) {
    var found = new TreeSet<String>();
    var matcher = LINE.matcher(out);
    while (matcher.find()) {
      if (!matcher.group(1).equals(glyph)) {
        continue;
      }
      var title = matcher.group(2).replaceFirst(" \\(.*", "");
      found.add(SCHEDULED.matcher(title).replaceAll("scheduled/*"));
    }
    return found;
  }
}
