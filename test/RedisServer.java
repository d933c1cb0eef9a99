package test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.tls.HeldCertificate;
import org.opentest4j.TestAbortedException;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A real Redis of this machine's own package, for one test; closing it ends it. */
final class RedisServer implements AutoCloseable {

  static final String PASSWORD = "canary-pw-redis";

  private final int port;
  private final Path folder;
  private final Process process;

  private RedisServer(int port, Path folder, Process process) {
    this.port = port;
    this.folder = folder;
    this.process = process;
  }

  /** Start one that asks for the password. */
  static RedisServer start(String... options) {
    // Containers come from another address than this machine's own.
    var all = new ArrayList<>(List.of("--requirepass", PASSWORD, "--bind", "0.0.0.0"));
    all.addAll(List.of(options));
    return started(folder(), "--port", all).awaitAnswers();
  }

  /** Start one that asks for no password. */
  static RedisServer open() {
    return started(folder(), "--port", List.of()).awaitLog();
  }

  /** Start one that speaks TLS only, with this certificate. */
  static RedisServer encrypted(HeldCertificate certificate) {
    var folder = folder();
    try {
      var chain = Files.writeString(folder.resolve("cert.pem"), certificate.certificatePem());
      var key = Files.writeString(folder.resolve("key.pem"), certificate.privateKeyPkcs8Pem());
      var options =
          List.of(
              "--port",
              "0",
              "--tls-cert-file",
              chain.toString(),
              "--tls-key-file",
              key.toString(),
              "--tls-auth-clients",
              "no",
              "--requirepass",
              PASSWORD,
              "--bind",
              "0.0.0.0");
      return started(folder, "--tls-port", options).awaitLog();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  /** What a deployment's REDIS_URL would be. */
  String url(int database) {
    return "redis://:%s@127.0.0.1:%d/%d".formatted(PASSWORD, port, database);
  }

  /** The same, for a user whom an access list allows only some things. */
  String url(String user, int database, String... rules) {
    try (var redis = client(0)) {
      var words = new ArrayList<>(List.of("on", ">" + PASSWORD));
      words.addAll(List.of(rules));
      redis.aclSetUser(user, words.toArray(String[]::new));
    }
    return "redis://%s:%s@127.0.0.1:%d/%d".formatted(user, PASSWORD, port, database);
  }

  /** A connection of the test's own. */
  Jedis client(int database) {
    return new Jedis(
        new HostAndPort("127.0.0.1", port),
        DefaultJedisClientConfig.builder().password(PASSWORD).database(database).build());
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("pdv-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RedisServer started(Path folder, String portOption, List<String> options) {
    try {
      var port = Ports.free();
      var command =
          new ArrayList<>(
              List.of("redis-server", portOption, String.valueOf(port), "--bind", "127.0.0.1"));
      command.addAll(List.of("--save", "", "--dir", folder.toString()));
      command.addAll(options);
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      return new RedisServer(port, folder, process);
    } catch (IOException e) {
      throw new TestAbortedException(
          "no Redis server on this machine: install the package redis-server", e);
    }
  }

  private RedisServer awaitAnswers() {
    return await(
        () -> {
          try (var redis = client(0)) {
            return redis.ping().equals("PONG");
          } catch (JedisException e) {
            return false;
          }
        });
  }

  private RedisServer awaitLog() {
    return await(() -> log().contains("Ready to accept connections"));
  }

  private RedisServer await(java.util.function.BooleanSupplier state) {
    try {
      for (var tries = 0; tries < 500 && process.isAlive(); tries++) {
        if (state.getAsBoolean()) {
          return this;
        }
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var said = log();
    close();
    throw new IllegalStateException("Redis does not start: " + said);
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
