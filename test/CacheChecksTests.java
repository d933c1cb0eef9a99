package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lib.settings.DeploymentTarget;
import lib.settings.Django;
import lib.settings.Variables;
import lib.settings.Variables.Layer;
import lib.target.Setting;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cache, in a real Redis, or in a table of a real database. */
class CacheChecksTests {

  private static final HeldCertificate AUTHORITY =
      new HeldCertificate.Builder().certificateAuthority(0).commonName("Our own CA").build();

  @TempDir private Path folder;

  private DoctorRun check(String redisUrl, String... arguments) {
    var settings = DoctorRun.goodSettings();
    settings.put("REDIS_URL", redisUrl);
    var all = new java.util.ArrayList<>(List.of("--only", "cache", "--timeout", "4"));
    all.addAll(List.of(arguments));
    var run = DoctorRun.with(settings, folder, all.toArray(String[]::new));
    run.outcome().outLacks(RedisServer.PASSWORD);
    run.outcome().errIs("");
    return run;
  }

  private static void onlyBroken(DoctorRun run, String id, String message) {
    assertEquals(List.of(id), run.ids("error", "warn", "fatal"));
    assertTrue(run.message(id).contains(message), run.message(id));
    assertEquals(1, run.outcome().exit());
  }

  private static HeldCertificate certificateFor(String name) {
    return new HeldCertificate.Builder()
        .signedBy(AUTHORITY)
        .addSubjectAlternativeName(name)
        .build();
  }

  private String authority() throws IOException {
    return Files.writeString(folder.resolve("ca.pem"), AUTHORITY.certificatePem()).toString();
  }

  @Test
  void a_cache_with_password_and_database_number_is_good_and_left_as_it_was() {
    try (var redis = RedisServer.start();
        var client = redis.client(3)) {
      var run = check(redis.url(3));

      assertEquals(0, run.outcome().exit());
      assertEquals(List.of("VB501", "VB502"), run.ids("ok"));
      assertEquals(0, client.dbSize());
    }
  }

  @Test
  void user_and_password_are_percent_decoded() {
    try (var redis = RedisServer.start();
        var client = redis.client(0)) {
      client.aclSetUser("app", "on", ">canary/p@ss#%", "~*", "&*", "+@all");
      var url = "redis://app:canary%2Fp%40ss%23%25@127.0.0.1:" + redis.port() + "/0";

      assertEquals(List.of("VB501", "VB502"), check(url).ids("ok"));
    }
  }

  @Test
  void a_wrong_password_is_said_to_be_that() {
    try (var redis = RedisServer.start()) {
      var run = check("redis://:another-canary@127.0.0.1:" + redis.port() + "/0");

      onlyBroken(run, "VB501", "refuses the password");
    }
  }

  @Test
  void a_missing_password_is_said_to_be_that() {
    try (var redis = RedisServer.start()) {
      onlyBroken(check("redis://127.0.0.1:" + redis.port() + "/0"), "VB501", "asks for a password");
    }
  }

  @Test
  void a_password_that_nobody_wants_is_said_to_be_that() {
    try (var redis = RedisServer.open()) {
      onlyBroken(check(redis.url(0)), "VB501", "has no password, but REDIS_URL gives one");
    }
  }

  @Test
  void a_database_that_is_not_there_is_named() {
    try (var redis = RedisServer.start()) {
      onlyBroken(check(redis.url(99)), "VB501", "has no database 99");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"redis://:canary/slash@127.0.0.1:6379/0", "redis://127.0.0.1:6379/zero", "redis"})
  void an_url_that_cannot_be_read_is_said_to_be_that(String url) {
    var run = check(url);

    onlyBroken(run, "VB501", "REDIS_URL is no URL");
    run.outcome().outLacks("canary");
  }

  @Test
  void a_password_among_the_options_is_for_the_cache_only() {
    try (var redis = RedisServer.start()) {
      var url = "redis://127.0.0.1:%d/0?password=%s".formatted(redis.port(), RedisServer.PASSWORD);

      var celery = check(url);

      onlyBroken(celery, "VB501", "REDIS_URL is no URL that both");
      celery.outcome().outLacks(RedisServer.PASSWORD);
      assertEquals(List.of("VB501", "VB502"), check(url, "--target", "gcp").ids("ok"));
      var stronger = url.replace("redis://", "redis://:wrong-canary@");
      onlyBroken(check(stronger, "--target", "gcp"), "VB501", "refuses the password");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "redis, socket_timeout=5, Celery refuses its option socket_timeout",
    "redis, db=1, Celery refuses its option db",
    "redis, heartbeat=10, the cache refuses its option heartbeat",
    "redis, ssl_cert_reqs=none, the cache refuses its option ssl_cert_reqs",
    "rediss, ssl_cert_reqs=CERT_NONE, the cache refuses its option ssl_cert_reqs",
    "rediss, ssl_cert_reqs=NONE, Celery refuses its option ssl_cert_reqs"
  })
  void an_option_that_one_reader_refuses_is_named(String scheme, String option, String refusal) {
    onlyBroken(check(scheme + "://127.0.0.1:6379/0?" + option), "VB501", refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "GCP, redis, socket_timeout=5, true",
    "GCP, rediss, ssl_cert_reqs=CERT_NONE, false",
    "SELF_HOSTED, redis, socket_timeout=, true",
    "SELF_HOSTED, rediss, ssl_check_hostname=no, true",
    "LOCAL_DOCKER_COMPOSE, rediss, ssl_cert_reqs=CERT_NONE, true",
    "LOCAL_DOCKER_COMPOSE, redis, heartbeat=10, true",
    "LOCAL_DOCKER_COMPOSE, redis, socket_timeout=5, false"
  })
  void an_option_is_judged_by_those_who_read_it(
      DeploymentTarget target, String scheme, String option, boolean good) {
    var url = scheme + "://127.0.0.1:6379/0?" + option;
    var layer = new Layer(Setting.Origin.ENVIRONMENT, "", Map.of("REDIS_URL", url));

    var django = new Django(target, new Variables(List.of(layer)));

    assertEquals(good, django.redis().isPresent());
  }

  @Test
  void a_part_of_a_password_is_no_option() {
    check("redis://:12?canary=canary@127.0.0.1:6379/0").outcome().outLacks("canary");
  }

  @Test
  void tls_without_the_name_is_good_for_any_name() throws IOException {
    try (var redis = RedisServer.encrypted(certificateFor("other.acme.test"))) {
      var url = redis.url(0).replace("redis:", "rediss:") + "?ssl_check_hostname=No";

      assertEquals(List.of("VB501", "VB502"), check(url, "--cacert", authority()).ids("ok"));
    }
  }

  @Test
  void a_port_where_nobody_listens_is_said_to_be_that() throws IOException {
    onlyBroken(check("redis://127.0.0.1:" + Ports.free() + "/0"), "VB501", "connection refused");
  }

  @Test
  void a_port_that_never_answers_ends_by_the_deadline() throws IOException {
    try (var hole = Listener.silent()) {
      onlyBroken(check("redis://127.0.0.1:" + hole.port() + "/0"), "VB501", "no answer within");
    }
  }

  @Test
  void a_port_of_something_else_is_said_to_be_that() throws IOException {
    try (var web = Listener.saying("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      onlyBroken(
          check("redis://127.0.0.1:" + web.port() + "/0"), "VB501", "does not answer as Redis");
    }
  }

  @Test
  void tls_with_a_trusted_certificate_is_good() throws IOException {
    try (var redis = RedisServer.encrypted(certificateFor("127.0.0.1"))) {
      var run = check(redis.url(1).replace("redis:", "rediss:"), "--cacert", authority());

      assertEquals(List.of("VB501", "VB502"), run.ids("ok"));
      assertTrue(run.message("VB501").contains("over TLS"));
    }
  }

  @Test
  void tls_with_a_certificate_that_nobody_knows_is_said_to_be_that() {
    try (var redis = RedisServer.encrypted(certificateFor("127.0.0.1"))) {
      var url = redis.url(1).replace("redis:", "rediss:");

      onlyBroken(check(url), "VB501", "certificate is not trusted");
      assertEquals(List.of("VB501", "VB502"), check(url + "?ssl_cert_reqs=none").ids("ok"));
    }
  }

  @Test
  void tls_with_the_authorities_in_the_container_is_good() throws IOException {
    authority();
    try (var redis = RedisServer.encrypted(certificateFor("redis"));
        var stack =
            new ComposeStack()
                .relay("redis", 6379, redis.port())
                .option("web", "--volume", folder + ":/run/validibot-keys:ro")
                .start()) {
      var url =
          "rediss://:%s@redis:6379/1?ssl_ca_certs=/run/validibot-keys/"
              .formatted(RedisServer.PASSWORD);

      var good = stack.check(Map.of("REDIS_URL", url + "ca.pem"), folder, "--only", "cache");
      var lacking = stack.check(Map.of("REDIS_URL", url + "none.pem"), folder, "--only", "cache");

      assertEquals(List.of("VB501", "VB502"), good.ids("ok"), good.outcome().out());
      assertEquals("skipped", lacking.status("VB501"));
      assertTrue(
          lacking
              .message("VB501")
              .startsWith("The CA file /run/validibot-keys/none.pem of REDIS_URL is neither here"),
          lacking.message("VB501"));
    }
  }

  @Test
  void tls_with_authorities_that_are_others_is_not_good() throws IOException {
    var other = new HeldCertificate.Builder().certificateAuthority(0).build();
    var file = Files.writeString(folder.resolve("other.pem"), other.certificatePem());
    try (var redis = RedisServer.encrypted(certificateFor("127.0.0.1"))) {
      var url = redis.url(1).replace("redis:", "rediss:") + "?ssl_ca_certs=";

      onlyBroken(check(url + file), "VB501", "certificate is not trusted");
      assertEquals(List.of("VB501", "VB502"), check(url + authority()).ids("ok"));
    }
  }

  @Test
  void tls_with_a_certificate_for_another_name_is_not_good() throws IOException {
    try (var redis = RedisServer.encrypted(certificateFor("other.acme.test"))) {
      var url = redis.url(0).replace("redis:", "rediss:");

      onlyBroken(check(url, "--cacert", authority()), "VB501", "certificate");
    }
  }

  @Test
  void tls_on_one_side_only_is_said_to_be_that() {
    try (var plain = RedisServer.start();
        var encrypted = RedisServer.encrypted(certificateFor("127.0.0.1"))) {
      onlyBroken(check(plain.url(0).replace("redis:", "rediss:")), "VB501", "no answer within");
      onlyBroken(check(encrypted.url(0)), "VB501", "127.0.0.1"); // it resets, or says an alert
    }
  }

  @Test
  void a_replica_that_only_reads_keeps_nothing() throws IOException {
    var nobody = String.valueOf(Ports.free());
    try (var redis = RedisServer.start("--replicaof", "127.0.0.1 " + nobody)) {
      onlyBroken(check(redis.url(0)), "VB502", "read-only replica");
    }
  }

  @Test
  void a_full_memory_keeps_nothing() {
    try (var redis = RedisServer.start("--maxmemory", "1")) {
      onlyBroken(check(redis.url(0)), "VB502", "maxmemory");
    }
  }

  @Test
  void a_user_who_may_not_write_these_keys_is_told() {
    try (var redis = RedisServer.start()) {
      onlyBroken(
          check(redis.url("app", 0, "~another:*", "&*", "+@all")), "VB502", "access list (ACL)");
    }
  }

  @Test
  void a_host_of_compose_without_its_stack_is_not_judged() {
    var run = check("redis://redis:6379/0");

    assertEquals(List.of("VB501", "VB502"), run.ids("skipped"));
    assertTrue(run.message("VB501").contains("no running stack was found"));
  }

  @Test
  void a_redis_in_the_clouds_own_network_is_not_judged_from_here() {
    var run = check("redis://10.255.255.1:6379/0", "--target", "gcp");

    assertEquals(List.of("VB501", "VB502"), run.ids("skipped"));
  }

  private DoctorRun checkTable(Postgres.Database database) {
    var settings = DoctorRun.goodSettings();
    settings.put("DATABASE_URL", database.url());
    return DoctorRun.with(settings, folder, "--only", "cache");
  }

  private static Postgres.Database withTable() {
    return Postgres.seeded()
        .run(
            "create table django_cache (cache_key varchar(255) primary key, value text not null,"
                + " expires timestamptz not null)");
  }

  @Test
  void without_redis_the_table_is_the_cache_and_left_as_it_was() {
    var database = withTable();

    var run = checkTable(database);

    assertEquals(0, run.outcome().exit());
    assertEquals(List.of("PDV104", "VB101", "VB501", "VB502"), run.ids("ok"));
    assertEquals("0", database.value("select count(*) from django_cache"));
  }

  @Test
  void without_redis_and_without_the_table_there_is_no_cache() {
    onlyBroken(checkTable(Postgres.seeded()), "VB501", "the table django_cache is not there");
  }

  @Test
  void a_table_that_cannot_be_written_keeps_nothing() {
    var database = withTable();
    database.run("alter database " + database.name() + " set default_transaction_read_only = on");

    onlyBroken(checkTable(database), "VB502", "takes no writes");
  }

  @Test
  void the_memory_of_a_process_never_counts_as_a_cache_that_works() {
    var settings = DoctorRun.goodSettings();
    settings.put("DEPLOYMENT_TARGET", "local_docker_compose");

    var run = DoctorRun.with(settings, folder, "--only", "cache");

    assertEquals(List.of("VB501", "VB502"), run.ids("skipped"));
    assertEquals(2, run.outcome().exit());
  }
}
