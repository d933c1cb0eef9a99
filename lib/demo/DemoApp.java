package lib.demo;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** One Validibot process by itself, as gunicorn serves it with nothing of Google's before it. */
public final class DemoApp implements AutoCloseable {

  private final Loopback server;

  private DemoApp(Loopback server) {
    this.server = server;
  }

  public static DemoApp start(Settings settings) {
    var name = settings.role().id();
    var server = new Loopback(name, Optional.empty(), Duration.ZERO, exchange -> {});
    var secrets = new Secrets();
    server.serve(new App(settings, new Tokens(secrets), new Accounts(secrets)));
    return new DemoApp(server);
  }

  /** Where it answers, if told by X-Forwarded-Proto that https was spoken up to here. */
  public URI origin() {
    return server.origin();
  }

  @Override
  public void close() {
    server.close();
  }
}
