package lib.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Variables that look as if they did something, and that Validibot never reads (section 2). */
public final class Ineffective {

  private static final String MAIL =
      "nothing chooses a backend but POSTMARK_SERVER_TOKEN, or else EMAIL_HOST";

  /** What to set instead, by the pattern of the name. */
  private static final Map<Pattern, String> PRODUCTION = production();

  private Ineffective() {}

  /** A variable without effect, and what to do instead. */
  public record Variable(String name, String instead) {

    @Override
    public String toString() {
      return name + ": " + instead;
    }
  }

  /** Find them among the variables of a deployment. */
  public static List<Variable> of(Django django) {
    var names = django.variables().ours();
    if (!django.target().production()) {
      return List.of();
    }
    return names.stream()
        .filter(name -> !django.variables().text(name, "").isBlank())
        .flatMap(name -> of(name, django))
        .toList();
  }

  private static Stream<Variable> of(String name, Django django) {
    if (name.equals("VALIDATOR_RUNNER")
        && django.target() == DeploymentTarget.GCP
        && !django.variables().text(name, "").equals(django.validatorRunner())) {
      return Stream.of(new Variable(name, "on gcp it is always " + django.validatorRunner()));
    }
    return PRODUCTION.entrySet().stream()
        .filter(it -> it.getKey().matcher(name).matches())
        .limit(1)
        .map(it -> new Variable(name, it.getValue()));
  }

  private static Map<Pattern, String> production() {
    var all = new LinkedHashMap<String, String>();
    all.put("(?:MAILGUN|SENDGRID|AWS_SES|DJANGO_MAILGUN|DJANGO_SENDGRID)_.*", MAIL);
    all.put("(?:DJANGO_)?EMAIL_BACKEND", MAIL);
    all.put("POSTMARK_API_(?:TOKEN|KEY)", "set POSTMARK_SERVER_TOKEN");
    all.put("EMAIL_USE_SSL", "only STARTTLS is supported: EMAIL_USE_TLS, with EMAIL_PORT 587");
    all.put("DEFAULT_FROM_EMAIL", "set DJANGO_DEFAULT_FROM_EMAIL");
    all.put("SERVER_EMAIL", "set DJANGO_SERVER_EMAIL");
    all.put("(?:DJANGO_)?DEBUG", "in production DEBUG is always off");
    all.put("DJANGO_SECURE_PROXY_SSL_HEADER", "X-Forwarded-Proto is always used");
    all.put(
        "(?:SECRET_KEY|ALLOWED_HOSTS|CSRF_TRUSTED_ORIGINS|ADMIN_URL|API_KEY_DIGEST_KEY"
            + "|MFA_ENCRYPTION_KEY|SECURE_SSL_REDIRECT|SECURE_HSTS_SECONDS)",
        "put DJANGO_ before the name");
    all.put("STORAGE_ROOT", "files are kept in /app/storage, or in STORAGE_BUCKET");
    all.put(
        "GS_BUCKET_NAME|AWS_STORAGE_BUCKET_NAME|DJANGO_(?:GCP|AWS)_STORAGE_BUCKET_NAME",
        "set STORAGE_BUCKET");
    all.put("CACHE_(?:BACKEND|URL)|CELERY_BROKER_URL", "cache and broker are those of REDIS_URL");
    all.put("SITE_(?:DOMAIN|NAME)", "put VALIDIBOT_ before the name");
    all.put("MCP_SERVICE_KEY", "set VALIDIBOT_MCP_SERVICE_KEY");
    all.put("MCP_PORT", "the port stands in the Compose file");
    all.put("JWKS_PUBLIC_PATH", "the path is always /.well-known/jwks.json");
    all.put("VALIDIBOT_TELEMETRY", "there is no telemetry to switch");
    all.put("VALIDIBOT_IMAGE_(?:TAG|REGISTRY)", "the image is built from the checkout");
    var compiled = new LinkedHashMap<Pattern, String>();
    all.forEach((name, instead) -> compiled.put(Pattern.compile(name), instead));
    return compiled;
  }
}
