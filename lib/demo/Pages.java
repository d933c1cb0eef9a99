package lib.demo;

/** The HTML pages: the titles are Validibot's, the words in them are this project's own. */
final class Pages {

  static final String FONTS = "https://fonts.example.invalid";

  static final String BAD_HOST =
      "<!doctype html><title>Bad Request (400)</title><h1>Bad Request (400)</h1>\n";

  /** What gunicorn says by itself when the app raised an exception, byte for byte. */
  static final Answer GUNICORN_500 =
      Answer.of(
          500,
          "text/html",
          """
          <html>
            <head>
              <title>Internal Server Error</title>
            </head>
            <body>
              <h1><p>Internal Server Error</p></h1>
             \s
            </body>
          </html>
          """);

  private Pages() {}

  static Answer notFound() {
    return page(404, "Page Not Found | Validibot", "<h1>There is nothing at this address</h1>");
  }

  static Answer serverError() {
    return page(
        500, "Server Error | Validibot", "<h1>The demo stage broke, as it was told to</h1>");
  }

  static Answer csrfFailure() {
    return page(403, "403 Forbidden", "<h1>Forbidden</h1><p>CSRF verification failed.</p>");
  }

  static Answer page(int status, String title, String content) {
    var html =
        """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <title>%s</title>
          <link rel="stylesheet" href="%s/css2?family=Demo">
          <link rel="stylesheet" href="%s">
          <script src="%s" defer></script>
        </head>
        <body>
        %s
        </body>
        </html>
        """;
    var filled = html.formatted(title, FONTS, StaticFiles.STYLES, StaticFiles.SCRIPT, content);
    return Answer.html(status, filled).with("Vary", "Cookie");
  }
}
