package lib.demo;

/** The pages by which Google's front end can be told from the app behind it. */
final class GooglePages {

  private GooglePages() {}

  static Answer forbidden(String path) {
    return error(403, "Forbidden", "to get URL " + code(path) + " from this server.");
  }

  static Answer unauthorized(String path) {
    return error(401, "Unauthorized", "to the requested URL " + code(path) + ".");
  }

  static Answer notFound() {
    var sentence = "The requested URL was not found on this server.";
    return page(404, "404 Page not found", "Page not found", sentence);
  }

  static Answer unavailable() {
    var sentence =
        "The service you requested is not available yet.<p>Please try again in 30 seconds.";
    return page(503, "503 Service Unavailable", "Server Error", sentence);
  }

  /** Say of a path that Google keeps to itself that it is not there. */
  static Answer reserved(String path) {
    var page =
        """
        <!DOCTYPE html>
        <html lang=en>
          <meta charset=utf-8>
          <title>Error 404 (Not Found)!!1</title>
          <p><b>404.</b> <ins>That’s an error.</ins>
          <p>The requested URL %s was not found on this server. <ins>That’s all we know.</ins>
        """;
    return html(404, page.formatted(code(path)));
  }

  private static Answer error(int status, String name, String what) {
    var sentence = "Your client does not have permission " + what;
    return page(status, status + " " + name, name, sentence);
  }

  private static Answer page(int status, String title, String heading, String sentence) {
    var page =
        """

        <html><head>
        <meta http-equiv="content-type" content="text/html;charset=utf-8">
        <title>%s</title>
        </head>
        <body text=#000000 bgcolor=#ffffff>
        <h1>Error: %s</h1>
        <h2>%s</h2>
        <h2></h2>
        </body></html>
        """;
    return html(status, page.formatted(title, heading, sentence));
  }

  private static Answer html(int status, String html) {
    return Answer.of(status, "text/html; charset=UTF-8", html);
  }

  private static String code(String path) {
    return "<code>" + path.replace("&", "&amp;").replace("<", "&lt;") + "</code>";
  }
}
