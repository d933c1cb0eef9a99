package lib.checks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import lib.report.Verdict;

/** The images that validators run in, under the names that the app makes of the settings. */
final class BackendImages {

  private static final String PREFIX = "validibot-validator-backend-";
  private static final Pattern PINNED = Pattern.compile(".*@sha256:[0-9a-f]{64}");

  private final Examined examined;

  BackendImages(Examined examined) {
    this.examined = examined;
  }

  /** Without them a run fails when it is to start. */
  Verdict there() throws IOException {
    if (!examined.django().validatorRunner().equals("docker")) {
      return Verdict.skipped("Validators do not run in containers of this engine.");
    }
    var names = names();
    var policy = ImagePolicyChecks.policy(examined);
    if (policy.endsWith("digest") && !PINNED.matcher(names.get(0)).matches()) {
      return refused(policy, names);
    }
    var engine = examined.theEngine();
    var missing = new ArrayList<String>();
    for (var name : names) {
      if (engine.image(name).isEmpty()) {
        missing.add(name);
      }
    }
    return missing.isEmpty()
        ? Verdict.passed("all " + names.size()).with(names)
        : Verdict.warning(
            "missing: " + String.join(", ", missing),
            "A run of a validator that needs one of them fails. Nobody builds or pulls it then.",
            "Build or pull them, each under that name. VALIDATOR_IMAGE_REGISTRY and"
                + " VALIDATOR_IMAGE_TAG say which name is looked for.");
  }

  /** The policy is compared with the name that would be run, whatever image the engine has. */
  private static Verdict refused(String policy, List<String> names) {
    return Verdict.warning(
            "%s is %s, but the app names images by tag: %s"
                .formatted(ImagePolicyChecks.VARIABLE, policy, String.join(", ", names)),
            "It refuses to start them, so every run of a validator that needs one fails.",
            "All images share VALIDATOR_IMAGE_TAG, and a digest is of one image. So take a tag that"
                + " nobody moves, and set:",
            "  %s=tag".formatted(ImagePolicyChecks.VARIABLE))
        .with(names);
  }

  /** By the version, as far as it is known: an older one needs fewer (validibot.md 4.4, 5.2b). */
  private List<String> names() {
    var variables = examined.django().variables();
    var registry =
        variables
            .text("VALIDATOR_IMAGE_REGISTRY")
            .map(it -> it.strip().replaceFirst("/+$", "") + "/")
            .orElse("");
    var tag = variables.text("VALIDATOR_IMAGE_TAG").orElse("latest").strip();
    var minor = examined.version().flatMap(Version::parse).map(Version::minor).orElse(14);
    var slugs = new ArrayList<>(List.of("energyplus", "fmu"));
    if (minor >= 9) {
      slugs.add("shacl");
    }
    if (minor > 9) {
      slugs.addAll(List.of("schematron", "portfolio-manager"));
    }
    return slugs.stream().map(it -> registry + PREFIX + it + ":" + tag).toList();
  }
}
