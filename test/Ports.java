package test;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that stay free until a server of a test takes them. A port that the kernel chose is its to
 * give again once it is closed, to any connection of the tests beside this one; these are below the
 * range it chooses from (32768 on Linux, 49152 on macOS), and none is given twice.
 */
final class Ports {

  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;
  // two runs on one machine begin at different places
  private static final AtomicInteger given =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private Ports() {}

  static int free() {
    for (var tries = 0; tries < COUNT; tries++) {
      var port = FIRST + given.getAndIncrement() % COUNT;
      try {
        new ServerSocket(port).close();
        return port;
      } catch (IOException e) {
        // somebody else's
      }
    }
    throw new IllegalStateException("no port is free from " + FIRST);
  }
}
