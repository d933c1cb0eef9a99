package lib.checks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.report.Redaction;
import lib.settings.Gathering;
import lib.settings.Gathering.Wanted;
import lib.settings.Variables;
import lib.target.Environment;
import okhttp3.OkHttpClient;

/** Finds a deployment, and has every question to ask about it. */
public final class Doctor {

  /** Names whose values are never shown (validibot.md section 8). */
  private static final Pattern SECRET =
      Pattern.compile(
          "SECRET|PASSWORD|PASSWD|TOKEN|KEY|ENCRYPTION|PRIVATE|CREDENTIAL|AUTH|DSN|WEBHOOK|SIGNING");

  private Doctor() {}

  /**
   * Find the deployment.
   *
   * @throws lib.target.CannotVerify when nothing is configured
   */
  public static Examined examine(
      Wanted wanted,
      String project,
      Optional<Path> source,
      Environment environment,
      OkHttpClient http,
      Redaction redaction,
      Duration timeout) {
    var socket = environment.variable("VALIDATOR_CONTAINER_SOCKET");
    var engine = EngineFound.look(environment, project, socket, http, timeout);
    var gathered = new Gathering(wanted, environment, engine.stack()).gather();
    hide(gathered.django().variables(), redaction);
    engine.stack().ifPresent(it -> it.containers().forEach(c -> hide(c.environment(), redaction)));
    var network = new Network(gathered.stack());
    var database = gathered.django().database().map(it -> new Database(it, network, timeout));
    return new Examined(gathered, network, database, engine, http, environment, source, timeout);
  }

  /**
   * Say what is examined.
   *
   * @param settings whether to tell where each setting came from
   */
  public static List<String> header(Examined examined, boolean settings) {
    var lines = new java.util.ArrayList<String>();
    var gathered = examined.gathered();
    lines.add("Checking a deployment of Validibot");
    lines.add(
        "  target    "
            + gathered.django().target()
            + (gathered.guessed() ? " (guessed: --target tells)" : ""));
    lines.add("  database  " + examined.database().map(it -> it.url().address()).orElse("none"));
    lines.add(
        "  stack     "
            + examined
                .stack()
                .map(it -> it.project() + ", " + it.containers().size() + " containers")
                .orElse("none found"));
    examined.version().ifPresent(it -> lines.add("  version   " + it));
    for (var file : gathered.files()) {
      lines.add("  env file  " + file.path());
    }
    if (!gathered.stranger().isEmpty()) {
      lines.add("  note      the containers found are not used: " + gathered.stranger());
    }
    if (settings) {
      for (var name : gathered.django().variables().names()) {
        gathered
            .django()
            .variables()
            .find(name)
            .ifPresent(it -> lines.add("  setting   " + name + " from " + it.source()));
      }
    }
    return lines;
  }

  /** Every check there is, in the order in which they are told. */
  public static List<Category> categories(Examined examined) {
    return List.of(new DatabaseChecks(examined).category(), new RoleChecks(examined).category());
  }

  private static void hide(Variables variables, Redaction redaction) {
    variables.layers().forEach(layer -> hide(layer.values(), redaction));
  }

  private static void hide(java.util.Map<String, String> values, Redaction redaction) {
    values.forEach(
        (name, value) -> {
          if (SECRET.matcher(name).find()) {
            redaction.add(value);
          }
          password(value).forEach(redaction::add);
        });
  }

  /** The password in a URL, as it stands there and as it is meant. */
  private static Stream<String> password(String value) {
    var at = value.lastIndexOf('@');
    var scheme = value.indexOf("://");
    if (scheme < 0 || at < scheme) {
      return Stream.empty();
    }
    var user = value.substring(scheme + 3, at);
    var colon = user.indexOf(':');
    if (colon < 0) {
      return Stream.empty();
    }
    var password = user.substring(colon + 1);
    return Stream.of(password, lib.settings.DatabaseUrl.decoded(password));
  }
}
