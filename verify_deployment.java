///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Run the post-deployment smoke tests against one stage of Validibot
//JAVA 17+
//DEPS org.junit:junit-bom:6.1.3@pom
//DEPS info.picocli:picocli:4.7.7
//DEPS com.squareup.okhttp3:okhttp-jvm:5.5.1
//DEPS com.squareup.okhttp3:okhttp-tls:5.5.1
//DEPS com.google.auth:google-auth-library-oauth2-http:1.52.0
//DEPS com.google.code.gson:gson:2.14.0
//DEPS io.prometheus:prometheus-metrics-exposition-textformats:1.10.0
//DEPS org.jsoup:jsoup:1.21.2
//DEPS org.junit.jupiter:junit-jupiter
//DEPS org.junit.platform:junit-platform-launcher
//SOURCES lib/envfile/BashFile.java
//SOURCES lib/envfile/BashWords.java
//SOURCES lib/envfile/Interpolation.java
//SOURCES lib/envfile/Unreadable.java
//SOURCES lib/target/Background.java
//SOURCES lib/target/CannotVerify.java
//SOURCES lib/target/Config.java
//SOURCES lib/target/EnvFile.java
//SOURCES lib/target/Environment.java
//SOURCES lib/target/Expectations.java
//SOURCES lib/target/Gcloud.java
//SOURCES lib/target/Image.java
//SOURCES lib/target/Ingress.java
//SOURCES lib/target/Options.java
//SOURCES lib/target/Place.java
//SOURCES lib/target/Service.java
//SOURCES lib/target/Setting.java
//SOURCES lib/target/SiteUrl.java
//SOURCES lib/target/Stage.java
//SOURCES lib/target/Target.java
//SOURCES lib/target/TargetOptions.java
//SOURCES lib/http/Account.java
//SOURCES lib/http/Answerer.java
//SOURCES lib/http/Callback.java
//SOURCES lib/http/Caller.java
//SOURCES lib/http/Certificates.java
//SOURCES lib/http/Client.java
//SOURCES lib/http/ColdStart.java
//SOURCES lib/http/Cookies.java
//SOURCES lib/http/Garbled.java
//SOURCES lib/http/Homepage.java
//SOURCES lib/http/Http.java
//SOURCES lib/http/IdToken.java
//SOURCES lib/http/Issuer.java
//SOURCES lib/http/Json.java
//SOURCES lib/http/Login.java
//SOURCES lib/http/LoginAnswer.java
//SOURCES lib/http/LoginForm.java
//SOURCES lib/http/LoginOptions.java
//SOURCES lib/http/Logout.java
//SOURCES lib/http/Mcp.java
//SOURCES lib/http/McpAddresses.java
//SOURCES lib/http/McpAuthorization.java
//SOURCES lib/http/McpDiscovery.java
//SOURCES lib/http/McpSurface.java
//SOURCES lib/http/NoAnswer.java
//SOURCES lib/http/NoProxy.java
//SOURCES lib/http/Once.java
//SOURCES lib/http/Patience.java
//SOURCES lib/http/PlainHttp.java
//SOURCES lib/http/Proxies.java
//SOURCES lib/http/Reached.java
//SOURCES lib/http/Refusal.java
//SOURCES lib/http/RefusalMarker.java
//SOURCES lib/http/Rejection.java
//SOURCES lib/http/Reply.java
//SOURCES lib/http/SecurityHeaders.java
//SOURCES lib/http/Session.java
//SOURCES lib/http/Skew.java
//SOURCES lib/http/Superuser.java
//SOURCES lib/http/Trace.java
//SOURCES lib/http/Traffic.java
//SOURCES lib/http/Web.java
//SOURCES lib/http/Worker.java
//SOURCES lib/google/Addresses.java
//SOURCES lib/google/Closed.java
//SOURCES lib/google/Cloud.java
//SOURCES lib/google/Asleep.java
//SOURCES lib/google/CloudRun.java
//SOURCES lib/google/Condition.java
//SOURCES lib/google/Credential.java
//SOURCES lib/google/Deployment.java
//SOURCES lib/google/Described.java
//SOURCES lib/google/Expected.java
//SOURCES lib/google/GcloudCredential.java
//SOURCES lib/google/GoogleIdentity.java
//SOURCES lib/google/LibraryCredential.java
//SOURCES lib/google/Lookup.java
//SOURCES lib/google/McpService.java
//SOURCES lib/google/Newest.java
//SOURCES lib/google/OkHttpTransport.java
//SOURCES lib/google/Open.java
//SOURCES lib/google/Policy.java
//SOURCES lib/google/Purpose.java
//SOURCES lib/google/Rollout.java
//SOURCES lib/google/RunApi.java
//SOURCES lib/google/SameBuild.java
//SOURCES lib/google/Source.java
//SOURCES lib/google/Sources.java
//SOURCES lib/google/TargetFinder.java
//SOURCES lib/report/Comparison.java
//SOURCES lib/report/Disguises.java
//SOURCES lib/report/Exchange.java
//SOURCES lib/report/Finding.java
//SOURCES lib/report/GithubActions.java
//SOURCES lib/report/Html.java
//SOURCES lib/report/HtmlFinding.java
//SOURCES lib/report/HtmlFindings.java
//SOURCES lib/report/HtmlPage.java
//SOURCES lib/report/HtmlStyle.java
//SOURCES lib/report/JunitXml.java
//SOURCES lib/report/NotKept.java
//SOURCES lib/report/Output.java
//SOURCES lib/report/Prometheus.java
//SOURCES lib/report/Redaction.java
//SOURCES lib/report/Report.java
//SOURCES lib/report/ReportOptions.java
//SOURCES lib/report/Reporter.java
//SOURCES lib/report/Rehearsal.java
//SOURCES lib/report/Scripts.java
//SOURCES lib/report/Status.java
//SOURCES lib/report/Summary.java
//SOURCES lib/report/Terminal.java
//SOURCES lib/report/TextReporter.java
//SOURCES lib/report/Timings.java
//SOURCES lib/report/Verdict.java
//SOURCES lib/report/VerifyJson.java
//SOURCES lib/report/WaitingLine.java
//SOURCES lib/smoke/Absence.java
//SOURCES lib/smoke/Dashboard.java
//SOURCES lib/smoke/DeepHealth.java
//SOURCES lib/smoke/DeploymentTests.java
//SOURCES lib/smoke/ExposureTests.java
//SOURCES lib/smoke/Fixtures.java
//SOURCES lib/smoke/Health.java
//SOURCES lib/smoke/Id.java
//SOURCES lib/smoke/LastFailed.java
//SOURCES lib/smoke/McpTests.java
//SOURCES lib/smoke/PublicAddressTests.java
//SOURCES lib/smoke/RunListener.java
//SOURCES lib/smoke/Selection.java
//SOURCES lib/smoke/SentenceNames.java
//SOURCES lib/smoke/SmokeRun.java
//SOURCES lib/smoke/Suite.java
//SOURCES lib/smoke/SuperuserTests.java
//SOURCES lib/smoke/ToldInOrder.java
//SOURCES lib/smoke/Waiting.java
//SOURCES lib/smoke/WebApiTests.java
//SOURCES lib/smoke/WebRoutesTests.java
//SOURCES lib/smoke/WebTests.java
//SOURCES lib/smoke/WorkerInvokerTests.java
//SOURCES lib/smoke/WorkerStrangerTests.java
//SOURCES lib/demo/Accounts.java
//SOURCES lib/demo/AdminApi.java
//SOURCES lib/demo/Answer.java
//SOURCES lib/demo/Api.java
//SOURCES lib/demo/App.java
//SOURCES lib/demo/Callback.java
//SOURCES lib/demo/CarelessPort.java
//SOURCES lib/demo/Credentials.java
//SOURCES lib/demo/DeepHealth.java
//SOURCES lib/demo/DemoOptions.java
//SOURCES lib/demo/DemoStage.java
//SOURCES lib/demo/DemoTls.java
//SOURCES lib/demo/Discovery.java
//SOURCES lib/demo/Exchange.java
//SOURCES lib/demo/Fault.java
//SOURCES lib/demo/FrontEnd.java
//SOURCES lib/demo/GcloudDirectory.java
//SOURCES lib/demo/GooglePages.java
//SOURCES lib/demo/Handler.java
//SOURCES lib/demo/Health.java
//SOURCES lib/demo/IamCredentials.java
//SOURCES lib/demo/Loopback.java
//SOURCES lib/demo/McpApp.java
//SOURCES lib/demo/MetadataServer.java
//SOURCES lib/demo/Pages.java
//SOURCES lib/demo/Proxy.java
//SOURCES lib/demo/Request.java
//SOURCES lib/demo/Revisions.java
//SOURCES lib/demo/Role.java
//SOURCES lib/demo/Routes.java
//SOURCES lib/demo/Scenario.java
//SOURCES lib/demo/Secrets.java
//SOURCES lib/demo/Service.java
//SOURCES lib/demo/ServiceJson.java
//SOURCES lib/demo/Settings.java
//SOURCES lib/demo/Shape.java
//SOURCES lib/demo/SignIn.java
//SOURCES lib/demo/StaticFiles.java
//SOURCES lib/demo/TokenEndpoint.java
//SOURCES lib/demo/Tokens.java
//SOURCES lib/demo/WebRoutes.java
//SOURCES lib/demo/WorkerAuth.java
//SOURCES lib/demo/WorkerRoutes.java
//FILES META-INF/services/org.junit.jupiter.api.extension.Extension=lib/smoke/extensions
//CDS
//COMPILE_OPTIONS -Xlint:all,-auxiliaryclass -Werror -proc:none -XDstringConcat=inline -encoding UTF-8 -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1 -XX:+UseSerialGC -XX:TLABSize=64k -Xlog:disable

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.demo.DemoOptions;
import lib.google.Deployment;
import lib.http.Http;
import lib.http.LoginOptions;
import lib.http.Patience;
import lib.http.Superuser;
import lib.report.Comparison;
import lib.report.Finding;
import lib.report.Output;
import lib.report.Rehearsal;
import lib.report.Report;
import lib.report.ReportOptions;
import lib.report.Reporter;
import lib.report.Scripts;
import lib.report.Summary;
import lib.report.Terminal;
import lib.report.TextReporter;
import lib.report.TextReporter.Level;
import lib.report.Timings;
import lib.report.VerifyJson;
import lib.smoke.Fixtures;
import lib.smoke.LastFailed;
import lib.smoke.Selection;
import lib.smoke.SmokeRun;
import lib.smoke.Suite;
import lib.target.CannotVerify;
import lib.target.Environment;
import lib.target.Expectations;
import lib.target.Options;
import lib.target.Stage;
import lib.target.Target;
import lib.target.TargetOptions;
import picocli.CommandLine.TypeConversionException;

final class VerifyDeployment implements Scripts.Script {

  /** More than there are tests that can wait at the same time. */
  private static final int ALL_AT_ONCE = 64;

  /** How long signing out may take at the end of a run, and where a run was cut off. */
  private static final Duration TO_SIGN_OUT = Duration.ofSeconds(10);

  private static final Duration TO_SIGN_OUT_AT_ONCE = Duration.ofMillis(800);

  private final TargetOptions where = new TargetOptions();
  private final Expectations expectations = new Expectations();
  private final ReportOptions reports = new ReportOptions();
  private final LoginOptions login = new LoginOptions();
  private final DemoOptions demo = new DemoOptions();
  private Optional<Selection> selection = Optional.empty();
  private boolean lastFailed;
  private boolean stopAtFirst;
  private int maxFailures;
  private boolean strict;
  private int atOnce = ALL_AT_ONCE;
  private int verbosity;
  private boolean quiet;
  private boolean json;
  private int durations;
  private boolean timings;
  private boolean list;
  private boolean noColor;

  private final Environment process;
  private final Output output;

  VerifyDeployment(Environment process, Output output) {
    this.process = process;
    this.output = output;
  }

  @Override
  public Options options() {
    var options =
        new Options(
            this,
            "verify_deployment",
            "0.1",
            "Run the post-deployment smoke tests against one stage of Validibot.",
            Summary.EXIT_CODES);
    where.declare(options);
    expectations.declare(options);
    options
        .value("-k", "EXPR", VerifyDeployment::expression, it -> selection = Optional.of(it))
        .description(
            "Run only tests whose names match: substrings with and, or, not, parentheses, such as"
                + " \"worker and not scheduled\". Names are matched with _ for a blank.");
    options
        .flag("--last-failed", it -> lastFailed = it)
        .description(
            "Run only tests that were not good the last time; all of them, if none is known.");
    options.flag("-x", it -> stopAtFirst = it).description("Stop at the first failure.");
    options
        .value("--maxfail", "N", VerifyDeployment::count, it -> maxFailures = it)
        .description("Stop after N failures.");
    options.flag("--strict", it -> strict = it).description("Warnings are failures.");
    options
        .value("-n", "N", VerifyDeployment::count, it -> atOnce = it)
        .description("Run at most N tests at once (default: all; 1: strictly one after another).");
    options
        .repeated("-v", times -> verbosity = times)
        .description("A line per test, with remarks; -vv also each request and its answer.");
    options.flag("-q", it -> quiet = it).description("The verdict alone.");
    options
        .flag("--json", it -> json = it)
        .description("One JSON document (validibot.verify.v1) on stdout.");
    reports.declare(options);
    options
        .value("--durations", "N", VerifyDeployment::count, it -> durations = it)
        .description("List the N slowest tests.");
    options.flag("--timings", it -> timings = it).description("Say on stderr where the time went.");
    options.flag("--list", it -> list = it).description("Show what would run, and run nothing.");
    options.flag("--no-color", it -> noColor = it).description("No colour, as with $NO_COLOR.");
    login.declare(options);
    demo.declare(options);
    return options;
  }

  public static void main(String... args) {
    var environment = Environment.ofProcess();
    Http.prepare(environment, args);
    var output = Output.ofProcess();
    var exit = Scripts.run(new VerifyDeployment(environment, output), output, args);
    Rehearsal.ifRecorded(VerifyDeployment.class, VerifyDeployment::rehearse);
    System.exit(exit);
  }

  /** Everything that there is, TLS included, against a stage within this process. */
  private static void rehearse(Output nobody) {
    var nowhere = new Environment(Map.of("XDG_CACHE_HOME", "/dev/null"), Path.of(""));
    Scripts.run(
        new VerifyDeployment(nowhere, nobody),
        nobody,
        "demo",
        "--sign-in",
        "-vv",
        "--break=cache-down",
        "--break=certificate-expiring");
  }

  /** Whatever keeps it from its work, --json and the reports are answered. */
  @Override
  public void refused(List<String> words, String reason) {
    VerifyJson.refused(nothing(reason), words.contains("--json"), reports, process, output);
  }

  private Report nothing(String reason) {
    return Report.refused("verify_deployment", where.named(process), reason);
  }

  private void interrupted() {
    var nothing = nothing("Interrupted: nothing was verified.");
    VerifyJson.interrupted(nothing, json, reports, process, output);
  }

  @Override
  public Integer call() {
    if (demo.listFaults) {
      demo.listFaults(terminal(), output);
      return Summary.GOOD;
    }
    if (list && json) {
      throw new CannotVerify("--list has no JSON form.");
    }
    if (list) {
      return listTests();
    }
    var earlier = reports.prepare(process);
    try (var interruption = new Scripts.Interruption(this::interrupted)) {
      return demo.withStage(
          where,
          process,
          (stage, environment) -> verify(stage, environment, earlier, interruption));
    }
  }

  private int verify(
      Stage stage,
      Environment environment,
      Optional<Comparison.Earlier> earlier,
      Scripts.Interruption interruption) {
    var time = new Timings();
    var started = Instant.now();
    var reporter = new TextReporter(output, terminal(), level(), durations);
    var tests = Suite.begin(ownClasses(), atOnce);
    var superuser = login.superuser(where, environment, output.redaction());
    reporter.note(demo.broken());
    var deadline = Instant.now().plus(where.wholeDeadline());
    var deployment =
        Deployment.find(
            stage, where, environment, output.redaction(), deadline, true, reporter::looking);
    var header = deployment.header(level() == Level.EXCHANGES);
    reporter.note(deployment.notes());
    reporter.began(header);

    var began = System.nanoTime();
    var left = Duration.between(Instant.now(), deadline);
    var limits = new SmokeRun.Limits(stopAtFirst ? 1 : maxFailures, left, strict);
    var patience = Patience.of(where.wait);
    var web = deployment.web().map(it -> it.with(superuser));
    var failed = LastFailed.of(stage, process);
    var only = lastFailed ? failed.ids() : Set.<String>of();
    if (lastFailed && only.isEmpty()) {
      reporter.note(List.of("--last-failed: nothing is known to have failed, so all tests run."));
    }
    var stock = Fixtures.Stock.of(deployment, web, expectations, selection, only, patience);
    var run = new SmokeRun(stock, limits, reporter, deployment::abort);
    interruption.tell(
        () -> {
          var cut = report(deployment, started, run.interrupted(), began, superuser);
          var words = "Interrupted, " + stage + " is not verified to the end";
          tell(cut.interrupted(words), Optional.empty(), reporter);
          reporter.note(superuser.signOut(TO_SIGN_OUT_AT_ONCE).stream().toList());
        });
    var ending = ended(run, tests, reporter, superuser);
    if (ending.findings().isEmpty()) {
      throw ending.stopped()
          ? new CannotVerify("Nothing was verified by the deadline: --deadline gives more time.")
          : nothingSelected();
    }
    var whole = ending.deselected() == 0 && !ending.stopped();
    failed.remember(ending.findings(), whole);
    interruption.close();
    var now = report(deployment, started, ending, began, superuser);
    var comparison = earlier.map(it -> Comparison.of(it, now, whole));
    var exit = tell(now.compared(comparison), comparison, reporter);
    if (timings) {
      output.note(time.told(deployment.traffic().requests(), deployment.traffic().waited()));
    }
    return exit;
  }

  /** Run to the end, and leave nobody signed in. */
  private static SmokeRun.Ending ended(
      SmokeRun run, Suite tests, TextReporter reporter, Superuser superuser) {
    try {
      return run.run(tests);
    } finally {
      var time = run.ending().stopped() ? TO_SIGN_OUT_AT_ONCE : TO_SIGN_OUT;
      reporter.note(superuser.signOut(time).stream().toList());
    }
  }

  private Report report(
      Deployment deployment,
      Instant started,
      SmokeRun.Ending ending,
      long began,
      Superuser superuser) {
    var target = deployment.target();
    var took = Duration.ofNanos(System.nanoTime() - began);
    var summary = new Summary(ending.findings(), took);
    var caveats = caveats(deployment, ending, superuser);
    return new Report(
        "verify_deployment",
        target.stage().toString(),
        deployment.about(),
        started,
        summary,
        summary.status(),
        summary.exitCode(),
        verdict(target, summary, caveats.isEmpty()),
        caveats);
  }

  /** In every form that was asked for. */
  private int tell(Report report, Optional<Comparison> comparison, TextReporter reporter) {
    if (json) {
      output.document(VerifyJson.of(report, comparison));
    } else {
      reporter.ended(report);
    }
    return reports.tell(report, process, output);
  }

  /** The last word. A verdict on a part never sounds like a verdict on the whole. */
  private static String verdict(Target target, Summary summary, boolean whole) {
    return target.stage()
        + switch (summary.exitCode()) {
          case Summary.GOOD -> whole ? " is good" : " is good as far as asked";
          case Summary.BROKEN -> " is NOT good";
          default -> " could not be verified";
        };
  }

  /** What the verdict does not speak of. */
  private List<String> caveats(Deployment deployment, SmokeRun.Ending ending, Superuser superuser) {
    var caveats = new ArrayList<String>();
    var target = deployment.target();
    if (target.web() instanceof Target.Part.Outside) {
      caveats.add("The web service was not asked: it is outside this target.");
    }
    if (target.worker() instanceof Target.Part.Outside) {
      caveats.add("The worker was not asked: it is outside this target.");
    }
    if (target.mcp() instanceof Target.Part.Outside) {
      caveats.add("The MCP service was not asked: it is outside this target.");
    }
    var untold = deployment.cloud().untold();
    if (!untold.isEmpty()) {
      caveats.add(
          "Google told nothing of %s: no roll-out, revision or IAM was judged."
              .formatted(String.join(" and ", untold)));
    }
    if (where.anonymous) {
      caveats.add("Only what a stranger can see was asked (--anonymous).");
    }
    superuser.caveat().ifPresent(caveats::add);
    if (ending.deselected() > 0) {
      var one = ending.deselected() == 1;
      var by = selection.isEmpty() ? "--last-failed" : lastFailed ? "-k and --last-failed" : "-k";
      caveats.add(
          ending.deselected() + (one ? " test was" : " tests were") + " left out by " + by + ".");
    }
    if (ending.stopped()) {
      caveats.add("The other tests were not run, or not to their end.");
    }
    return caveats;
  }

  private int listTests() {
    var group = new StringBuilder();
    var stock = Fixtures.Stock.forListing(selection);
    var run = new SmokeRun(stock, Reporter.NONE, finding -> listed(group, finding));
    var count = run.run(Suite.begin(ownClasses(), 1)).findings().size();
    if (count == 0) {
      throw nothingSelected();
    }
    output.result("");
    output.result(count + (count == 1 ? " test" : " tests"));
    return Summary.GOOD;
  }

  private void listed(StringBuilder group, Finding finding) {
    if (!finding.group().contentEquals(group)) {
      group.setLength(0);
      group.append(finding.group());
      output.result(finding.group());
    }
    output.result("  " + finding.title());
  }

  private static CannotVerify nothingSelected() {
    return new CannotVerify(
        "No test matches the expression given by -k. See them all: --list (write _ for a blank)");
  }

  private Terminal terminal() {
    return output.terminal(noColor, process.variable("NO_COLOR"));
  }

  private Level level() {
    if (json) {
      return Level.NOTHING;
    }
    return quiet
        ? Level.VERDICT
        : List.of(Level.LINES, Level.REMARKS, Level.EXCHANGES).get(Math.min(verbosity, 2));
  }

  /** The jar that JBang made of this script, its sources, and whatever was added with -s. */
  private static Path ownClasses() {
    try {
      var source = VerifyDeployment.class.getProtectionDomain().getCodeSource();
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Selection expression(String value) {
    try {
      return Selection.of(value);
    } catch (Selection.Malformed e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** Reads a number of things, at least one. */
  private static int count(String value) {
    var number = value.matches("\\d{1,7}") ? Integer.parseInt(value) : 0;
    if (number > 0) {
      return number;
    }
    throw new TypeConversionException("'" + value + "' is no number from 1 to 9999999");
  }
}
