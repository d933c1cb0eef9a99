package lib.demo;

/** {@code /health/}, which both roles have: GET only, and nobody need sign in. */
final class Health {

  static final String PATH = "/health/";

  private Health() {}

  static Answer answer(Request request, Settings settings) {
    if (!request.method().equals("GET")) {
      return Answer.html(405, "").with("Allow", "GET");
    }
    return settings.databaseAnswers()
        ? Answer.json(200, "{\"status\": \"healthy\", \"database\": \"ok\"}")
        : Answer.json(
            503, "{\"status\": \"unhealthy\", \"database\": \"error: connection failed\"}");
  }
}
