package lib.checks;

import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import lib.checks.Bucket.Objects;
import lib.http.Http;
import lib.http.NoAnswer;
import lib.report.Verdict;
import lib.target.CannotVerify;
import okhttp3.HttpUrl;

/** Objects in a bucket of S3, or of what speaks like it. */
final class S3Bucket implements Objects {

  private static final String AMAZON = "https://s3.amazonaws.com";
  private static final int LIMIT = 4096;

  private final MinioClient client;
  private final String bucket;
  private final long timeoutMillis;

  private S3Bucket(MinioClient client, String bucket, long timeoutMillis) {
    this.client = client;
    this.bucket = bucket;
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * A bucket, with the app's own keys.
   *
   * @throws CannotVerify when the settings have none
   */
  static Bucket of(Examined examined, String bucket) {
    var variables = examined.django().variables();
    var id = variables.text("AWS_ACCESS_KEY_ID");
    var secret = variables.text("AWS_SECRET_ACCESS_KEY");
    if (id.isEmpty() || secret.isEmpty()) {
      throw new CannotVerify(
          "the settings have no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, so the app has its"
              + " rights from where it runs, and they are not known here");
    }
    var http = Bucket.client(examined);
    var endpoint = endpoint(examined, variables.text("AWS_S3_ENDPOINT_URL").orElse(AMAZON));
    var builder =
        MinioClient.builder()
            .httpClient(http.to(endpoint))
            .endpoint(endpoint)
            .credentials(id.get(), secret.get());
    variables.text("AWS_S3_REGION_NAME").ifPresent(builder::region);
    return new Bucket(
        "the bucket " + bucket,
        "Do STORAGE_BUCKET, AWS_S3_REGION_NAME and AWS_S3_ENDPOINT_URL name it, and may the key"
            + " s3:PutObject, s3:GetObject and s3:DeleteObject on private/*?",
        new S3Bucket(builder.build(), bucket, http.callTimeoutMillis()));
  }

  /** An endpoint on the Compose network is at its container's own address. */
  private static HttpUrl endpoint(Examined examined, String text) {
    var url = HttpUrl.parse(text.strip());
    if (url == null) {
      throw Verdict.failed(
              "AWS_S3_ENDPOINT_URL is no URL", "", "Write it as https://host, or leave it out.")
          .asException();
    }
    return url.newBuilder().host(examined.network().address(url.host())).build();
  }

  @Override
  public void write(String name, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    asked(
        () ->
            client.putObject(
                PutObjectArgs.builder().bucket(bucket).object(name).stream(
                        new ByteArrayInputStream(bytes), (long) bytes.length, -1L)
                    .build()));
  }

  @Override
  public String read(String name) throws IOException {
    return asked(
        () -> {
          var wanted = GetObjectArgs.builder().bucket(bucket).object(name).build();
          try (var stream = client.getObject(wanted)) {
            return new String(stream.readNBytes(LIMIT), StandardCharsets.UTF_8);
          }
        });
  }

  @Override
  public void delete(String name) throws IOException {
    asked(
        () -> {
          client.removeObject(RemoveObjectArgs.builder().bucket(bucket).object(name).build());
          return name;
        });
  }

  /** Something asked of the client. */
  private interface Asking<T> {
    T ask() throws MinioException, IOException;
  }

  private <T> T asked(Asking<T> asking) throws IOException {
    try {
      return asking.ask();
    } catch (ErrorResponseException e) {
      throw new IOException(
          e.errorResponse().code()
              + ", "
              + Http.excerpt(String.valueOf(e.errorResponse().message())));
    } catch (MinioException | IOException | RuntimeException e) {
      throw new IOException(why(e));
    }
  }

  /** The client wraps what the network did, also into exceptions that are not checked. */
  private String why(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException network) {
        return NoAnswer.sentence(network, timeoutMillis);
      }
    }
    return Http.excerpt(String.valueOf(e.getMessage()));
  }
}
