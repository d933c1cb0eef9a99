package lib.report;

final class Prometheus {

  private Prometheus() {}

  static String of(Report report, String before) {
    return "";
  }
}
