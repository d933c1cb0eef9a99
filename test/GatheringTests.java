package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.engine.Container;
import lib.engine.Container.Networks;
import lib.engine.Container.State;
import lib.engine.Engine;
import lib.engine.Stack;
import lib.settings.DeploymentTarget;
import lib.settings.Gathering;
import lib.settings.Gathering.Gathered;
import lib.settings.Gathering.Wanted;
import lib.target.CannotVerify;
import lib.target.Environment;
import lib.target.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which source a setting comes from, and to which deployment the sources belong. */
class GatheringTests {

  private static final String SELF_HOSTED = ".envs/.production/.self-hosted/";

  @TempDir private Path folder;
  private final Map<String, String> environment = new LinkedHashMap<>();

  @Test
  void nothing_configured_is_said_with_what_to_give() {
    var problem = assertThrows(CannotVerify.class, () -> gather(usual()));

    assertTrue(problem.getMessage().contains("--env-file FILE"));
  }

  @Test
  void environment_is_stronger_than_files_and_a_later_file_than_an_earlier_one()
      throws IOException {
    var one = file("one.env", "A=one\nB=one\nC=one\nEMPTY=one\nSITE_URL=https://a.acme.org");
    var two = file("two.env", "B=two\nC=two");
    environment.put("C", "environment");
    environment.put("EMPTY", "");

    var gathered = gather(wanted(Optional.empty(), Optional.empty(), one, two));

    assertEquals("one", text(gathered, "A"));
    assertEquals("two", text(gathered, "B"));
    assertEquals("environment", text(gathered, "C"));
    assertEquals("one", text(gathered, "EMPTY"));
    assertEquals("env file two.env", source(gathered, "B"));
    assertEquals("environment", source(gathered, "C"));
  }

  @Test
  void later_file_may_refer_to_an_earlier_one() throws IOException {
    var one = file(".django", "SITE_URL=https://a.acme.org");
    var two = file(".postgres", "COPY=${SITE_URL}");

    var gathered = gather(wanted(Optional.empty(), Optional.empty(), one, two));

    assertEquals("https://a.acme.org", text(gathered, "COPY"));
  }

  @Test
  void files_refer_to_the_build_file_beside_them() throws IOException {
    file(SELF_HOSTED + ".build", "VERSION=v1");
    file(SELF_HOSTED + ".django", "SITE_URL=https://${VERSION}.acme.org");

    var gathered = gather(usual());

    assertEquals("https://v1.acme.org", text(gathered, "SITE_URL"));
    assertEquals(1, gathered.files().size());
  }

  @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
  @CsvSource({
    ".envs/.production/.self-hosted/.django, SELF_HOSTED",
    ".envs/.local/.django, LOCAL_DOCKER_COMPOSE",
    ".envs/.production/.google-cloud/.django, GCP"
  })
  void usual_file_tells_the_target_and_that_is_only_a_guess(String path, DeploymentTarget target)
      throws IOException {
    file(path, "SITE_URL=https://a.acme.org");

    var gathered = gather(usual());

    assertEquals(target, gathered.django().target());
    assertTrue(gathered.guessed());
    assertEquals("https://a.acme.org", text(gathered, "SITE_URL"));
  }

  @Test
  void deployment_target_of_a_file_is_no_guess_and_an_option_is_stronger() throws IOException {
    file(SELF_HOSTED + ".django", "DEPLOYMENT_TARGET=self_hosted");
    var own = file("own.env", "DEPLOYMENT_TARGET=gcp");

    assertEquals(DeploymentTarget.SELF_HOSTED, gather(usual()).django().target());
    assertEquals(false, gather(usual()).guessed());
    var option = wanted(Optional.of(DeploymentTarget.SELF_HOSTED), Optional.empty(), own);
    assertEquals(DeploymentTarget.SELF_HOSTED, gather(option).django().target());
    environment.put("DEPLOYMENT_TARGET", "local_docker_compose");
    var shell = wanted(Optional.empty(), Optional.empty(), own);
    assertEquals(DeploymentTarget.LOCAL_DOCKER_COMPOSE, gather(shell).django().target());
  }

  @Test
  void file_that_says_gcp_is_read_as_bash_would_wherever_it_lies() throws IOException {
    var own = file("own.env", "DEPLOYMENT_TARGET=gcp\nNAME=Admin User");

    var gathered = gather(wanted(Optional.empty(), Optional.empty(), own));

    assertEquals(DeploymentTarget.GCP, gathered.django().target());
    assertEquals(1, gathered.files().get(0).problems().size());
  }

  @ParameterizedTest(name = "{0}: {1}", quoteTextArguments = false)
  @CsvSource({
    "PROD, .envs/.production/.google-cloud/.django",
    "DEV, .envs/.dev/.google-cloud/.django",
    "STAGING, .envs/.staging/.google-cloud/.django"
  })
  void stage_means_google_cloud_and_has_a_file_of_its_own(Stage stage, String path)
      throws IOException {
    file(SELF_HOSTED + ".django", "SITE_URL=https://self.acme.org");
    file(path, "SITE_URL=https://cloud.acme.org");

    var gathered = gather(wanted(Optional.empty(), Optional.of(stage)));

    assertEquals(DeploymentTarget.GCP, gathered.django().target());
    assertEquals("https://cloud.acme.org", text(gathered, "SITE_URL"));
  }

  @Test
  void file_that_was_asked_for_and_is_not_there_is_said() {
    var missing = wanted(Optional.empty(), Optional.empty(), folder.resolve("no.env"));

    var problem = assertThrows(CannotVerify.class, () -> gather(missing));

    assertTrue(problem.getMessage().contains("there is no such file"));
  }

  @Test
  void stack_tells_where_its_env_files_are() throws IOException {
    var home = Files.createDirectories(folder.resolve("srv"));
    file("srv/" + SELF_HOSTED + ".django", "SITE_URL=https://new.acme.org");

    var gathered =
        gather(usual(), stack(home, Map.of("SITE_URL", "https://old.acme.org", "X", "x")));

    assertEquals("https://new.acme.org", text(gathered, "SITE_URL"), "edited, not a stranger");
    assertEquals("x", text(gathered, "X"));
    assertEquals("container validibot-web-1", source(gathered, "X"));
    assertTrue(gathered.stack().isPresent());
    assertEquals("", gathered.stranger());
  }

  @Test
  void compose_file_overrides_the_env_files() throws IOException {
    file(SELF_HOSTED + ".django", "DJANGO_SETTINGS_MODULE=config.settings.production_pro");

    var gathered =
        gather(
            usual(), stack(folder, Map.of("DJANGO_SETTINGS_MODULE", "config.settings.production")));

    assertEquals("config.settings.production", text(gathered, "DJANGO_SETTINGS_MODULE"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "SITE_URL, https://other.acme.org",
    "REDIS_URL, redis://other:6379/0",
    "DATABASE_URL, postgres://u:p@other/db"
  })
  void containers_of_another_deployment_are_not_used(String name, String value) {
    environment.put(name, value);

    var gathered = gather(usual(), stack(folder, deployed()));

    assertTrue(gathered.stranger().contains("(environment) is not that of the container"));
    assertTrue(gathered.stack().isEmpty());
    assertEquals(Optional.empty(), gathered.django().variables().find("WORKER_API_KEY"));
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "SITE_URL, https://validibot.acme.org/",
    "REDIS_URL, redis://redis:6379/0",
    "DATABASE_URL, postgres://u:p@postgres:5432/db",
    "DATABASE_URL, postgres://u:p@172.30.0.9:5432/db"
  })
  void same_place_written_in_another_way_is_no_other_deployment(String name, String value) {
    environment.put(name, value);

    var gathered = gather(usual(), stack(folder, deployed()));

    assertEquals("", gathered.stranger());
    assertEquals("key", text(gathered, "WORKER_API_KEY"));
  }

  @Test
  void value_that_begins_with_a_dollar_names_another_variable() throws IOException {
    var own = file("own.env", "A='$B'\nB=x\nC='$D'\nPOSTGRES_PASSWORD='$B'\nSITE_URL=https://a.b");

    var gathered = gather(wanted(Optional.empty(), Optional.empty(), own));

    assertEquals("x", text(gathered, "A"));
    assertEquals(Optional.empty(), gathered.django().variables().text("C"));
    assertEquals("$B", text(gathered, "POSTGRES_PASSWORD"));
  }

  private static Map<String, String> deployed() {
    return Map.of(
        "SITE_URL", "https://validibot.acme.org",
        "REDIS_URL", "redis://redis:6379/0",
        "POSTGRES_HOST", "postgres",
        "POSTGRES_DB", "db",
        "WORKER_API_KEY", "key");
  }

  private Path file(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text + "\n");
  }

  private static Wanted usual() {
    return wanted(Optional.empty(), Optional.empty());
  }

  private static Wanted wanted(
      Optional<DeploymentTarget> target, Optional<Stage> stage, Path... files) {
    return new Wanted(target, stage, List.of(files));
  }

  private Gathered gather(Wanted wanted) {
    return gather(wanted, Optional.empty());
  }

  private Gathered gather(Wanted wanted, Optional<Stack> stack) {
    return new Gathering(wanted, new Environment(environment, folder), stack, "").gather();
  }

  private static String text(Gathered gathered, String name) {
    return gathered.django().variables().text(name).orElseThrow();
  }

  private static String source(Gathered gathered, String name) {
    return gathered.django().variables().find(name).orElseThrow().source();
  }

  /** What the engine tells of a web container and its database; the engine itself is not asked. */
  private static Optional<Stack> stack(Path home, Map<String, String> environment) {
    var engine = Engine.at("/nonexistent.sock", Duration.ofSeconds(1));
    var web = container("web", home, environment, "172.30.0.2");
    var postgres = container("postgres", home, Map.of(), "172.30.0.9");
    return Optional.of(new Stack(engine, "validibot", List.of(postgres, web)));
  }

  private static Container container(
      String service, Path home, Map<String, String> environment, String address) {
    return new Container(
        service,
        "validibot-" + service + "-1",
        service,
        "image",
        "sha256:0",
        "root",
        "/start",
        new State("running", false, false, 0, "", Optional.empty(), "healthy", ""),
        0,
        "always",
        environment,
        Map.of(
            "com.docker.compose.project.working_dir",
            home.toString(),
            "com.docker.compose.project.config_files",
            home + "/docker-compose.production.yml"),
        new Networks("validibot_validibot", List.of(address + "/16"), List.of()),
        List.of(),
        List.of());
  }
}
