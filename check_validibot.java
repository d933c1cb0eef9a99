///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Check that a deployment of Validibot is set up correctly
//JAVA 17+
//DEPS info.picocli:picocli:4.7.7
//DEPS com.squareup.okhttp3:okhttp-jvm:5.5.1
//DEPS com.squareup.okhttp3:okhttp-tls:5.5.1
//DEPS com.google.auth:google-auth-library-oauth2-http:1.52.0
//DEPS com.google.code.gson:gson:2.14.0
//DEPS io.prometheus:prometheus-metrics-exposition-textformats:1.10.0
//DEPS org.postgresql:postgresql:42.7.14
//DEPS io.minio:minio:9.0.0
//DEPS org.apache.commons:commons-compress:1.28.0
//DEPS redis.clients:jedis:8.0.2
//DEPS org.eclipse.angus:angus-mail:2.0.5
//DEPS org.slf4j:slf4j-nop:1.7.36
//CDS
//SOURCES lib/target/Background.java
//SOURCES lib/target/CannotVerify.java
//SOURCES lib/target/Config.java
//SOURCES lib/target/EnvFile.java
//SOURCES lib/target/Environment.java
//SOURCES lib/target/Gcloud.java
//SOURCES lib/target/Ingress.java
//SOURCES lib/target/Options.java
//SOURCES lib/target/Place.java
//SOURCES lib/target/Service.java
//SOURCES lib/target/Setting.java
//SOURCES lib/target/Stage.java
//SOURCES lib/envfile/BashFile.java
//SOURCES lib/envfile/BashWords.java
//SOURCES lib/settings/Belonging.java
//SOURCES lib/envfile/ComposeFile.java
//SOURCES lib/settings/DatabaseUrl.java
//SOURCES lib/settings/DeploymentTarget.java
//SOURCES lib/settings/Django.java
//SOURCES lib/settings/Drift.java
//SOURCES lib/settings/EnvFiles.java
//SOURCES lib/settings/Gathering.java
//SOURCES lib/settings/Ineffective.java
//SOURCES lib/settings/Placeholders.java
//SOURCES lib/settings/Refusals.java
//SOURCES lib/settings/RefusedNumbers.java
//SOURCES lib/envfile/Interpolation.java
//SOURCES lib/settings/RedisUrl.java
//SOURCES lib/settings/SettingsFile.java
//SOURCES lib/envfile/Unreadable.java
//SOURCES lib/settings/Variables.java
//SOURCES lib/http/Certificates.java
//SOURCES lib/http/Client.java
//SOURCES lib/http/Garbled.java
//SOURCES lib/http/Http.java
//SOURCES lib/http/Json.java
//SOURCES lib/http/NoAnswer.java
//SOURCES lib/http/NoProxy.java
//SOURCES lib/http/PlainHttp.java
//SOURCES lib/http/Proxies.java
//SOURCES lib/http/SecurityHeaders.java
//SOURCES lib/http/Skew.java
//SOURCES lib/google/Credential.java
//SOURCES lib/google/GcloudCredential.java
//SOURCES lib/google/GoogleIdentity.java
//SOURCES lib/google/LibraryCredential.java
//SOURCES lib/google/OkHttpTransport.java
//SOURCES lib/google/Source.java
//SOURCES lib/google/Sources.java
//SOURCES lib/engine/Archive.java
//SOURCES lib/engine/Container.java
//SOURCES lib/engine/Engine.java
//SOURCES lib/engine/EngineHttp.java
//SOURCES lib/engine/Exec.java
//SOURCES lib/engine/Frames.java
//SOURCES lib/engine/Stack.java
//SOURCES lib/engine/UnixSockets.java
//SOURCES lib/checks/AnyCertificate.java
//SOURCES lib/checks/App.java
//SOURCES lib/checks/BackendImages.java
//SOURCES lib/checks/BackupChecks.java
//SOURCES lib/checks/BeatChecks.java
//SOURCES lib/checks/BeatSessions.java
//SOURCES lib/checks/Bucket.java
//SOURCES lib/checks/CacheChecks.java
//SOURCES lib/checks/CacheTable.java
//SOURCES lib/checks/Category.java
//SOURCES lib/checks/Check.java
//SOURCES lib/checks/CheckRun.java
//SOURCES lib/checks/CompatibilityChecks.java
//SOURCES lib/checks/Database.java
//SOURCES lib/checks/DatabaseChecks.java
//SOURCES lib/checks/DatabaseTls.java
//SOURCES lib/checks/Diagnosis.java
//SOURCES lib/checks/DockerAccess.java
//SOURCES lib/checks/DockerChecks.java
//SOURCES lib/checks/DockerImages.java
//SOURCES lib/checks/Doctor.java
//SOURCES lib/checks/Downtime.java
//SOURCES lib/checks/DriftCheck.java
//SOURCES lib/checks/EmailChecks.java
//SOURCES lib/checks/EngineFound.java
//SOURCES lib/checks/EnvFileChecks.java
//SOURCES lib/checks/Examined.java
//SOURCES lib/checks/ExpectedMigrations.java
//SOURCES lib/checks/Fixing.java
//SOURCES lib/checks/GcsBucket.java
//SOURCES lib/checks/Hands.java
//SOURCES lib/checks/HealthPage.java
//SOURCES lib/checks/Heartbeats.java
//SOURCES lib/checks/HostChecks.java
//SOURCES lib/checks/ImagePolicyChecks.java
//SOURCES lib/checks/InitializationChecks.java
//SOURCES lib/checks/JsonReport.java
//SOURCES lib/checks/KeyChecks.java
//SOURCES lib/checks/KnownTasksCheck.java
//SOURCES lib/checks/LocalFolder.java
//SOURCES lib/checks/ManagePy.java
//SOURCES lib/checks/MigrationChecks.java
//SOURCES lib/checks/MigrationFiles.java
//SOURCES lib/checks/MigrationHistory.java
//SOURCES lib/checks/Network.java
//SOURCES lib/checks/PlaceholderCheck.java
//SOURCES lib/checks/Queue.java
//SOURCES lib/checks/QueueChecks.java
//SOURCES lib/checks/Redis.java
//SOURCES lib/checks/RedisSockets.java
//SOURCES lib/checks/RedisTrouble.java
//SOURCES lib/checks/Release.java
//SOURCES lib/checks/RoleChecks.java
//SOURCES lib/checks/LiveSite.java
//SOURCES lib/checks/S3Bucket.java
//SOURCES lib/checks/Schedule.java
//SOURCES lib/checks/ScheduleCheck.java
//SOURCES lib/checks/ScheduleRepair.java
//SOURCES lib/checks/SecurityChecks.java
//SOURCES lib/checks/ServiceStates.java
//SOURCES lib/checks/SettingsChecks.java
//SOURCES lib/checks/SignInPage.java
//SOURCES lib/checks/SiteAddress.java
//SOURCES lib/checks/SiteAddressChecks.java
//SOURCES lib/checks/SiteChecks.java
//SOURCES lib/checks/SiteUrlChecks.java
//SOURCES lib/checks/Smtp.java
//SOURCES lib/checks/SmtpChecks.java
//SOURCES lib/checks/StorageChecks.java
//SOURCES lib/checks/StorageFolder.java
//SOURCES lib/checks/StorageOwners.java
//SOURCES lib/checks/StorageRepairs.java
//SOURCES lib/checks/SystemValidators.java
//SOURCES lib/checks/Tally.java
//SOURCES lib/checks/TaskChecks.java
//SOURCES lib/checks/TextReport.java
//SOURCES lib/checks/ValidatorChecks.java
//SOURCES lib/checks/ValidatorRoutes.java
//SOURCES lib/checks/Version.java
//SOURCES lib/checks/Watched.java
//SOURCES lib/checks/WorkerChecks.java
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
//SOURCES lib/report/Rehearsal.java
//SOURCES lib/report/Report.java
//SOURCES lib/report/ReportOptions.java
//SOURCES lib/report/Reporter.java
//SOURCES lib/report/Scripts.java
//SOURCES lib/report/Status.java
//SOURCES lib/report/Summary.java
//SOURCES lib/report/Terminal.java
//SOURCES lib/report/Timings.java
//SOURCES lib/report/Verdict.java
//SOURCES lib/report/WaitingLine.java
//FILES lib/checks/migrations-0.14.tsv=lib/checks/migrations-0.14.tsv
//COMPILE_OPTIONS -Xlint:all,-auxiliaryclass,-classfile -Werror -proc:none -XDstringConcat=inline -encoding UTF-8 -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1 -XX:+UseSerialGC -XX:TLABSize=64k -Xlog:disable

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import lib.checks.CheckRun;
import lib.checks.CheckRun.Scope;
import lib.checks.Database;
import lib.checks.Diagnosis;
import lib.checks.Doctor;
import lib.checks.Examined;
import lib.checks.Fixing;
import lib.checks.JsonReport;
import lib.checks.Tally;
import lib.checks.TextReport;
import lib.http.Http;
import lib.report.Comparison;
import lib.report.Output;
import lib.report.Rehearsal;
import lib.report.Report;
import lib.report.ReportOptions;
import lib.report.Scripts;
import lib.report.Summary;
import lib.report.Terminal;
import lib.report.Timings;
import lib.settings.DeploymentTarget;
import lib.settings.Gathering.Wanted;
import lib.target.CannotVerify;
import lib.target.Environment;
import lib.target.Options;
import lib.target.Stage;

final class CheckValidibot implements Scripts.Script {

  private static final String[] EXIT_CODES = {
    "%nExit codes:",
    "  0    nothing is broken; with --strict, there are no warnings either",
    "  1    at least one check found an error; with --strict, or a warning",
    "  2    nothing could be checked: usage, nothing configured, --fix refused",
    "  130  interrupted"
  };

  private final ReportOptions reports = new ReportOptions();
  private boolean verbose;
  private boolean fix;
  private boolean dryRun;
  private boolean json;
  private boolean strict;
  private Optional<DeploymentTarget> target = Optional.empty();
  private Optional<Stage> stage = Optional.empty();
  private List<Path> envFiles = List.of();
  private String project;
  private Optional<Path> source = Optional.empty();
  private List<String> only = List.of();
  private List<String> skip = List.of();
  private boolean list;
  private Duration timeout;
  private Optional<Path> authorities = Optional.empty();
  private boolean timings;
  private boolean noColor;

  private final Environment environment;
  private final Output output;

  /** Whether a database answered, and so most of what there is was loaded. */
  private boolean met;

  CheckValidibot(Environment environment, Output output) {
    this.environment = environment;
    this.output = output;
  }

  @Override
  public Options options() {
    var options =
        new Options(
            this,
            "check_validibot",
            "0.1",
            "Check that a deployment of Validibot is set up correctly, from outside.",
            EXIT_CODES);
    options
        .flag("--verbose", it -> verbose = it)
        .description("Tell details, and where each setting came from.");
    options
        .flag("--fix", it -> fix = it)
        .description("Mend what can be mended from here, and ask again.");
    options
        .flag("--dry-run", it -> dryRun = it)
        .description("With --fix: say what would be done, do nothing.");
    options
        .flag("--json", it -> json = it)
        .description("One JSON document (validibot.doctor.v1) on stdout.");
    options.flag("--strict", it -> strict = it).description("Warnings fail, too.");
    options
        .value("--target", "TARGET", CheckValidibot::target, it -> target = Optional.of(it))
        .completionCandidates(
            () -> Stream.of(DeploymentTarget.values()).map(DeploymentTarget::toString).iterator())
        .description("self_hosted, gcp or local_docker_compose (default: DEPLOYMENT_TARGET).");
    options
        .value("--stage", "STAGE", CheckValidibot::stage, it -> stage = Optional.of(it))
        .completionCandidates(
            () ->
                Stream.of(Stage.values())
                    .filter(it -> it != Stage.DEMO)
                    .map(Stage::toString)
                    .iterator())
        .description("dev, staging or prod: whose env file, on gcp (default: prod).");
    options
        .files("--env-file", it -> envFiles = it)
        .description("Read this instead of the usual env files; repeatable, the last one wins.");
    options
        .value("--compose-project", "NAME", it -> it, it -> project = it)
        .defaultValue("validibot")
        .description("Whose containers to look at (default: ${DEFAULT-VALUE}).");
    options
        .file("--source", it -> source = Optional.of(it))
        .paramLabel("DIR")
        .description("A checkout of Validibot, for the migrations to expect.");
    options
        .values("--only", "WORD", it -> it, it -> only = it)
        .splitRegex(",")
        .description("Ask only these ids or groups, and what they need.");
    options
        .values("--skip", "WORD", it -> it, it -> skip = it)
        .splitRegex(",")
        .description("Waive these ids or groups: they are shown, but not asked.");
    options
        .flag("--list", it -> list = it)
        .description("Show all ids and groups, and check nothing.");
    options
        .value("--timeout", "SECONDS", Options::seconds, it -> timeout = it)
        .defaultValue("10")
        .description("For each check (default: ${DEFAULT-VALUE}).");
    options
        .file("--cacert", it -> authorities = Optional.of(it))
        .description("PEM bundle trusted beside the system's authorities.");
    reports.declare(options);
    options.flag("--timings", it -> timings = it).description("Say on stderr where the time went.");
    options.flag("--no-color", it -> noColor = it).description("No colour, as with $NO_COLOR.");
    return options;
  }

  public static void main(String... args) {
    var output = Output.ofProcess();
    var script = new CheckValidibot(Environment.ofProcess(), output);
    var exit = Scripts.run(script, output, args);
    Rehearsal.ifRecorded(CheckValidibot.class, script.met, CheckValidibot::rehearse);
    System.exit(exit);
  }

  /** All checks, of settings whose addresses lead nowhere: answers are not rehearsed. */
  private static void rehearse(Output nobody) {
    var nowhere =
        Map.of(
            "DATABASE_URL", "postgres://nobody:nothing@127.0.0.1:1/nowhere",
            "REDIS_URL", "redis://127.0.0.1:1/0",
            "SITE_URL", "http://127.0.0.1:1",
            "EMAIL_URL", "smtp://127.0.0.1:1");
    var environment = new Environment(nowhere, Path.of(""));
    Scripts.run(new CheckValidibot(environment, nobody), nobody, "--verbose");
    Scripts.run(new CheckValidibot(environment, nobody), nobody, "--json");
  }

  /** Whatever keeps it from its work, --json and the reports are answered. */
  @Override
  public void refused(List<String> words, String reason) {
    refused(words.contains("--json"), nothing(reason));
  }

  private void refused(boolean json, Report nothing) {
    if (json) {
      var reason = nothing.problem().orElseThrow();
      output.document(JsonReport.refused(target, stage.map(Stage::toString), reason));
    }
    reports.tell(nothing, environment, output);
  }

  private Report nothing(String reason) {
    var subject =
        target
            .map(DeploymentTarget::toString)
            .or(() -> environment.variable("DEPLOYMENT_TARGET"))
            .orElseGet(DeploymentTarget.SELF_HOSTED::toString);
    return Report.refused("check_validibot", subject, reason);
  }

  /** Somebody interrupted before anything was known. */
  private void interrupted() {
    var words = "Interrupted: nothing was checked.";
    output.note(words);
    var nothing = nothing(words);
    refused(json, nothing.interrupted(nothing.verdict()));
  }

  @Override
  public Integer call() {
    if (list && json) {
      throw new CannotVerify("--list has no JSON form.");
    }
    if (dryRun && !fix) {
      throw new CannotVerify("--dry-run says what --fix would do: give both.");
    }
    if (source.filter(it -> !Files.isDirectory(it)).isPresent()) {
      throw new CannotVerify("--source " + source.get() + ": there is no such folder.");
    }
    var earlier = reports.prepare(environment);
    try (var interruption = new Scripts.Interruption(this::interrupted)) {
      return check(earlier, interruption);
    }
  }

  private int check(Optional<Comparison.Earlier> earlier, Scripts.Interruption interruption) {
    var time = new Timings();
    var started = Instant.now();
    var http = Http.client(timeout, authorities);
    var wanted = new Wanted(target, stage, envFiles);
    var began = System.nanoTime();
    var examined =
        Doctor.examine(wanted, project, source, environment, http, output.redaction(), timeout);
    if (fix) {
      Fixing.refuse(examined);
    }
    var categories = Doctor.categories(examined);
    if (list) {
      return listed(categories);
    }
    var scope = new Scope(words(only, categories), words(skip, categories));
    var known = new CopyOnWriteArrayList<Diagnosis>();
    try (var run = new CheckRun(categories, scope, timeout)) {
      var report = new TextReport(output, terminal(), verbose);
      interruption.tell(() -> interrupted(examined, run, report, known, started, began));
      if (!json) {
        report.began(Doctor.header(examined, verbose));
      }
      var diagnoses =
          run.run(
              it -> {
                known.add(it);
                if (!json) {
                  report.found(it);
                }
              },
              json ? it -> {} : report::waiting);
      met = examined.database().filter(Database::hasAnswered).isPresent();
      if (fix) {
        diagnoses =
            new Fixing(examined, run, output, dryRun)
                .mend(diagnoses, json ? it -> {} : report::found);
      }
      interruption.close();
      var tally = new Tally(diagnoses, since(began));
      var whole = only.isEmpty() && skip.isEmpty();
      var now = tally.report(Doctor.about(examined), started, strict, whole);
      var comparison = earlier.map(it -> Comparison.of(it, now, whole));
      var told = now.compared(comparison);
      if (json) {
        output.document(JsonReport.of(tally, examined, stage.map(Stage::toString), comparison));
      } else {
        report.changes(told);
        report.ended(tally, strict, whole);
      }
      var exit = reports.tell(told, environment, output);
      if (timings) {
        output.note(time.told());
      }
      return exit;
    }
  }

  private void interrupted(
      Examined examined,
      CheckRun run,
      TextReport report,
      List<Diagnosis> told,
      Instant started,
      long began) {
    var words = "Interrupted, not checked to the end";
    var known = new Tally(told, since(began));
    var all = new ArrayList<>(known.diagnoses());
    all.addAll(run.unanswered(known.diagnoses()));
    var tally = new Tally(all, known.duration());
    if (json) {
      output.document(JsonReport.of(tally, examined, stage.map(Stage::toString), Optional.empty()));
    } else {
      report.interrupted(words, known);
    }
    var cut = tally.report(Doctor.about(examined), started, strict, false).interrupted(words);
    reports.tell(cut, environment, output);
  }

  private int listed(List<lib.checks.Category> categories) {
    for (var category : categories) {
      output.result(category.title() + " (" + category.key() + ")");
      category.checks().forEach(it -> output.result("  %-7s %s".formatted(it.id(), it.title())));
    }
    return Summary.GOOD;
  }

  /** A word that names nothing is a mistake, not an empty selection. */
  private static Set<String> words(List<String> words, List<lib.checks.Category> categories) {
    for (var word : words) {
      var known =
          categories.stream()
              .anyMatch(
                  it ->
                      it.key().equalsIgnoreCase(word)
                          || it.checks().stream().anyMatch(c -> c.id().equalsIgnoreCase(word)));
      if (!known) {
        throw new CannotVerify(
            "'"
                + word
                + "' is no id and no group. See them all: ./jbang check_validibot.java --list");
      }
    }
    return new LinkedHashSet<>(words);
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private Terminal terminal() {
    return output.terminal(noColor, environment.variable("NO_COLOR"));
  }

  private static DeploymentTarget target(String value) {
    return Options.known(
        DeploymentTarget.named(value),
        "'" + value + "' is no target: self_hosted, gcp or local_docker_compose");
  }

  /** Reads a stage that is deployed somewhere. */
  private static Stage stage(String value) {
    return Options.known(
        Stage.named(value).filter(it -> it != Stage.DEMO),
        "'" + value + "' is no stage: dev, staging, prod");
  }
}
