///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Ask one stage of Validibot two questions: is the web up, is the worker locked?
//JAVA 17+
//DEPS info.picocli:picocli:4.7.7
//DEPS com.squareup.okhttp3:okhttp-jvm:5.5.1
//DEPS com.squareup.okhttp3:okhttp-tls:5.5.1
//DEPS com.google.auth:google-auth-library-oauth2-http:1.52.0
//DEPS com.google.code.gson:gson:2.14.0
//DEPS io.prometheus:prometheus-metrics-exposition-textformats:1.10.0
//CDS
//SOURCES lib/envfile/BashFile.java
//SOURCES lib/envfile/BashWords.java
//SOURCES lib/envfile/Interpolation.java
//SOURCES lib/envfile/Unreadable.java
//SOURCES lib/target/Background.java
//SOURCES lib/target/CannotVerify.java
//SOURCES lib/target/Config.java
//SOURCES lib/target/EnvFile.java
//SOURCES lib/target/Environment.java
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
//SOURCES lib/http/Answerer.java
//SOURCES lib/http/Caller.java
//SOURCES lib/http/Certificates.java
//SOURCES lib/http/Client.java
//SOURCES lib/http/ColdStart.java
//SOURCES lib/http/Garbled.java
//SOURCES lib/http/Homepage.java
//SOURCES lib/http/Http.java
//SOURCES lib/http/IdToken.java
//SOURCES lib/http/Issuer.java
//SOURCES lib/http/Json.java
//SOURCES lib/http/Mcp.java
//SOURCES lib/http/NoAnswer.java
//SOURCES lib/http/NoProxy.java
//SOURCES lib/http/Once.java
//SOURCES lib/http/Patience.java
//SOURCES lib/http/PlainHttp.java
//SOURCES lib/http/Proxies.java
//SOURCES lib/http/Reached.java
//SOURCES lib/http/Refusal.java
//SOURCES lib/http/Rejection.java
//SOURCES lib/http/Reply.java
//SOURCES lib/http/Session.java
//SOURCES lib/http/Skew.java
//SOURCES lib/http/Superuser.java
//SOURCES lib/http/Trace.java
//SOURCES lib/http/Traffic.java
//SOURCES lib/http/Web.java
//SOURCES lib/http/Worker.java
//SOURCES lib/google/Cloud.java
//SOURCES lib/google/Asleep.java
//SOURCES lib/google/CloudRun.java
//SOURCES lib/google/Condition.java
//SOURCES lib/google/Credential.java
//SOURCES lib/google/Deployment.java
//SOURCES lib/google/Described.java
//SOURCES lib/google/GcloudCredential.java
//SOURCES lib/google/GoogleIdentity.java
//SOURCES lib/google/LibraryCredential.java
//SOURCES lib/google/Lookup.java
//SOURCES lib/google/McpService.java
//SOURCES lib/google/OkHttpTransport.java
//SOURCES lib/google/Policy.java
//SOURCES lib/google/Rollout.java
//SOURCES lib/google/RunApi.java
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
//COMPILE_OPTIONS -Xlint:all,-auxiliaryclass -Werror -proc:none -XDstringConcat=inline -encoding UTF-8 -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1 -XX:+UseSerialGC -XX:TLABSize=64k -Xlog:disable

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import lib.demo.DemoOptions;
import lib.google.Deployment;
import lib.http.Homepage;
import lib.http.Http;
import lib.http.NoAnswer;
import lib.http.Patience;
import lib.http.Refusal;
import lib.http.Trace;
import lib.report.Comparison;
import lib.report.Finding;
import lib.report.NotKept;
import lib.report.Output;
import lib.report.Rehearsal;
import lib.report.Report;
import lib.report.ReportOptions;
import lib.report.Reporter;
import lib.report.Scripts;
import lib.report.Status;
import lib.report.Summary;
import lib.report.Terminal;
import lib.report.TextReporter;
import lib.report.TextReporter.Level;
import lib.report.Timings;
import lib.report.Verdict;
import lib.report.VerifyJson;
import lib.target.Background;
import lib.target.Environment;
import lib.target.Options;
import lib.target.Stage;
import lib.target.Target.Part;
import lib.target.TargetOptions;

final class QuickVerify implements Scripts.Script {

  private enum Question {
    WEB("SM101", "web responds"),
    WORKER("SM401", "worker refuses strangers");

    final String id;
    final String title;

    Question(String id, String title) {
      this.id = id;
      this.title = title;
    }
  }

  private final TargetOptions where = new TargetOptions();
  private final ReportOptions reports = new ReportOptions();
  private final DemoOptions demo = new DemoOptions();
  private boolean json;
  private boolean timings;
  private boolean noColor;

  private final Environment process;
  private final Output output;

  QuickVerify(Environment process, Output output) {
    this.process = process;
    this.output = output;
  }

  @Override
  public Options options() {
    var options =
        new Options(
            this,
            "quick_verify",
            "0.1",
            "Ask two questions of a stage, in seconds: does the homepage end in 200, and does the"
                + " worker refuse strangers?",
            Summary.EXIT_CODES);
    where.declare(options);
    options
        .flag("--json", it -> json = it)
        .description("One JSON document (validibot.verify.v1) on stdout.");
    reports.declare(options);
    options.flag("--timings", it -> timings = it).description("Say on stderr where the time went.");
    options.flag("--no-color", it -> noColor = it).description("No colour, as with $NO_COLOR.");
    demo.declare(options);
    return options;
  }

  public static void main(String... args) {
    var environment = Environment.ofProcess();
    Http.prepare(environment, args);
    var output = Output.ofProcess();
    var exit = Scripts.run(new QuickVerify(environment, output), output, args);
    Rehearsal.ifRecorded(QuickVerify.class, QuickVerify::rehearse);
    System.exit(exit);
  }

  /** Everything that there is, TLS included, against a stage within this process. */
  private static void rehearse(Output nobody) {
    var nowhere = new Environment(Map.of(), Path.of(""));
    Scripts.run(new QuickVerify(nowhere, nobody), nobody, "demo", "--break=certificate-expiring");
  }

  /** Whatever keeps it from its work, --json and the reports are answered. */
  @Override
  public void refused(List<String> words, String reason) {
    VerifyJson.refused(nothing(reason), words.contains("--json"), reports, process, output);
  }

  private Report nothing(String reason) {
    return Report.refused("quick_verify", where.named(process), reason);
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
    var began = Instant.now();
    var deadline = began.plus(where.wholeDeadline());
    var reporter = new TextReporter(output, terminal(), json ? Level.NOTHING : Level.LINES, 0);
    reporter.note(demo.broken());
    var deployment =
        Deployment.find(
            stage, where, environment, output.redaction(), deadline, false, reporter::looking);
    reporter.note(deployment.notes());
    var patience = Patience.of(where.wait);
    var web = Background.begin(() -> web(deployment, patience));
    var worker = Background.begin(() -> worker(deployment, patience));
    var asked = List.of(web, worker);
    var findings = new CopyOnWriteArrayList<Finding>();
    interruption.tell(() -> interrupted(asked, findings, deployment, began, reporter));
    for (var question : asked) {
      var open = titles().subList(findings.size(), asked.size());
      LongConsumer waiting =
          seconds ->
              reporter.waiting(new Reporter.Progress(findings.size(), asked.size(), open, seconds));
      var finding = awaited(question, deployment, deadline, waiting);
      findings.add(finding);
      reporter.alone(finding);
    }
    interruption.close();
    var now = report(deployment, began, findings);
    var comparison = earlier.map(it -> Comparison.of(it, now, true));
    var report = now.compared(comparison);
    reporter.changes(report);
    var exit = tell(report, comparison);
    if (timings) {
      output.note(time.told(deployment.traffic().requests(), deployment.traffic().waited()));
    }
    return exit;
  }

  private static List<String> titles() {
    return Stream.of(Question.values()).map(it -> it.title).toList();
  }

  private static Report report(Deployment deployment, Instant began, List<Finding> findings) {
    var stage = deployment.target().stage();
    var summary = new Summary(findings, Duration.between(began, Instant.now()));
    return new Report(
        "quick_verify",
        stage.toString(),
        deployment.about(),
        began,
        summary,
        summary.status(),
        summary.exitCode(),
        verdict(stage, summary),
        List.of("Only two questions were asked: verify_deployment asks them all."));
  }

  /** In every form that was asked for, but for people: they are told each answer when it comes. */
  private int tell(Report report, Optional<Comparison> comparison) {
    if (json) {
      output.document(VerifyJson.of(report, comparison));
    }
    return reports.tell(report, process, output);
  }

  private static String verdict(Stage stage, Summary summary) {
    return stage
        + switch (summary.exitCode()) {
          case Summary.GOOD -> " answers, and its worker refuses strangers";
          case Summary.BROKEN -> " is NOT good";
          default -> " could not be verified";
        };
  }

  /** Tell what was not told yet, and that this is not all. */
  private void interrupted(
      List<CompletableFuture<Finding>> asked,
      List<Finding> told,
      Deployment deployment,
      Instant began,
      TextReporter reporter) {
    var findings = new ArrayList<>(told);
    var took = Duration.between(began, Instant.now());
    for (var question : Arrays.copyOfRange(Question.values(), told.size(), asked.size())) {
      var answer = asked.get(question.ordinal());
      var finding =
          answer.isDone() && !answer.isCompletedExceptionally()
              ? answer.join()
              : unanswered(question.id, question.title, took, "There was no answer yet.");
      findings.add(finding);
      reporter.alone(finding);
    }
    var words = "Interrupted, not verified to the end";
    reporter.alone(unanswered("", words, took));
    tell(report(deployment, began, findings).interrupted(words), Optional.empty());
  }

  private static Finding unanswered(String id, String title, Duration took, String... facts) {
    var verdict = new Verdict(Status.UNVERIFIED, List.of(facts), "", List.of());
    return new Finding(id, "", title, verdict, took, List.of(), List.of());
  }

  private Finding web(Deployment deployment, Patience patience) {
    var part = deployment.target().web();
    return judged(
        Question.WEB,
        part,
        patience,
        trace -> Homepage.of(deployment.web().orElseThrow().tracedBy(trace)));
  }

  private Finding worker(Deployment deployment, Patience patience) {
    var part = deployment.target().worker();
    return judged(
        Question.WORKER,
        part,
        patience,
        trace -> {
          var worker = deployment.worker().orElseThrow().tracedBy(trace);
          Refusal.byGoogle(worker.stranger().get("/"));
          where.workerAliases.forEach(
              alias -> Refusal.byGoogle(worker.at(alias).stranger().get("/")));
        });
  }

  private static Finding judged(
      Question question, Part part, Patience patience, Consumer<Trace> questions) {
    var trace = new Trace();
    var began = System.nanoTime();
    var verdict = verdict(part, patience, questions, trace);
    var took = Duration.ofNanos(System.nanoTime() - began);
    var address = part instanceof Part.Within within ? ": " + within.service().address() : "";
    return new Finding(
        question.id,
        "",
        question.title + address,
        verdict,
        took,
        trace.remarks(),
        trace.exchanges());
  }

  private static Verdict verdict(
      Part part, Patience patience, Consumer<Trace> question, Trace trace) {
    if (part instanceof Part.Outside outside) {
      return Verdict.skipped("outside this target: " + outside.reason() + ".");
    }
    try {
      Patience.Question<RuntimeException> asked = () -> question.accept(trace);
      patience.ask(asked, asked, trace);
      return Verdict.passed();
    } catch (NotKept e) {
      return e.verdict();
    } catch (NoAnswer e) {
      return e.verdict();
    }
  }

  private Finding awaited(
      CompletableFuture<Finding> question,
      Deployment deployment,
      Instant deadline,
      LongConsumer waiting) {
    try {
      return Background.awaited(question, Duration.between(Instant.now(), deadline), waiting);
    } catch (TimeoutException e) {
      deployment.abort();
      return question.join();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Terminal terminal() {
    return output.terminal(noColor, process.variable("NO_COLOR"));
  }
}
