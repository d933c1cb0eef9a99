package lib.checks;

import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;

/**
 * Whether validators on Google Cloud have somewhere to run, as the tables and settings tell
 * (validibot.md sections 3 and 6, VB720 to VB723). Nothing of Google's is asked.
 */
final class ValidatorRoutes {

  private static final String TABLE = "validations_validatorexecutiondeployment";
  private static final String QUEUE = "GCP_VALIDATOR_TASK_QUEUE_NAME";
  private static final String INVOKER = "GCP_VALIDATOR_TASK_INVOKER_SERVICE_ACCOUNT";
  private static final String CALLERS = "TASK_OIDC_ALLOWED_SERVICE_ACCOUNTS";

  /** The validators that need a container and are offered (validibot.md section 4.4). */
  private static final String OFFERED =
      """
      select id, slug || ' v' || version as name from validations_validator
      where is_system and is_enabled and release_state = 'PUBLISHED'
      and availability_state = 'AVAILABLE'
      and validation_type in ('ENERGYPLUS', 'FMU', 'SCHEMATRON', 'SHACL', 'PORTFOLIO_MANAGER')
      """;

  private static final String READY =
      """
      select 1 from validations_validatorexecutiondeployment d where d.validator_id = v.id
      and d.readiness_state = 'READY' and not d.emergency_blocked
      """;

  private final Examined examined;

  ValidatorRoutes(Examined examined) {
    this.examined = examined;
  }

  List<Check> checks() {
    return List.of(
        check("VB720", "Validators have a queue of their own", this::queue),
        check("VB721", "Every offered validator has a route", this::routes),
        check("VB722", "Validators may call back", this::callbacks),
        check("VB723", "Validators run as Services", this::services));
  }

  private Check check(String id, String title, Callable<Verdict> question) {
    return examined.django().target() == DeploymentTarget.GCP
        ? Check.of(id, title, () -> recorded() ? question.call() : notRecorded()).needing("PDV800")
        : Check.of(
            id,
            title,
            () -> Verdict.skipped("Asked on Google Cloud only: elsewhere Docker runs them."));
  }

  private boolean recorded() throws SQLException {
    return examined.theDatabase().hasTable(TABLE);
  }

  private static Verdict notRecorded() {
    return Verdict.skipped("This release does not record where validators run.");
  }

  private Verdict queue() throws SQLException {
    var missing =
        Stream.of(QUEUE, INVOKER)
            .filter(it -> examined.django().variables().text(it).isEmpty())
            .toList();
    if (missing.isEmpty()) {
      return Verdict.passed(examined.django().variables().text(QUEUE).orElseThrow());
    }
    var fact = "not set: " + String.join(", ", missing);
    var fix = "Set them to the queue and the account that init-stage made, and deploy.";
    return primaryServices() > 0
        ? Verdict.failed(fact, "Runs of validators that are Services are not sent.", fix)
        : Verdict.warning(fact, "No validator can become a Service as long as that is so.", fix);
  }

  private Verdict routes() throws SQLException {
    var offered = names("select name from (%s) v order by name".formatted(OFFERED));
    if (offered.isEmpty()) {
      return Verdict.warning(
          "no validator that needs a container is offered",
          "Only what runs in the app itself can be validated.",
          "Enable them in the admin, under Validators.");
    }
    var ready = "select name from (%s) v where not exists (%s and d.routing_role = 'PRIMARY')";
    var without = names(ready.formatted(OFFERED, READY));
    var slow =
        names(
            ("select name from (%s) v where exists (%s and d.routing_role = 'PRIMARY' and"
                    + " d.deployment_kind = 'CLOUD_RUN_SERVICE') and not exists (%s and"
                    + " d.routing_role = 'LONG_RUNNING' and d.deployment_kind = 'CLOUD_RUN_JOB')")
                .formatted(OFFERED, READY, READY));
    if (without.isEmpty() && slow.isEmpty()) {
      return Verdict.passed("all " + offered.size()).with(offered);
    }
    var facts =
        Stream.concat(
            without.stream().map(it -> it + " has no ready primary deployment"),
            slow.stream().map(it -> it + " is a Service, and has no ready Job for long runs"));
    return Verdict.failed(
        facts.toList(),
        "Runs of these validators are not started.",
        "Deploy them, and tell the app: just gcp validator-deployments-sync STAGE");
  }

  private Verdict callbacks() throws SQLException {
    var variables = examined.django().variables();
    var listed = variables.list(CALLERS);
    var allowed =
        listed.isEmpty() ? variables.text("CLOUD_TASKS_SERVICE_ACCOUNT").stream().toList() : listed;
    var strangers =
        new TreeSet<>(
            names(
                "select distinct expected_runtime_identity from "
                    + TABLE
                    + " where routing_role <> 'INACTIVE' and expected_runtime_identity <> ''"));
    var all = strangers.size();
    allowed.forEach(it -> strangers.removeIf(it.strip()::equalsIgnoreCase));
    return strangers.isEmpty()
        ? Verdict.passed(all == 1 ? "1 account" : all + " accounts")
        : Verdict.failed(
            "not allowed to call back: " + String.join(", ", strangers),
            "The worker refuses (401) what they report, and their runs time out.",
            "Add them to " + CALLERS + ", and deploy.");
  }

  private Verdict services() throws SQLException {
    var services = primaryServices();
    return services > 0
        ? Verdict.passed(services + " of the primary deployments")
        : Verdict.info("No primary deployment is a Service: every run starts a Job, and waits.");
  }

  private int primaryServices() throws SQLException {
    return Integer.parseInt(
        examined
            .theDatabase()
            .value(
                "select count(*) from "
                    + TABLE
                    + " where routing_role = 'PRIMARY' and deployment_kind = 'CLOUD_RUN_SERVICE'")
            .orElse("0"));
  }

  private List<String> names(String sql) throws SQLException {
    return examined.theDatabase().rows(sql, row -> row.getString(1));
  }
}
