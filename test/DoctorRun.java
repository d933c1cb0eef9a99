package test;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The doctor with an environment, and its JSON document. Most tests are about a check, and run the
 * script in this JVM, because a process is ten times as expensive.
 */
record DoctorRun(Shell.Outcome outcome, JsonObject document) {

  /** A production deployment with nothing to complain about in its settings, database aside. */
  static Map<String, String> goodSettings() {
    var settings = new LinkedHashMap<String, String>();
    settings.put("DEPLOYMENT_TARGET", "self_hosted");
    settings.put("DJANGO_SECRET_KEY", "canary-secret-key-Zq8kLw3nXv7pRt2mYc5dHb9gJf4sAe6u1");
    settings.put(
        "DJANGO_API_KEY_DIGEST_KEY", "canary-digest-key-Vt4nBq8xWm2kPz7cRj5hLd9fGs3yAe6u0");
    settings.put("DJANGO_MFA_ENCRYPTION_KEY", "Y2FuYXJ5LW1mYS1rZXktMzItYnl0ZXMtbG9uZy0xMjM=");
    settings.put("DJANGO_ALLOWED_HOSTS", "validibot.acme.test,localhost");
    settings.put("DJANGO_CSRF_TRUSTED_ORIGINS", "https://validibot.acme.test");
    settings.put("DJANGO_ADMIN_URL", "back-office-4711/");
    settings.put("SITE_URL", "https://validibot.acme.test");
    settings.put("WORKER_API_KEY", "canary-worker-key-Hn5vCx2bQz8mKw4t");
    settings.put("DJANGO_DEFAULT_FROM_EMAIL", "Validibot <validibot@acme.test>");
    settings.put("POSTMARK_SERVER_TOKEN", "2f1a6c1e-9d0b-4c7e-8a35-5b6c7d00f00d");
    settings.put("VALIDATOR_BACKEND_IMAGE_POLICY", "tag");
    settings.put("VALIDIBOT_VERSION", "v0.14.0");
    return settings;
  }

  /** Run the doctor with these settings in its environment, in a folder without env files. */
  static DoctorRun with(Map<String, String> settings, Path folder, String... arguments) {
    var variables = new HashMap<>(Shell.environment());
    variables.put("DOCKER_HOST", "unix:///nonexistent.sock");
    variables.putAll(settings);
    var words = Stream.concat(Stream.of("--json"), Stream.of(arguments)).toArray(String[]::new);
    var patience = Duration.ofMinutes(2);
    return of(InJvm.of("check_validibot.java").run(variables, folder, patience, words));
  }

  /** The same, as users do it: for what a JVM reads of its process, or for a whole. */
  static DoctorRun asProcess(Map<String, String> settings, Path folder, String... arguments) {
    var all = new ArrayList<>(List.of("check_validibot.java", "--json"));
    all.addAll(List.of(arguments));
    var shell =
        Shell.jbang(all.toArray(String[]::new))
            .in(folder)
            .with("DOCKER_HOST", "unix:///nonexistent.sock");
    settings.forEach(shell::with);
    return of(shell.within(Duration.ofMinutes(2)));
  }

  static DoctorRun of(Shell.Outcome outcome) {
    return new DoctorRun(outcome, JsonParser.parseString(outcome.out()).getAsJsonObject());
  }

  /** The status of a check. */
  String status(String id) {
    return check(id).get("status").getAsString();
  }

  /** The message of a check. */
  String message(String id) {
    return check(id).get("message").getAsString();
  }

  JsonObject check(String id) {
    for (var check : document.getAsJsonArray("checks")) {
      if (check.getAsJsonObject().get("id").getAsString().equals(id)) {
        return check.getAsJsonObject();
      }
    }
    throw new AssertionError("no check " + id + " in " + document);
  }

  /** The ids of all checks with one of these statuses. */
  List<String> ids(String... statuses) {
    var ids = new TreeSet<String>();
    for (var check : document.getAsJsonArray("checks")) {
      if (List.of(statuses).contains(check.getAsJsonObject().get("status").getAsString())) {
        ids.add(check.getAsJsonObject().get("id").getAsString());
      }
    }
    return List.copyOf(ids);
  }
}
