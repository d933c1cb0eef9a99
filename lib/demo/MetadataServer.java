package lib.demo;

import java.util.Map;

/** The metadata server of a machine on Google Cloud. */
record MetadataServer(Scenario scenario, Tokens tokens) implements Handler {

  private static final String FLAVOR = "Metadata-Flavor";
  private static final String ACCOUNT = "/computeMetadata/v1/instance/service-accounts/default/";

  @Override
  public Answer answer(Request request) {
    var allowed = request.path().equals("/") || request.header(FLAVOR).equals("Google");
    return (allowed ? metadata(request) : Answer.html(403, "Missing " + FLAVOR + ":Google header."))
        .with(FLAVOR, "Google");
  }

  private Answer metadata(Request request) {
    return switch (request.path()) {
      case "/" -> text("computeMetadata/\n");
      case "/computeMetadata/v1/project/project-id" -> text(scenario.project());
      case ACCOUNT + "email" -> text(email());
      case ACCOUNT + "token" -> Answer.json(200, tokens.accessAnswer(email()));
      case ACCOUNT + "identity" -> identity(request.query());
      default -> Answer.html(404, "");
    };
  }

  private Answer identity(Map<String, String> query) {
    var audience = query.getOrDefault("audience", "");
    var email = query.getOrDefault("format", "").equals("full") ? email() : "";
    return audience.isEmpty()
        ? Answer.html(400, "non-empty audience parameter required\n")
        : text(tokens.idToken(email, audience));
  }

  private String email() {
    return "runner@" + scenario.project() + ".iam.gserviceaccount.com";
  }

  private static Answer text(String text) {
    return Answer.of(200, "application/text", text);
  }
}
