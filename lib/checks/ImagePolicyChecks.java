package lib.checks;

import java.util.List;
import java.util.Locale;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;

/** How the images of validators are pinned (validibot.md section 2). */
final class ImagePolicyChecks {

  static final String VARIABLE = "VALIDATOR_BACKEND_IMAGE_POLICY";
  private static final String COSIGN = "COSIGN_VERIFY_VALIDATOR_BACKEND_IMAGES";
  private static final List<String> POLICIES = List.of("tag", "digest", "signed-digest");

  private ImagePolicyChecks() {}

  static Check valid(Examined examined) {
    return Check.of(
        "VB711",
        "Image policy has a meaning",
        () ->
            POLICIES.contains(policy(examined))
                ? Verdict.passed(VARIABLE + "=" + policy(examined))
                : Verdict.failed(
                    VARIABLE + " is '" + policy(examined) + "'",
                    "Validibot knows no such policy and starts no validator's container.",
                    "Set it to one of: " + String.join(", ", POLICIES) + "."));
  }

  static Check pinned(Examined examined) {
    return Check.of("VB712", "Image policy pins images", () -> isPinned(examined)).needing("VB711");
  }

  private static Verdict isPinned(Examined examined) {
    var policy = policy(examined);
    if (!policy.equals("tag")) {
      return Verdict.passed(VARIABLE + "=" + policy);
    }
    var fact = VARIABLE + " is tag: whatever image has the tag is run";
    return examined.django().target() == DeploymentTarget.GCP
        ? Verdict.warning(
            fact,
            "Who can push a tag decides what runs on customers' data.",
            "Deploy the images by digest, and set " + VARIABLE + "=digest.")
        : Verdict.info(
            fact + ".", "Set VALIDATOR_IMAGE_TAG to a tag that nobody moves, such as a version.");
  }

  static Check verified(Examined examined) {
    return Check.of("VB713", "Signatures of images are verified", () -> isVerified(examined))
        .needing("VB711");
  }

  private static Verdict isVerified(Examined examined) {
    var policy = policy(examined);
    if (!policy.equals("signed-digest")) {
      return Verdict.skipped("The image policy is " + policy + ", which asks for no signatures.");
    }
    return examined.django().variables().flag(COSIGN, false)
        ? Verdict.passed(COSIGN + " is on")
        : Verdict.failed(
            VARIABLE + " is signed-digest, but " + COSIGN + " is off",
            "The policy promises signatures that nobody verifies.",
            "Set " + COSIGN + "=True, or " + VARIABLE + "=digest.");
  }

  /** The policy as Validibot reads it; not set means {@code tag}. */
  static String policy(Examined examined) {
    return examined.django().imagePolicy().strip().toLowerCase(Locale.ROOT);
  }
}
