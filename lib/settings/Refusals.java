package lib.settings;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.target.Setting;

/** What Validibot refuses to start with, as far as variables tell it (validibot.md section 2). */
public final class Refusals {

  private static final int FERNET_KEY = 32;
  private static final String FERNET =
      "  python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'";

  private final Django django;
  private final Variables variables;
  private final List<Refusal> refusals = new ArrayList<>();

  private Refusals(Django django) {
    this.django = django;
    this.variables = django.variables();
  }

  /**
   * One reason.
   *
   * @param fact names the variable; never a secret
   * @param fix what to do; one that begins with two blanks can be pasted
   */
  public record Refusal(String fact, String fix) {}

  /** All reasons, the first to be met first. */
  public static List<Refusal> of(Django django) {
    var found = new Refusals(django);
    found.target();
    found.required();
    if (django.target().production()) {
      found.mail();
      found.logins();
    }
    if (django.target() == DeploymentTarget.SELF_HOSTED) {
      found.selfHosted();
    }
    if (django.target() == DeploymentTarget.GCP) {
      found.googleCloud();
    }
    found.database();
    found.refusals.addAll(RefusedNumbers.of(django));
    return found.refusals;
  }

  /** Whether a text is a key of Fernet: 32 bytes in URL-safe base64, 44 characters with padding. */
  public static boolean isFernetKey(String key) {
    try {
      return key.length() == 44 && Base64.getUrlDecoder().decode(key).length == FERNET_KEY;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void target() {
    var said = variables.text("DEPLOYMENT_TARGET");
    var module = variables.text("DJANGO_SETTINGS_MODULE", "");
    if (!django.target().production() && !module.contains("production")) {
      return;
    }
    var fix = "Set DEPLOYMENT_TARGET to self_hosted or gcp.";
    if (said.filter("aws"::equals).isPresent()) {
      add("DEPLOYMENT_TARGET is aws, which is not implemented", fix);
    } else if (said.filter(it -> !it.strip().matches("(?i)gcp|self_hosted")).isPresent()) {
      add("DEPLOYMENT_TARGET is '" + said.get() + "', which is no target of production", fix);
    }
  }

  private void required() {
    if (variables.text("DJANGO_SECRET_KEY").isEmpty()) {
      missing("DJANGO_SECRET_KEY", "  openssl rand -hex 32");
    }
    if (!django.target().production()) {
      return;
    }
    if (!isSet("DJANGO_ALLOWED_HOSTS")) {
      missing("DJANGO_ALLOWED_HOSTS", "Set it to the host of SITE_URL, a comma, and localhost.");
    }
    if (!isSet("DJANGO_API_KEY_DIGEST_KEY")) {
      missing("DJANGO_API_KEY_DIGEST_KEY", "  openssl rand -hex 32");
    }
    var key = variables.text("DJANGO_MFA_ENCRYPTION_KEY");
    if (key.isEmpty()) {
      missing("DJANGO_MFA_ENCRYPTION_KEY", FERNET);
    } else if (!isFernetKey(key.get())) {
      add(
          "DJANGO_MFA_ENCRYPTION_KEY is malformed: a Fernet key is 32 bytes in URL-safe base64, 44"
              + " characters",
          FERNET);
    }
  }

  private void mail() {
    if (django.mail() == Django.Mail.NONE) {
      add(
          "no mail provider: neither POSTMARK_SERVER_TOKEN nor EMAIL_HOST is set",
          "Set one of them; production does not print mails.");
    }
  }

  private void logins() {
    if (variables.flag("DJANGO_ADMIN_REQUIRE_MFA", true)
        && !variables.flag("DJANGO_ACCOUNT_ALLOW_LOGIN", true)) {
      add(
          "DJANGO_ADMIN_REQUIRE_MFA is on (the default) while DJANGO_ACCOUNT_ALLOW_LOGIN is off",
          "Switch both off, or logins on.");
    }
  }

  private void selfHosted() {
    if (variables.text("WORKER_API_KEY").isEmpty()) {
      missing("WORKER_API_KEY", "  openssl rand -hex 32");
    }
    var backend = variables.text("DATA_STORAGE_BACKEND", "");
    if (django.bucket().isPresent() && !Set.of("gcs", "s3").contains(backend)) {
      add(
          "STORAGE_BUCKET is set, but DATA_STORAGE_BACKEND is neither gcs nor s3",
          "Set DATA_STORAGE_BACKEND, or remove STORAGE_BUCKET to keep files on the volume.");
    }
  }

  private void googleCloud() {
    for (var name : List.of("STORAGE_BUCKET", "GCP_PROJECT_ID", "WORKER_URL")) {
      if (variables.text(name).isEmpty()) {
        missing(name, "Add it to the env file, and upload that to Secret Manager.");
      }
    }
    // Where it is not set at all, WORKER_URL is used.
    if (isEmpty("TASK_OIDC_AUDIENCE")) {
      add("TASK_OIDC_AUDIENCE is empty", "Remove it, or set it to the URL of the worker.");
    }
    if (variables.list("TASK_OIDC_ALLOWED_SERVICE_ACCOUNTS").isEmpty()
        && (isSet("TASK_OIDC_ALLOWED_SERVICE_ACCOUNTS")
            || variables.text("CLOUD_TASKS_SERVICE_ACCOUNT").isEmpty())) {
      add(
          "TASK_OIDC_ALLOWED_SERVICE_ACCOUNTS names nobody, nor does CLOUD_TASKS_SERVICE_ACCOUNT",
          "Set CLOUD_TASKS_SERVICE_ACCOUNT to the account that may call the worker.");
    }
    if (variables.text("MCP_OIDC_AUDIENCE").isPresent()
        && variables.list("MCP_OIDC_ALLOWED_SERVICE_ACCOUNTS").isEmpty()) {
      add(
          "MCP_OIDC_AUDIENCE is set, but MCP_OIDC_ALLOWED_SERVICE_ACCOUNTS is empty",
          "Set MCP_OIDC_ALLOWED_SERVICE_ACCOUNTS to the service account of the MCP service.");
    }
  }

  private void database() {
    var url = variables.text("DATABASE_URL");
    // Several hosts in one URL are fine for the app.
    if (url.filter(it -> !it.contains(",") && DatabaseUrl.parse(it).isEmpty()).isPresent()) {
      add(
          "DATABASE_URL is no URL of a PostgreSQL database",
          "Write it as postgres://USER:PASSWORD@HOST:PORT/NAME; / and ? in the password become"
              + " %2F and %3F.");
    }
  }

  /** Whether it is set at all; django-environ takes an empty value for one. */
  private boolean isSet(String name) {
    return reference(name).isPresent()
        ? variables.text(name).isPresent()
        : variables.find(name).isPresent();
  }

  private boolean isEmpty(String name) {
    return variables.find(name).map(Setting::value).filter(String::isBlank).isPresent();
  }

  /** A value that begins with a dollar sign, which django-environ takes for another variable. */
  private Optional<String> reference(String name) {
    return variables.find(name).map(Setting::value).filter(it -> it.startsWith("$"));
  }

  private void missing(String name, String fix) {
    if (reference(name).isPresent()) {
      add(
          name + " begins with $, which names another variable, and that is not set",
          "Choose a value that does not begin with $:\n" + fix);
    } else {
      add(name + " is not set", fix);
    }
  }

  private void add(String fact, String fix) {
    refusals.add(new Refusal(fact, fix));
  }
}
