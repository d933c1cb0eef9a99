package lib.demo;

import java.util.Optional;

/** The two collected files that every page links, served before Django's views are asked. */
final class StaticFiles {

  static final String STYLES = "/static/css/project.5b1f0c3a9d27.css";
  static final String SCRIPT = "/static/js/project.c84e61d02f9a.js";

  private StaticFiles() {}

  static Optional<Answer> answer(Request request) {
    return switch (request.path()) {
      case STYLES -> file("text/css", "body { font-family: sans-serif; }\n");
      case SCRIPT -> file("text/javascript", "document.documentElement.classList.add('js');\n");
      default -> Optional.empty();
    };
  }

  private static Optional<Answer> file(String contentType, String content) {
    var file = Answer.of(200, contentType + "; charset=\"utf-8\"", content);
    return Optional.of(file.with("Cache-Control", "max-age=315360000, public, immutable"));
  }
}
