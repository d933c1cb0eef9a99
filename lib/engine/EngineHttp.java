package lib.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import lib.engine.Engine.Failure;
import lib.http.Http;
import lib.http.Json;
import lib.http.NoAnswer;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** HTTP with an engine, over its socket: whatever goes wrong is a {@link Failure} in words. */
final class EngineHttp {

  private static final MediaType JSON = MediaType.get("application/json");
  private static final int LIMIT = 4 * 1024 * 1024;

  private final OkHttpClient http;
  private final HttpUrl base;
  private final String address;

  /** What was answered, read whole. */
  record Answer(byte[] bytes, Headers headers) {

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private EngineHttp(OkHttpClient http, HttpUrl base, String address) {
    this.http = http;
    this.base = base;
    this.address = address;
  }

  static EngineHttp at(String place, Duration timeout) {
    var builder = Http.plain(timeout).newBuilder().proxy(Proxy.NO_PROXY);
    var url = HttpUrl.parse(place.replaceFirst("^tcp://", "http://"));
    if (url != null) {
      return new EngineHttp(builder.build(), url, place);
    }
    var path = Path.of(place.replaceFirst("^unix://", ""));
    builder
        .socketFactory(new UnixSockets(path))
        .dns(name -> List.of(InetAddress.getLoopbackAddress()));
    return new EngineHttp(builder.build(), HttpUrl.get("http://localhost/"), path.toString());
  }

  String address() {
    return address;
  }

  Duration timeout() {
    return Duration.ofMillis(http.callTimeoutMillis());
  }

  HttpUrl.Builder url(String path) {
    return base.newBuilder().addPathSegments(path);
  }

  Answer get(HttpUrl.Builder url) throws IOException {
    return get(url, LIMIT);
  }

  /** Get no more than the beginning of what may be large. */
  Answer get(HttpUrl.Builder url, int limit) throws IOException {
    return ask(new Request.Builder().url(url.build()).get(), timeout(), limit);
  }

  Answer head(HttpUrl.Builder url) throws IOException {
    return ask(new Request.Builder().url(url.build()).head(), timeout(), LIMIT);
  }

  Answer post(String path, JsonObject body, Duration timeout) throws IOException {
    var content = RequestBody.create(body.toString(), JSON);
    return ask(new Request.Builder().url(url(path).build()).post(content), timeout, LIMIT);
  }

  JsonObject object(Answer answer) throws IOException {
    var parsed = parsed(answer);
    if (!parsed.isJsonObject()) {
      throw notAnEngine();
    }
    return parsed.getAsJsonObject();
  }

  JsonArray array(Answer answer) throws IOException {
    var parsed = parsed(answer);
    if (!parsed.isJsonArray()) {
      throw notAnEngine();
    }
    return parsed.getAsJsonArray();
  }

  /** Something that the engine may not have. */
  interface Question<T> {
    T ask() throws IOException;
  }

  /** The answer, or nothing when the engine does not have what was asked for. */
  static <T> Optional<T> present(Question<T> question) throws IOException {
    try {
      return Optional.of(question.ask());
    } catch (Failure e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private JsonElement parsed(Answer answer) throws IOException {
    try {
      return JsonParser.parseString(answer.text());
    } catch (JsonParseException e) {
      throw notAnEngine();
    }
  }

  private Failure notAnEngine() {
    return new Failure(0, address + " does not answer as a container engine");
  }

  private Answer ask(Request.Builder request, Duration timeout, int limit) throws IOException {
    var call = http.newCall(request.build());
    call.timeout().timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    try (var response = call.execute()) {
      if (response.isSuccessful()) {
        return new Answer(read(response, limit), response.headers());
      }
      var said = Json.text(Json.object(Http.text(response)), "message");
      throw new Failure(
          response.code(), "the engine answered %d %s".formatted(response.code(), said).strip());
    } catch (Failure e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(0, unreached(e, timeout));
    }
  }

  private String unreached(IOException e, Duration timeout) {
    var said = String.valueOf(e.getMessage());
    if (e instanceof BindException || said.contains("ermission denied")) {
      return "this user may not use " + address;
    }
    if (e instanceof SocketException && said.contains("No such file")) {
      return "there is no " + address;
    }
    if (e instanceof ConnectException) {
      return "nobody listens at " + address;
    }
    return address + ": " + NoAnswer.sentence(e, timeout.toMillis());
  }

  /** Read to the end, whether or not a length was announced, or to the limit. */
  private static byte[] read(Response response, int limit) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var source = response.body().byteStream();
    var part = new byte[16 * 1024];
    for (int n; bytes.size() < limit && (n = source.read(part)) >= 0; ) {
      bytes.write(part, 0, n);
    }
    return bytes.toByteArray();
  }
}
