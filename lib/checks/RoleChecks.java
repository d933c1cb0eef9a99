package lib.checks;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import lib.checks.Check.Repair;
import lib.report.Verdict;

/** Whether the roles and permissions that Validibot is seeded with are there, once. */
final class RoleChecks {

  /** validibot.md section 4.1. */
  private static final Map<String, String> ROLES = roles();

  /**
   * A permission of validibot.md section 4.2.
   *
   * @param model its content type, such as {@code workflows.workflow}
   */
  private record Permission(String codename, String name, String model) {

    String app() {
      return model.substring(0, model.indexOf('.'));
    }

    String type() {
      return model.substring(model.indexOf('.') + 1);
    }
  }

  private static final List<Permission> PERMISSIONS =
      List.of(
          new Permission("workflow_launch", "Can launch workflows", "workflows.workflow"),
          new Permission("workflow_view", "Can view workflows", "workflows.workflow"),
          new Permission("workflow_edit", "Can edit workflows", "workflows.workflow"),
          new Permission(
              "admin_manage_org", "Can manage organizations and members", "users.organization"),
          new Permission(
              "validation_results_view_all",
              "Can view all validation results",
              "validations.validationrun"),
          new Permission(
              "validation_results_view_own",
              "Can view own validation results",
              "validations.validationrun"),
          new Permission("validator_view", "Can view validators", "validations.validator"),
          new Permission(
              "validator_edit", "Can create or edit validators", "validations.validator"),
          new Permission("analytics_view", "Can view analytics", "validations.validationrun"),
          new Permission("analytics_review", "Can review analytics", "validations.validationrun"));

  private final Examined examined;

  RoleChecks(Examined examined) {
    this.examined = examined;
  }

  Category category() {
    return new Category(
        "roles",
        "Roles and permissions",
        "site",
        List.of(
            Check.of("VB810", "All roles are there", this::allRoles)
                .needing("PDV800")
                .repairedBy(this::addRoles),
            Check.of("PDV810", "Every role is there once", this::noDuplicates).needing("PDV104"),
            Check.of("VB811", "All permissions are there", this::allPermissions)
                .needing("PDV800")
                .repairedBy(this::addPermissions)));
  }

  private Verdict allRoles() throws SQLException {
    var missing = missingRoles();
    return missing.isEmpty()
        ? Verdict.passed("all " + ROLES.size())
        : Verdict.failed(
            "missing: " + String.join(", ", missing),
            "Members cannot be given these roles, and pages that ask for them fail.",
            "  ./jbang check_validibot.java --fix --only VB810");
  }

  private List<String> missingRoles() throws SQLException {
    var there = examined.theDatabase().rows("select code from users_role", r -> r.getString(1));
    return ROLES.keySet().stream().filter(code -> !there.contains(code)).toList();
  }

  private Verdict noDuplicates() throws SQLException {
    var twice =
        examined
            .theDatabase()
            .rows(
                "select code, count(*) from users_role group by code having count(*) > 1"
                    + " order by code",
                row -> row.getString(1) + " (" + row.getInt(2) + " times)");
    return twice.isEmpty()
        ? Verdict.passed("no code twice")
        : Verdict.failed(
            "more than once: " + String.join(", ", twice),
            "Wherever Validibot asks for that role it gets two and fails.",
            "Move the members of one to the other, then delete it: table users_role. Other rows"
                + " refer to them, so this is not done from here.");
  }

  /** Another run of ours may have been faster. */
  private static String told(List<String> added) {
    return added.isEmpty() ? "nothing was missing any more" : "added " + String.join(", ", added);
  }

  private Verdict allPermissions() throws SQLException {
    var missing = missingPermissions();
    if (missing.isEmpty()) {
      return Verdict.passed("all " + PERMISSIONS.size() + ", each on its own content type");
    }
    var codenames = missing.stream().map(Permission::codename).toList();
    var elsewhere =
        examined
            .theDatabase()
            .rows(
                "select p.codename, t.app_label, t.model from auth_permission p"
                    + " join django_content_type t on t.id = p.content_type_id"
                    + " where p.codename = any(string_to_array(?, ',')) order by 1",
                row -> row.getString(1) + " is on " + row.getString(2) + "." + row.getString(3),
                String.join(",", codenames));
    var wrong =
        elsewhere.isEmpty() ? "" : ". On a wrong content type: " + String.join(", ", elsewhere);
    return Verdict.failed(
        "missing: "
            + missing.stream()
                .map(it -> it.codename() + " (" + it.model() + ")")
                .collect(Collectors.joining(", "))
            + wrong,
        "Roles that build on these cannot do what they should.",
        "  ./jbang check_validibot.java --fix --only VB811");
  }

  private List<Permission> missingPermissions() throws SQLException {
    var there =
        examined
            .theDatabase()
            .rows(
                "select p.codename, t.app_label, t.model from auth_permission p"
                    + " join django_content_type t on t.id = p.content_type_id",
                row -> row.getString(1) + " " + row.getString(2) + "." + row.getString(3));
    return PERMISSIONS.stream()
        .filter(it -> !there.contains(it.codename() + " " + it.model()))
        .toList();
  }

  private Optional<Repair> addRoles() {
    return Optional.of(
        new Repair(
            "add the missing roles to users_role; existing rows stay as they are",
            () ->
                examined
                    .theDatabase()
                    .transaction(
                        connection -> {
                          var added = new ArrayList<String>();
                          try (var lock = connection.createStatement();
                              var insert =
                                  connection.prepareStatement(
                                      "insert into users_role (code, name) select ?, ? where not"
                                          + " exists (select 1 from users_role where code = ?)")) {
                            // no unique constraint: only a lock keeps two runs from adding twice
                            lock.execute("lock table users_role in share row exclusive mode");
                            for (var role : ROLES.entrySet()) {
                              insert.setString(1, role.getKey());
                              insert.setString(2, role.getValue());
                              insert.setString(3, role.getKey());
                              if (insert.executeUpdate() > 0) {
                                added.add(role.getKey());
                              }
                            }
                          }
                          return told(added);
                        })));
  }

  private Optional<Repair> addPermissions() {
    return Optional.of(
        new Repair(
            "add the missing permissions to auth_permission; existing rows stay as they are",
            () ->
                examined
                    .theDatabase()
                    .transaction(
                        connection -> {
                          var added = new ArrayList<String>();
                          try (var insert =
                              connection.prepareStatement(
                                  "insert into auth_permission (name, content_type_id, codename)"
                                      + " select ?, id, ? from django_content_type"
                                      + " where app_label = ? and model = ?"
                                      + " on conflict (content_type_id, codename) do nothing")) {
                            for (var permission : PERMISSIONS) {
                              insert.setString(1, permission.name());
                              insert.setString(2, permission.codename());
                              insert.setString(3, permission.app());
                              insert.setString(4, permission.type());
                              if (insert.executeUpdate() > 0) {
                                added.add(permission.codename());
                              }
                            }
                          }
                          return told(added);
                        })));
  }

  private static Map<String, String> roles() {
    var roles = new LinkedHashMap<String, String>();
    roles.put("OWNER", "Owner");
    roles.put("ADMIN", "Admin");
    roles.put("AUTHOR", "Author");
    roles.put("EXECUTOR", "Executor");
    roles.put("ANALYTICS_VIEWER", "Analytics Viewer");
    roles.put("WORKFLOW_VIEWER", "Workflow Viewer");
    roles.put("VALIDATION_RESULTS_VIEWER", "Validation Results Viewer");
    return roles;
  }
}
