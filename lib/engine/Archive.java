package lib.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import lib.engine.Engine.Entry;
import lib.engine.Engine.Failure;
import lib.engine.Engine.Stat;
import lib.http.Json;
import okhttp3.HttpUrl;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Files in a container, which the engine tells without running anything in it. */
record Archive(EngineHttp http) {

  private static final String STAT = "X-Docker-Container-Path-Stat";

  /** The engines are written in Go, whose modes have a bit of their own for a folder. */
  private static final long FOLDER = 1L << 31;

  /** Of a tar only the first entry is of use, and a folder would come whole. */
  private static final int BEGINNING = 64 * 1024;

  /** More than a bundle of all authorities of the world. */
  private static final int WHOLE = 2 * 1024 * 1024;

  private static final int LINKS = 8;

  Optional<Stat> stat(Container container, String path) throws IOException {
    var answer = EngineHttp.present(() -> http.head(url(container, path)));
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    var header = Optional.ofNullable(answer.get().headers().get(STAT)).orElse("");
    try {
      var told = Json.object(new String(Base64.getDecoder().decode(header), UTF_8));
      var mode = Long.parseLong(Json.text(told, "mode"));
      return Optional.of(new Stat((mode & FOLDER) != 0, Json.text(told, "mtime")));
    } catch (IllegalArgumentException e) {
      throw new Failure(0, "the engine does not tell about files as Docker does");
    }
  }

  Optional<Entry> entry(Container container, String path) throws IOException {
    var answer = begun(container, path, BEGINNING);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    try (var tar = answer.get()) {
      return Optional.ofNullable(tar.getNextEntry())
          .map(
              it ->
                  new Entry(
                      it.getLongUserId(), it.getLongGroupId(), it.getMode(), it.isDirectory()));
    }
  }

  Optional<String> file(Container container, String path) throws IOException {
    return file(container, path, LINKS);
  }

  /** The engine resolves links to folders on the way, and not the last one. */
  private Optional<String> file(Container container, String path, int links) throws IOException {
    var answer = begun(container, path, WHOLE);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    try (var tar = answer.get()) {
      var entry = tar.getNextEntry();
      if (entry == null || entry.isSymbolicLink() && links == 0) {
        return Optional.empty();
      }
      return entry.isSymbolicLink()
          ? file(container, beside(path, entry.getLinkName()), links - 1)
          : Optional.of(new String(tar.readAllBytes(), UTF_8));
    }
  }

  private static String beside(String path, String link) {
    return Path.of(path).resolveSibling(link).toString();
  }

  private Optional<TarArchiveInputStream> begun(Container container, String path, int limit)
      throws IOException {
    return EngineHttp.present(() -> http.get(url(container, path), limit).bytes())
        .map(it -> new TarArchiveInputStream(new ByteArrayInputStream(it)));
  }

  private HttpUrl.Builder url(Container container, String path) {
    return http.url("containers/" + container.id() + "/archive").addQueryParameter("path", path);
  }
}
