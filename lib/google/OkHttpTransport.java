package lib.google;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.Consumer;
import lib.http.Client;
import lib.http.Http;
import lib.http.Json;
import lib.http.NoAnswer;
import lib.http.Skew;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Google's library over our own client: one pool, our deadlines, our certificate authorities, no
 * redirects, and no credential over plain http.
 */
final class OkHttpTransport extends HttpTransport {

  private static final String IAM_CREDENTIALS = "https://iamcredentials.googleapis.com/";

  private final Client http;
  private final String iamCredentials;
  private final Set<String> metadataHosts;
  private final Consumer<String> secrets;

  /**
   * @param iamCredentials takes the place of Google's IAM Credentials API, as gcloud's own property
   *     does
   * @param metadataHosts what Google itself serves over plain http, and only to its own machines
   * @param secrets is told every token that is sent
   */
  OkHttpTransport(
      Client http, String iamCredentials, Set<String> metadataHosts, Consumer<String> secrets) {
    this.secrets = secrets;
    this.http = http;
    this.iamCredentials = iamCredentials.endsWith("/") ? iamCredentials : iamCredentials + "/";
    this.metadataHosts = Set.copyOf(metadataHosts);
  }

  @Override
  protected LowLevelHttpRequest buildRequest(String method, String address) throws IOException {
    var moved =
        address.startsWith(IAM_CREDENTIALS)
            ? iamCredentials + address.substring(IAM_CREDENTIALS.length())
            : address;
    var url = HttpUrl.parse(moved);
    if (url == null) {
      throw new IOException("no URL: " + moved);
    }
    var metadata = metadataHosts.contains(url.host() + ":" + url.port());
    if (!metadata && !Http.mayCarryCredentials(url)) {
      throw new IOException("refused to send credentials over plain http to " + url.host());
    }
    return new Asked(method, new Request.Builder().url(url));
  }

  /** One request on its way out. */
  private final class Asked extends LowLevelHttpRequest {

    private final String method;
    private final Request.Builder request;

    Asked(String method, Request.Builder request) {
      this.method = method;
      this.request = request;
    }

    @Override
    public void addHeader(String name, String value) {
      if (name.equalsIgnoreCase("Authorization")) {
        secrets.accept(value.replaceFirst("^\\w+ ", ""));
      }
      if (!name.equalsIgnoreCase("Accept-Encoding")) {
        request.addHeader(name, value);
      }
    }

    @Override
    public LowLevelHttpResponse execute() throws IOException {
      var asked = request.method(method, body()).build();
      try {
        return execute(asked);
      } catch (Useless e) {
        throw e;
      } catch (IOException e) {
        throw new Useless(asked.url().host() + ": " + NoAnswer.sentence(http, asked.url(), e));
      }
    }

    private LowLevelHttpResponse execute(Request asked) throws IOException {
      try (var response = http.newCall(asked).execute()) {
        // Google's library would repeat the request, credentials and all, wherever that leads.
        if (response.isRedirect()) {
          throw new Useless(
              response.request().url().host()
                  + " answered a redirect, and credentials follow none");
        }
        var body = Http.bytes(response);
        // Whoever mints a token on POST answers in JSON; a network that wants a sign-in does not.
        if (method.equals("POST") && Json.object(new String(body, UTF_8)).isEmpty()) {
          throw new Useless(
              "%s answered %d, but not in JSON"
                  .formatted(response.request().url().host(), response.code()));
        }
        var skew = Skew.of(response.headers());
        // A signed request for a token names its time, and who reads a wrong one says just that.
        if (response.code() == 400 && skew.matters()) {
          var said = Credential.said(Json.object(new String(body, UTF_8)));
          throw new Useless(said + "; " + skew + ":" + Skew.MEND.substring(1));
        }
        return new Answered(response, body);
      }
    }

    private RequestBody body() throws IOException {
      if (getStreamingContent() == null) {
        return method.equals("POST") ? RequestBody.create(new byte[0]) : null;
      }
      var bytes = new ByteArrayOutputStream();
      getStreamingContent().writeTo(bytes);
      var type = getContentType() == null ? null : MediaType.parse(getContentType());
      return RequestBody.create(bytes.toByteArray(), type);
    }
  }

  /** An answer that is of no use, in words. */
  private static final class Useless extends IOException {

    private static final long serialVersionUID = 1L;

    Useless(String message) {
      super(message);
    }
  }

  /** One answer, read whole. */
  private static final class Answered extends LowLevelHttpResponse {

    private final Response response;
    private final byte[] body;

    Answered(Response response, byte[] body) {
      this.response = response;
      this.body = body;
    }

    @Override
    public InputStream getContent() {
      return new ByteArrayInputStream(body);
    }

    @Override
    public String getContentEncoding() {
      return null;
    }

    @Override
    public long getContentLength() {
      return body.length;
    }

    @Override
    public String getContentType() {
      return response.header("Content-Type");
    }

    @Override
    public String getStatusLine() {
      return response.protocol() + " " + response.code() + " " + response.message();
    }

    @Override
    public int getStatusCode() {
      return response.code();
    }

    @Override
    public String getReasonPhrase() {
      return response.message();
    }

    @Override
    public int getHeaderCount() {
      return response.headers().size();
    }

    @Override
    public String getHeaderName(int index) {
      return response.headers().name(index);
    }

    @Override
    public String getHeaderValue(int index) {
      return response.headers().value(index);
    }
  }
}
