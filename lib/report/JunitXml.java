package lib.report;

final class JunitXml {

  private JunitXml() {}

  static String of(Report report) {
    return "";
  }
}
