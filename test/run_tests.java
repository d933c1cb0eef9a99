///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Run this project's own tests
//JAVA 17+
//MAIN test.RunTests
//DEPS org.junit:junit-bom:6.1.3@pom
//DEPS info.picocli:picocli:4.7.7
//DEPS com.squareup.okhttp3:okhttp-jvm:5.5.1
//DEPS com.squareup.okhttp3:okhttp-tls:5.5.1
//DEPS com.google.auth:google-auth-library-oauth2-http:1.52.0
//DEPS com.google.code.gson:gson:2.14.0
//DEPS io.prometheus:prometheus-metrics-exposition-textformats:1.10.0
//DEPS org.jsoup:jsoup:1.21.2
//DEPS org.postgresql:postgresql:42.7.14
//DEPS com.networknt:json-schema-validator:1.5.6
//DEPS io.minio:minio:9.0.0
//DEPS org.apache.commons:commons-compress:1.28.0
//DEPS redis.clients:jedis:8.0.2
//DEPS org.eclipse.angus:angus-mail:2.0.5
//DEPS org.slf4j:slf4j-nop:1.7.36
//DEPS com.github.davidmoten:subethasmtp:7.2.0
//DEPS org.apache.maven.surefire:surefire-report-parser:3.5.5
//DEPS org.junit.jupiter:junit-jupiter
//DEPS org.junit.platform:junit-platform-launcher
//SOURCES ../lib/target/Background.java
//SOURCES ../lib/target/CannotVerify.java
//SOURCES ../lib/target/Config.java
//SOURCES ../lib/target/EnvFile.java
//SOURCES ../lib/target/Environment.java
//SOURCES ../lib/target/Expectations.java
//SOURCES ../lib/target/Gcloud.java
//SOURCES ../lib/target/Image.java
//SOURCES ../lib/target/Ingress.java
//SOURCES ../lib/target/Options.java
//SOURCES ../lib/target/Place.java
//SOURCES ../lib/target/Service.java
//SOURCES ../lib/target/Setting.java
//SOURCES ../lib/target/SiteUrl.java
//SOURCES ../lib/target/Stage.java
//SOURCES ../lib/target/Target.java
//SOURCES ../lib/target/TargetOptions.java
//SOURCES ../lib/envfile/BashFile.java
//SOURCES ../lib/envfile/BashWords.java
//SOURCES ../lib/settings/Belonging.java
//SOURCES ../lib/envfile/ComposeFile.java
//SOURCES ../lib/settings/DatabaseUrl.java
//SOURCES ../lib/settings/DeploymentTarget.java
//SOURCES ../lib/settings/Django.java
//SOURCES ../lib/settings/Drift.java
//SOURCES ../lib/settings/EnvFiles.java
//SOURCES ../lib/settings/Gathering.java
//SOURCES ../lib/settings/Ineffective.java
//SOURCES ../lib/settings/Placeholders.java
//SOURCES ../lib/settings/Refusals.java
//SOURCES ../lib/settings/RefusedNumbers.java
//SOURCES ../lib/envfile/Interpolation.java
//SOURCES ../lib/settings/RedisUrl.java
//SOURCES ../lib/settings/SettingsFile.java
//SOURCES ../lib/envfile/Unreadable.java
//SOURCES ../lib/settings/Variables.java
//SOURCES ../lib/http/Account.java
//SOURCES ../lib/http/Answerer.java
//SOURCES ../lib/http/Callback.java
//SOURCES ../lib/http/Caller.java
//SOURCES ../lib/http/Certificates.java
//SOURCES ../lib/http/Client.java
//SOURCES ../lib/http/ColdStart.java
//SOURCES ../lib/http/Cookies.java
//SOURCES ../lib/http/Garbled.java
//SOURCES ../lib/http/Homepage.java
//SOURCES ../lib/http/Http.java
//SOURCES ../lib/http/IdToken.java
//SOURCES ../lib/http/Issuer.java
//SOURCES ../lib/http/Json.java
//SOURCES ../lib/http/Login.java
//SOURCES ../lib/http/LoginAnswer.java
//SOURCES ../lib/http/LoginForm.java
//SOURCES ../lib/http/LoginOptions.java
//SOURCES ../lib/http/Logout.java
//SOURCES ../lib/http/Mcp.java
//SOURCES ../lib/http/McpAddresses.java
//SOURCES ../lib/http/McpAuthorization.java
//SOURCES ../lib/http/McpDiscovery.java
//SOURCES ../lib/http/McpSurface.java
//SOURCES ../lib/http/NoAnswer.java
//SOURCES ../lib/http/NoProxy.java
//SOURCES ../lib/http/Once.java
//SOURCES ../lib/http/Patience.java
//SOURCES ../lib/http/PlainHttp.java
//SOURCES ../lib/http/Proxies.java
//SOURCES ../lib/http/Reached.java
//SOURCES ../lib/http/Refusal.java
//SOURCES ../lib/http/RefusalMarker.java
//SOURCES ../lib/http/Rejection.java
//SOURCES ../lib/http/Reply.java
//SOURCES ../lib/http/SecurityHeaders.java
//SOURCES ../lib/http/Session.java
//SOURCES ../lib/http/Skew.java
//SOURCES ../lib/http/Superuser.java
//SOURCES ../lib/http/Trace.java
//SOURCES ../lib/http/Traffic.java
//SOURCES ../lib/http/Web.java
//SOURCES ../lib/http/Worker.java
//SOURCES ../lib/google/Addresses.java
//SOURCES ../lib/google/Closed.java
//SOURCES ../lib/google/Cloud.java
//SOURCES ../lib/google/Asleep.java
//SOURCES ../lib/google/CloudRun.java
//SOURCES ../lib/google/Condition.java
//SOURCES ../lib/google/Credential.java
//SOURCES ../lib/google/Deployment.java
//SOURCES ../lib/google/Described.java
//SOURCES ../lib/google/Expected.java
//SOURCES ../lib/google/GcloudCredential.java
//SOURCES ../lib/google/GoogleIdentity.java
//SOURCES ../lib/google/LibraryCredential.java
//SOURCES ../lib/google/Lookup.java
//SOURCES ../lib/google/McpService.java
//SOURCES ../lib/google/Newest.java
//SOURCES ../lib/google/OkHttpTransport.java
//SOURCES ../lib/google/Open.java
//SOURCES ../lib/google/Policy.java
//SOURCES ../lib/google/Purpose.java
//SOURCES ../lib/google/Rollout.java
//SOURCES ../lib/google/RunApi.java
//SOURCES ../lib/google/SameBuild.java
//SOURCES ../lib/google/Source.java
//SOURCES ../lib/google/Sources.java
//SOURCES ../lib/google/TargetFinder.java
//SOURCES ../lib/engine/Archive.java
//SOURCES ../lib/engine/Container.java
//SOURCES ../lib/engine/Engine.java
//SOURCES ../lib/engine/EngineHttp.java
//SOURCES ../lib/engine/Exec.java
//SOURCES ../lib/engine/Frames.java
//SOURCES ../lib/engine/Stack.java
//SOURCES ../lib/engine/UnixSockets.java
//SOURCES ../lib/checks/AnyCertificate.java
//SOURCES ../lib/checks/App.java
//SOURCES ../lib/checks/BackendImages.java
//SOURCES ../lib/checks/BackupChecks.java
//SOURCES ../lib/checks/BeatChecks.java
//SOURCES ../lib/checks/BeatSessions.java
//SOURCES ../lib/checks/Bucket.java
//SOURCES ../lib/checks/CacheChecks.java
//SOURCES ../lib/checks/CacheTable.java
//SOURCES ../lib/checks/Category.java
//SOURCES ../lib/checks/Check.java
//SOURCES ../lib/checks/CheckRun.java
//SOURCES ../lib/checks/CompatibilityChecks.java
//SOURCES ../lib/checks/Database.java
//SOURCES ../lib/checks/DatabaseChecks.java
//SOURCES ../lib/checks/DatabaseTls.java
//SOURCES ../lib/checks/Diagnosis.java
//SOURCES ../lib/checks/DockerAccess.java
//SOURCES ../lib/checks/DockerChecks.java
//SOURCES ../lib/checks/DockerImages.java
//SOURCES ../lib/checks/Doctor.java
//SOURCES ../lib/checks/Downtime.java
//SOURCES ../lib/checks/DriftCheck.java
//SOURCES ../lib/checks/EmailChecks.java
//SOURCES ../lib/checks/EngineFound.java
//SOURCES ../lib/checks/EnvFileChecks.java
//SOURCES ../lib/checks/Examined.java
//SOURCES ../lib/checks/ExpectedMigrations.java
//SOURCES ../lib/checks/Fixing.java
//SOURCES ../lib/checks/GcsBucket.java
//SOURCES ../lib/checks/Hands.java
//SOURCES ../lib/checks/HealthPage.java
//SOURCES ../lib/checks/Heartbeats.java
//SOURCES ../lib/checks/HostChecks.java
//SOURCES ../lib/checks/ImagePolicyChecks.java
//SOURCES ../lib/checks/InitializationChecks.java
//SOURCES ../lib/checks/JsonReport.java
//SOURCES ../lib/checks/KeyChecks.java
//SOURCES ../lib/checks/KnownTasksCheck.java
//SOURCES ../lib/checks/LocalFolder.java
//SOURCES ../lib/checks/ManagePy.java
//SOURCES ../lib/checks/MigrationChecks.java
//SOURCES ../lib/checks/MigrationFiles.java
//SOURCES ../lib/checks/MigrationHistory.java
//SOURCES ../lib/checks/Network.java
//SOURCES ../lib/checks/PlaceholderCheck.java
//SOURCES ../lib/checks/Queue.java
//SOURCES ../lib/checks/QueueChecks.java
//SOURCES ../lib/checks/Redis.java
//SOURCES ../lib/checks/RedisSockets.java
//SOURCES ../lib/checks/RedisTrouble.java
//SOURCES ../lib/checks/Release.java
//SOURCES ../lib/checks/RoleChecks.java
//SOURCES ../lib/checks/LiveSite.java
//SOURCES ../lib/checks/S3Bucket.java
//SOURCES ../lib/checks/Schedule.java
//SOURCES ../lib/checks/ScheduleCheck.java
//SOURCES ../lib/checks/ScheduleRepair.java
//SOURCES ../lib/checks/SecurityChecks.java
//SOURCES ../lib/checks/ServiceStates.java
//SOURCES ../lib/checks/SettingsChecks.java
//SOURCES ../lib/checks/SignInPage.java
//SOURCES ../lib/checks/SiteAddress.java
//SOURCES ../lib/checks/SiteAddressChecks.java
//SOURCES ../lib/checks/SiteChecks.java
//SOURCES ../lib/checks/SiteUrlChecks.java
//SOURCES ../lib/checks/Smtp.java
//SOURCES ../lib/checks/SmtpChecks.java
//SOURCES ../lib/checks/StorageChecks.java
//SOURCES ../lib/checks/StorageFolder.java
//SOURCES ../lib/checks/StorageOwners.java
//SOURCES ../lib/checks/StorageRepairs.java
//SOURCES ../lib/checks/SystemValidators.java
//SOURCES ../lib/checks/Tally.java
//SOURCES ../lib/checks/TaskChecks.java
//SOURCES ../lib/checks/TextReport.java
//SOURCES ../lib/checks/ValidatorChecks.java
//SOURCES ../lib/checks/ValidatorRoutes.java
//SOURCES ../lib/checks/Version.java
//SOURCES ../lib/checks/Watched.java
//SOURCES ../lib/checks/WorkerChecks.java
//SOURCES ../lib/report/Comparison.java
//SOURCES ../lib/report/Disguises.java
//SOURCES ../lib/report/Exchange.java
//SOURCES ../lib/report/Finding.java
//SOURCES ../lib/report/GithubActions.java
//SOURCES ../lib/report/Html.java
//SOURCES ../lib/report/HtmlFinding.java
//SOURCES ../lib/report/HtmlFindings.java
//SOURCES ../lib/report/HtmlPage.java
//SOURCES ../lib/report/HtmlStyle.java
//SOURCES ../lib/report/JunitXml.java
//SOURCES ../lib/report/NotKept.java
//SOURCES ../lib/report/Output.java
//SOURCES ../lib/report/Prometheus.java
//SOURCES ../lib/report/Redaction.java
//SOURCES ../lib/report/Report.java
//SOURCES ../lib/report/ReportOptions.java
//SOURCES ../lib/report/Reporter.java
//SOURCES ../lib/report/Rehearsal.java
//SOURCES ../lib/report/Scripts.java
//SOURCES ../lib/report/Status.java
//SOURCES ../lib/report/Summary.java
//SOURCES ../lib/report/Terminal.java
//SOURCES ../lib/report/TextReporter.java
//SOURCES ../lib/report/Timings.java
//SOURCES ../lib/report/Verdict.java
//SOURCES ../lib/report/VerifyJson.java
//SOURCES ../lib/report/WaitingLine.java
//SOURCES ../lib/smoke/Absence.java
//SOURCES ../lib/smoke/Dashboard.java
//SOURCES ../lib/smoke/DeepHealth.java
//SOURCES ../lib/smoke/DeploymentTests.java
//SOURCES ../lib/smoke/ExposureTests.java
//SOURCES ../lib/smoke/Fixtures.java
//SOURCES ../lib/smoke/Health.java
//SOURCES ../lib/smoke/Id.java
//SOURCES ../lib/smoke/LastFailed.java
//SOURCES ../lib/smoke/McpTests.java
//SOURCES ../lib/smoke/PublicAddressTests.java
//SOURCES ../lib/smoke/RunListener.java
//SOURCES ../lib/smoke/Selection.java
//SOURCES ../lib/smoke/SentenceNames.java
//SOURCES ../lib/smoke/SmokeRun.java
//SOURCES ../lib/smoke/Suite.java
//SOURCES ../lib/smoke/SuperuserTests.java
//SOURCES ../lib/smoke/ToldInOrder.java
//SOURCES ../lib/smoke/Waiting.java
//SOURCES ../lib/smoke/WebApiTests.java
//SOURCES ../lib/smoke/WebRoutesTests.java
//SOURCES ../lib/smoke/WebTests.java
//SOURCES ../lib/smoke/WorkerInvokerTests.java
//SOURCES ../lib/smoke/WorkerStrangerTests.java
//SOURCES ../lib/demo/Accounts.java
//SOURCES ../lib/demo/AdminApi.java
//SOURCES ../lib/demo/Answer.java
//SOURCES ../lib/demo/Api.java
//SOURCES ../lib/demo/App.java
//SOURCES ../lib/demo/Callback.java
//SOURCES ../lib/demo/CarelessPort.java
//SOURCES ../lib/demo/Credentials.java
//SOURCES ../lib/demo/DeepHealth.java
//SOURCES ../lib/demo/DemoApp.java
//SOURCES ../lib/demo/DemoOptions.java
//SOURCES ../lib/demo/DemoStage.java
//SOURCES ../lib/demo/DemoTls.java
//SOURCES ../lib/demo/Discovery.java
//SOURCES ../lib/demo/Exchange.java
//SOURCES ../lib/demo/Fault.java
//SOURCES ../lib/demo/FrontEnd.java
//SOURCES ../lib/demo/GcloudDirectory.java
//SOURCES ../lib/demo/GooglePages.java
//SOURCES ../lib/demo/Handler.java
//SOURCES ../lib/demo/Health.java
//SOURCES ../lib/demo/IamCredentials.java
//SOURCES ../lib/demo/Loopback.java
//SOURCES ../lib/demo/McpApp.java
//SOURCES ../lib/demo/MetadataServer.java
//SOURCES ../lib/demo/Pages.java
//SOURCES ../lib/demo/Proxy.java
//SOURCES ../lib/demo/Request.java
//SOURCES ../lib/demo/Revisions.java
//SOURCES ../lib/demo/Role.java
//SOURCES ../lib/demo/Routes.java
//SOURCES ../lib/demo/Scenario.java
//SOURCES ../lib/demo/Secrets.java
//SOURCES ../lib/demo/Service.java
//SOURCES ../lib/demo/ServiceJson.java
//SOURCES ../lib/demo/Settings.java
//SOURCES ../lib/demo/Shape.java
//SOURCES ../lib/demo/SignIn.java
//SOURCES ../lib/demo/StaticFiles.java
//SOURCES ../lib/demo/TokenEndpoint.java
//SOURCES ../lib/demo/Tokens.java
//SOURCES ../lib/demo/WebRoutes.java
//SOURCES ../lib/demo/WorkerAuth.java
//SOURCES ../lib/demo/WorkerRoutes.java
//SOURCES BashFileTests.java
//SOURCES BootstrapTests.java
//SOURCES BrokenDependenciesTests.java
//SOURCES BucketServer.java
//SOURCES CacheChecksTests.java
//SOURCES CanaryTests.java
//SOURCES Celery.java
//SOURCES CeleryWorker.java
//SOURCES CloudTests.java
//SOURCES CompatibilityChecksTests.java
//SOURCES CompletionTests.java
//SOURCES ComposeFileTests.java
//SOURCES ComposeStack.java
//SOURCES ConcurrencyTests.java
//SOURCES ConsentTests.java
//SOURCES ContainerEngine.java
//SOURCES ContainerSettingsTests.java
//SOURCES DatabaseChecksTests.java
//SOURCES DatabaseUrlTests.java
//SOURCES DemoSignInTests.java
//SOURCES DemoStageTests.java
//SOURCES DockerChecksTests.java
//SOURCES DoctorRun.java
//SOURCES DoctorTests.java
//SOURCES DriftTests.java
//SOURCES EdgeTests.java
//SOURCES EmailChecksTests.java
//SOURCES EngineTests.java
//SOURCES ExpectationsTests.java
//SOURCES ExtendingTests.java
//SOURCES FaultEffect.java
//SOURCES FaultPair.java
//SOURCES FaultPairTests.java
//SOURCES FaultTable.java
//SOURCES FaultTests.java
//SOURCES GatheringTests.java
//SOURCES HostileTests.java
//SOURCES HtmlPageTests.java
//SOURCES HtmlReport.java
//SOURCES IdentityTests.java
//SOURCES ImageTests.java
//SOURCES InJvm.java
//SOURCES InitializationChecksTests.java
//SOURCES InterruptionTests.java
//SOURCES IssuerTests.java
//SOURCES JdkTests.java
//SOURCES LaunchCacheTests.java
//SOURCES Listener.java
//SOURCES MailServer.java
//SOURCES MigrationChecksTests.java
//SOURCES MigrationFilesTests.java
//SOURCES NetworkTests.java
//SOURCES OddSignInTests.java
//SOURCES OddStageTests.java
//SOURCES OptionsTests.java
//SOURCES OutputTests.java
//SOURCES PgBouncer.java
//SOURCES PinnedJbang.java
//SOURCES Ports.java
//SOURCES Postgres.java
//SOURCES ProxyTests.java
//SOURCES PublicSite.java
//SOURCES PythonEnvironment.java
//SOURCES QuickVerifyTests.java
//SOURCES RawServer.java
//SOURCES RecordedAnswersTests.java
//SOURCES RecordedEngine.java
//SOURCES RedisServer.java
//SOURCES RefusalTests.java
//SOURCES RehearsalTests.java
//SOURCES RejectionTests.java
//SOURCES ReportFiles.java
//SOURCES ReportFilesTests.java
//SOURCES ReportTests.java
//SOURCES RoleChecksTests.java
//SOURCES ScheduleChecksTests.java
//SOURCES Schema.java
//SOURCES SecurityChecksTests.java
//SOURCES SelectionTests.java
//SOURCES SettingsChecksTests.java
//SOURCES Shell.java
//SOURCES SignInTests.java
//SOURCES SiteAddressChecksTests.java
//SOURCES SiteChecksTests.java
//SOURCES StackMigrationsTests.java
//SOURCES StackTaskChecksTests.java
//SOURCES StandbyTests.java
//SOURCES StorageChecksTests.java
//SOURCES TargetTests.java
//SOURCES TaskChecksTests.java
//SOURCES TlsTests.java
//SOURCES ToolingTests.java
//SOURCES ValidatorChecksTests.java
//SOURCES ValidatorRoutesTests.java
//SOURCES VerifyDeploymentTests.java
//SOURCES WaitingTests.java
//SOURCES WholeDoctorTests.java
//SOURCES WorkerHostTests.java
//COMPILE_OPTIONS -Xlint:all,-auxiliaryclass,-classfile -Werror -proc:none -encoding UTF-8
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xlog:disable

package test;

import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import lib.smoke.Selection;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the tests in this folder, and ends on a line that counts them. */
@Command(
    name = "run_tests",
    mixinStandardHelpOptions = true,
    description = "Run this project's own tests, from its folder.")
final class RunTests implements Callable<Integer> {

  private static final String PARALLEL = "junit.jupiter.execution.parallel.";

  private Optional<Selection> selection = Optional.empty();
  private int atOnce = 6;

  @Option(names = "-k", paramLabel = "EXPR", description = "Only tests whose names match.")
  void select(String expression) {
    try {
      selection = Optional.of(Selection.of(expression));
    } catch (Selection.Malformed e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  @Option(names = "-n", paramLabel = "N", description = "How many at once (6).")
  void run(int number) {
    if (number < 1) {
      throw new ParameterException(spec.commandLine(), "-n " + number + ": at least 1");
    }
    atOnce = number;
  }

  @Option(names = "--durations", paramLabel = "N", description = "Name the N slowest tests.")
  int durations;

  @Spec CommandSpec spec;

  @Option(names = "-v", description = "A line for each test, not only for failures.")
  boolean verbose;

  public static void main(String... args) {
    System.exit(new CommandLine(new RunTests()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (!Files.exists(Path.of("test", "run_tests.java"))) {
      System.err.println("Run the tests from the folder of this repository.");
      return 2;
    }
    var classes = RunTests.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    var tally = new Tally(verbose, durations);
    LauncherFactory.create()
        .execute(
            request()
                .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(Path.of(classes))))
                .filters(
                    ClassNameFilter.includeClassNamePatterns("test\\..*Tests"),
                    (PostDiscoveryFilter) test -> chosen(test, selection))
                .configurationParameter(PARALLEL + "enabled", "true")
                .configurationParameter(PARALLEL + "mode.default", "concurrent")
                .configurationParameter(PARALLEL + "config.strategy", "fixed")
                .configurationParameter(
                    PARALLEL + "config.fixed.parallelism", String.valueOf(atOnce))
                .configurationParameter(PARALLEL + "config.executor-service", "WORKER_THREAD_POOL")
                .build(),
            tally);
    return tally.tell();
  }

  private static FilterResult chosen(TestDescriptor test, Optional<Selection> selection) {
    var names = new ArrayList<String>();
    for (var it = Optional.of(test); it.isPresent(); it = it.get().getParent()) {
      names.add(it.get().getLegacyReportingName());
      names.add(it.get().getDisplayName());
    }
    var container = test.isContainer() && !test.mayRegisterTests();
    return FilterResult.includedIf(
        container || selection.map(it -> it.selects(names)).orElse(true));
  }

  /** Counts tests, and tells of those that fail. */
  private static final class Tally implements TestExecutionListener {

    private final boolean verbose;
    private final int durations;
    private final Map<TestIdentifier, Long> began = new ConcurrentHashMap<>();
    private final Map<String, Duration> took = new ConcurrentHashMap<>();
    private final List<String> failed = new ArrayList<>();
    private int passed;
    private int skipped;

    Tally(boolean verbose, int durations) {
      this.verbose = verbose;
      this.durations = durations;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
      began.put(test, System.nanoTime());
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
      skipped++;
      System.out.println("skipped  " + name(test) + ": " + reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        took.put(name(test), Duration.ofNanos(System.nanoTime() - began.get(test)));
      }
      switch (result.getStatus()) {
        case SUCCESSFUL -> {
          if (test.isTest()) {
            passed++;
            if (verbose) {
              System.out.println("passed   " + name(test));
            }
          }
        }
        case ABORTED ->
            executionSkipped(test, result.getThrowable().map(Throwable::getMessage).orElse(""));
        case FAILED -> {
          failed.add(name(test));
          System.out.println("FAILED   " + name(test));
          result.getThrowable().ifPresent(problem -> problem.printStackTrace(System.out));
        }
      }
    }

    synchronized int tell() {
      took.entrySet().stream()
          .sorted(Map.Entry.<String, Duration>comparingByValue().reversed())
          .limit(durations)
          .forEach(it -> System.out.printf("%6d ms  %s%n", it.getValue().toMillis(), it.getKey()));
      failed.forEach(name -> System.out.println("FAILED   " + name));
      System.out.printf("%d passed, %d failed, %d skipped%n", passed, failed.size(), skipped);
      return failed.isEmpty() && passed > 0 ? 0 : 1;
    }

    private static String name(TestIdentifier test) {
      var id = test.getUniqueIdObject();
      var type =
          id.getSegments().stream()
              .filter(segment -> segment.getType().equals("class"))
              .map(segment -> segment.getValue().replaceFirst(".*\\.", ""))
              .findFirst()
              .orElse("");
      return type + ": " + test.getDisplayName();
    }
  }
}
