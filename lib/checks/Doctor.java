package lib.checks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.http.Client;
import lib.report.Redaction;
import lib.settings.DatabaseUrl;
import lib.settings.DeploymentTarget;
import lib.settings.Gathering;
import lib.settings.Gathering.Wanted;
import lib.target.Environment;

/** Finds a deployment, and has every question to ask about it. */
public final class Doctor {

  /** Names whose values are never shown (validibot.md section 8). */
  private static final Pattern SECRET =
      Pattern.compile(
          "SECRET|PASSWORD|PASSWD|TOKEN|KEY|ENCRYPTION|PRIVATE|CREDENTIAL|AUTH|DSN|WEBHOOK|SIGNING");

  /** A password in the options of a URL, as redis-py takes it. */
  private static final Pattern PASSWORD_OPTION =
      Pattern.compile("^[a-z+]+://.*[?&]password=([^&#]+)");

  /** What is told all the time, so that it cannot be hidden. */
  private static final List<String> NAMES =
      List.of("POSTGRES_USER", "POSTGRES_DB", "POSTGRES_HOST", "SITE_URL", "SUPERUSER_USERNAME");

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
      Client http,
      Redaction redaction,
      Duration timeout) {
    var socket = environment.variable("VALIDATOR_CONTAINER_SOCKET");
    var engine = EngineFound.look(environment, project, socket, timeout);
    var gathered = new Gathering(wanted, environment, engine.stack(), engine.problem()).gather();
    gathered.django().variables().layers().forEach(it -> hide(it.values(), redaction));
    engine.stack().ifPresent(it -> it.containers().forEach(c -> hide(c.environment(), redaction)));
    var isCloud = gathered.django().target() == DeploymentTarget.GCP;
    var network = new Network(gathered.stack(), !isCloud, redaction);
    var database = gathered.django().database().map(it -> new Database(it, network, timeout));
    var redis = gathered.django().redis().map(it -> new Redis(it, network, http, timeout));
    return new Examined(
        gathered, network, database, redis, engine, http, environment, source, timeout, redaction);
  }

  /**
   * Say what is examined.
   *
   * @param settings whether to tell where each setting came from
   */
  public static List<String> header(Examined examined, boolean settings) {
    var lines = new ArrayList<String>();
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

  /** What a report tells of the deployment, by name. */
  public static Map<String, String> about(Examined examined) {
    var about = new LinkedHashMap<String, String>();
    about.put("target", examined.gathered().django().target().toString());
    examined.database().ifPresent(it -> about.put("database", it.url().address()));
    examined.stack().ifPresent(it -> about.put("stack", it.project()));
    examined.version().ifPresent(it -> about.put("version", it));
    return about;
  }

  /** Every check there is, in the order in which they are told. */
  public static List<Category> categories(Examined examined) {
    return List.of(
        new SettingsChecks(examined).category(),
        new DatabaseChecks(examined).category(),
        new MigrationChecks(examined).category(),
        new InitializationChecks(examined).category(),
        new CacheChecks(examined).category(),
        new StorageChecks(examined).category(),
        new SiteChecks(examined).category(),
        new RoleChecks(examined).category(),
        new ValidatorChecks(examined).category(),
        new TaskChecks(examined).category(),
        new DockerChecks(examined).category(),
        new EmailChecks(examined).category(),
        new SecurityChecks(examined).category(),
        new SiteAddressChecks(examined).category(),
        new CompatibilityChecks(examined).category(),
        new BackupChecks(examined).category());
  }

  /**
   * Hide what is secret by its name, and the passwords in URLs. A secret that is also an ordinary
   * word of these settings, such as a password that equals the name of the database, stays: hidden,
   * it would hide every message that has the word.
   */
  private static void hide(Map<String, String> values, Redaction redaction) {
    var ordinary = new HashSet<>(Set.of("validibot", "postgres", "password", "production"));
    NAMES.forEach(name -> ordinary.add(values.getOrDefault(name, "")));
    values.forEach(
        (name, value) ->
            Stream.concat(
                    SECRET.matcher(name).find() ? Stream.of(value) : Stream.empty(),
                    Stream.concat(password(value), passwordOption(value)))
                .flatMap(Doctor::withPieces)
                .filter(it -> !ordinary.contains(it))
                .forEach(redaction::add));
  }

  /** What reads a secret as a part of a URL complains of the piece that it understood. */
  private static Stream<String> withPieces(String secret) {
    return secret.contains("://")
        ? Stream.of(secret)
        : Stream.concat(Stream.of(secret), Stream.of(secret.split("[/?#@:%]")));
  }

  private static Stream<String> passwordOption(String value) {
    return PASSWORD_OPTION
        .matcher(value)
        .results()
        .flatMap(it -> Stream.of(it.group(1), DatabaseUrl.decoded(it.group(1))));
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
    return Stream.of(password, DatabaseUrl.decoded(password));
  }
}
