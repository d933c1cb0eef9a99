///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Do nothing, with the class path of verify_deployment.java: what no script can be faster than
//MAIN bench.Nothing
//SOURCES ../verify_deployment.java
//CDS

package bench;

final class Nothing {
  public static void main(String... args) {}
}
