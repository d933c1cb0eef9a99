package lib.target;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * The public address of a stage, as its own env file has it (validibot.md section 1.4).
 *
 * @param file where it was looked for, below the current folder
 * @param problem why there is none; empty when there is one
 */
public record SiteUrl(Path file, Optional<HttpUrl> url, String problem) {

  /** Look it up for a stage. */
  public static SiteUrl of(Stage stage, Environment environment) {
    var production = stage == Stage.PROD || stage == Stage.DEMO;
    var file =
        Path.of(".envs", production ? ".production" : "." + stage, ".google-cloud", ".django");
    var found = environment.directory().resolve(file);
    if (!Files.isRegularFile(found)) {
      return without(file, "there is no such file here");
    }
    try {
      var value = EnvFile.read(found, environment).value("SITE_URL");
      if (value.isEmpty()) {
        return without(file, "it is not set there");
      }
      var url = value.map(HttpUrl::parse);
      if (url.filter(it -> !(it.username() + it.password()).isEmpty()).isPresent()) {
        return without(file, "a URL with user or password in it is not taken");
      }
      return url.isPresent()
          ? new SiteUrl(file, url.map(it -> it.resolve("/")), "")
          : without(file, "'" + value.get() + "' is no URL");
    } catch (CannotVerify e) {
      return without(file, e.getMessage().lines().findFirst().orElse("").replaceFirst("\\.$", ""));
    }
  }

  private static SiteUrl without(Path file, String problem) {
    return new SiteUrl(file, Optional.empty(), problem);
  }
}
