package lib.report;

final class HtmlPage {

  private HtmlPage() {}

  static String of(Report report) {
    return "";
  }
}
