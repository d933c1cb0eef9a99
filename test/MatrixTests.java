package test;

import java.nio.file.Path;
import lib.demo.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every pair of faults. */
class MatrixTests {

  @TempDir Path folder;

  @Test
  void timing() {
    var suite = new InJvm("verify_deployment.java", "VerifyDeployment");
    for (var i = 0; i < 40; i++) {
      var o = suite.run(Shell.environment(), folder, "demo");
      System.out.println(
          o.exit() + " " + o.took() + " " + o.out().lines().reduce((a, b) -> b).orElse(o.err()));
    }
    System.out.println(
        suite.run(Shell.environment(), folder, "demo", "--break", Fault.values()[0].id()).out());
  }
}
