///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Start a demo stage for the benchmarks, and keep it until standard input ends
//MAIN bench.Stage
//SOURCES ../verify_deployment.java

package bench;

import java.time.Duration;
import java.util.TreeMap;
import lib.demo.DemoStage;
import lib.demo.Scenario;

/** Prints the environment in which the stage called dev is found, and then an empty line. */
final class Stage {

  /**
   * @param args the latency of every answer, in milliseconds
   */
  public static void main(String... args) throws Exception {
    var latency = Duration.ofMillis(Long.parseLong(args[0]));
    try (var stage = DemoStage.start(Scenario.healthy().stage("dev").delayed(latency))) {
      new TreeMap<>(stage.environment())
          .forEach((name, value) -> System.out.println(name + "=" + value));
      System.out.println("WEB=" + stage.web());
      System.out.println("WORKER=" + stage.worker());
      System.out.println();
      System.in.readAllBytes();
    }
  }
}
