package lib.checks;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.checks.Bucket.Objects;
import lib.google.GoogleIdentity;
import lib.google.GoogleIdentity.Token;
import lib.http.Client;
import lib.http.Http;
import lib.http.Json;
import lib.http.NoAnswer;
import lib.settings.DeploymentTarget;
import lib.settings.Django;
import lib.target.CannotVerify;
import lib.target.Config;
import lib.target.Gcloud;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** Objects in a bucket on Google Cloud, by its JSON API. */
final class GcsBucket implements Objects {

  private static final String GOOGLE = "https://storage.googleapis.com/";
  private static final MediaType TEXT = MediaType.get("text/plain");

  private final Client http;
  private final HttpUrl base;
  private final String bucket;
  private final Token who;
  private final boolean own;

  private GcsBucket(Client http, HttpUrl base, String bucket, Token who, boolean own) {
    this.http = http;
    this.base = base;
    this.bucket = bucket;
    this.who = who;
    this.own = own;
  }

  /**
   * A bucket, as whoever this machine is to Google.
   *
   * @throws CannotVerify when it is nobody
   */
  static Bucket of(Examined examined, String bucket) {
    var base = base(examined.environment().variable("STORAGE_EMULATOR_HOST"));
    var who = token(examined);
    var own = isOwn(examined.django(), who.account());
    return new Bucket(
        "the bucket %s (as %s%s)"
            .formatted(bucket, who.account(), own ? "" : ", not known to be the app's own account"),
        "The app's own account needs roles/storage.objectAdmin on the bucket.",
        new GcsBucket(Bucket.client(examined), base, bucket, who, own));
  }

  /** Whether that is whom the services run as on Google Cloud (validibot.md section 1.1). */
  private static boolean isOwn(Django django, String account) {
    var app = Pattern.quote(django.variables().text("GCP_APP_NAME", "validibot"));
    var project = django.variables().text("GCP_PROJECT_ID").map(Pattern::quote).orElse("[^@]+");
    return django.target() == DeploymentTarget.GCP
        && account.matches(app + "-cloudrun-[a-z]+@" + project + "\\.iam\\.gserviceaccount\\.com");
  }

  private static Token token(Examined examined) {
    var gcloud = new Gcloud(examined.environment());
    var config = new Config(Map.of(), examined.environment(), Optional.empty(), gcloud);
    var identity =
        new GoogleIdentity(
            examined.environment(), gcloud, config, examined.http(), examined.redaction()::add);
    try {
      return identity.accessToken();
    } catch (CannotVerify e) {
      // its own words are those of verify_deployment
      throw new CannotVerify(
          "there are no Google credentials here to ask the bucket with: gcloud auth login"
              + " --update-adc");
    }
  }

  /** Google, or the emulator that Google's own libraries would use. */
  private static HttpUrl base(Optional<String> emulator) {
    var text = emulator.map(it -> it.contains("://") ? it : "http://" + it).orElse(GOOGLE);
    var url = HttpUrl.parse(text);
    if (url == null || !Http.mayCarryCredentials(url)) {
      throw new CannotVerify(
          "STORAGE_EMULATOR_HOST is neither https nor this machine, and gets no credentials");
    }
    return url;
  }

  @Override
  public void write(String name, String text) throws IOException {
    var url =
        base.newBuilder()
            .addPathSegments("upload/storage/v1/b")
            .addPathSegment(bucket)
            .addPathSegment("o")
            .addQueryParameter("uploadType", "media")
            .addQueryParameter("name", name)
            .build();
    ask(new Request.Builder().url(url).post(RequestBody.create(text, TEXT)));
  }

  @Override
  public String read(String name) throws IOException {
    var url = object(name).addQueryParameter("alt", "media").build();
    return ask(new Request.Builder().url(url).get());
  }

  @Override
  public void delete(String name) throws IOException {
    ask(new Request.Builder().url(object(name).build()).delete());
  }

  private HttpUrl.Builder object(String name) {
    return base.newBuilder()
        .addPathSegments("storage/v1/b")
        .addPathSegment(bucket)
        .addPathSegment("o")
        .addPathSegment(name);
  }

  private String ask(Request.Builder request) throws IOException {
    var call = http.newCall(request.header("Authorization", "Bearer " + who.value()).build());
    try (var response = call.execute()) {
      var text = Http.text(response);
      if (response.isSuccessful()) {
        return text;
      }
      var said = Json.text(Json.object(Json.object(text), "error"), "message");
      var answer = response.code() + " " + Http.excerpt(said.isEmpty() ? text : said);
      if (!own && (response.code() == 401 || response.code() == 403)) {
        throw notTheApp(answer);
      }
      throw new Refused(answer);
    } catch (Refused e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(NoAnswer.sentence(e, http.callTimeoutMillis()));
    }
  }

  /** What somebody else may not do says nothing about the app. */
  private CannotVerify notTheApp(String answer) {
    return new CannotVerify(
        ("the bucket %s refuses %s, which is not known to be the app's own account: %s. Ask as the"
                + " app's: CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT=ACCOUNT, or gcloud auth login"
                + " --update-adc")
            .formatted(bucket, who.account(), answer));
  }

  /** An answer that is none. */
  private static final class Refused extends IOException {

    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }
}
