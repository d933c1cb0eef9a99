package lib.google;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import lib.report.Status;
import lib.report.Verdict;
import lib.target.Expectations;
import lib.target.Image;

/** Judges whether a stage runs what a deploy script has just deployed. */
public final class Expected {

  private static final String NOT_DEPLOYED =
      "This stage does not run what was to be deployed, whatever else is good here.";

  private Expected() {}

  /** Expect that the revisions of these names get all requests of their services. */
  public static void revisions(Cloud cloud, Expectations expected) {
    if (expected.revisions.isEmpty()) {
      throw Verdict.skipped(Expectations.NONE).asException();
    }
    var services = asked(cloud, "--expect-revision");
    var open = new ArrayList<String>();
    var wrong = new ArrayList<String>();
    for (var revision : expected.revisions) {
      var owner = services.stream().filter(it -> owns(it, revision)).findFirst();
      if (owner.isEmpty()) {
        open.add(
            "%s is a revision of none of %s: its name would begin with that of its service."
                .formatted(revision, names(services)));
      } else if (!owner.get().rollout().servesOnly(revision)) {
        var told = owner.get().service().name() + ": " + owner.get().rollout().revisions();
        if (owner.get().rollout().underWay()) {
          open.add(told + ". The roll-out is not over.");
        } else {
          wrong.add("Google tells: " + told);
          wrong.add("expected: all requests go to " + revision + " (--expect-revision)");
        }
      }
    }
    settle(wrong, open);
  }

  /** Whether a revision of that service was named, so that another than the newest may be meant. */
  public static boolean namesRevisionOf(Described service, Expectations expected) {
    return expected.revisions.stream().anyMatch(revision -> owns(service, revision));
  }

  /**
   * A service as it is meant to be: as its newest revision is, or as the one that gets all requests
   * where that was named.
   *
   * @throws lib.report.NotKept when Google does not tell what that one runs
   */
  public static Described meant(Cloud cloud, String role, Expectations expected) {
    var service = cloud.service(role);
    if (!namesRevisionOf(service, expected)) {
      return service;
    }
    return cloud
        .serving(service)
        .orElseThrow(() -> Verdict.unverified(unknown(service)).asException());
  }

  private static String unknown(Described service) {
    return "%s: %s. Google does not tell what those run that serve."
        .formatted(service.service().name(), service.rollout().revisions());
  }

  /** Expect that web and worker run that image. */
  public static void image(Cloud cloud, Expectations expected) {
    if (expected.image.isEmpty()) {
      throw Verdict.skipped(Expectations.NONE).asException();
    }
    var image = expected.image.get();
    each(
        cloud,
        "--expect-image",
        image.toString(),
        service -> service.image().map(image::matches).orElse(Image.Match.NOT_COMPARABLE));
  }

  /** Expect that web and worker have that VALIDIBOT_VERSION. */
  public static void version(Cloud cloud, Expectations expected) {
    if (expected.version.isEmpty()) {
      throw Verdict.skipped(Expectations.NONE).asException();
    }
    var version = expected.version.get();
    each(
        cloud,
        "--expect-version",
        version,
        service -> {
          if (service.version().isEmpty()) {
            return Image.Match.NOT_COMPARABLE;
          }
          return plain(service.version()).equals(plain(version))
              ? Image.Match.SAME
              : Image.Match.DIFFERENT;
        });
  }

  private static void each(
      Cloud cloud, String option, String value, Function<Described, Image.Match> match) {
    var open = new ArrayList<String>();
    var wrong = new ArrayList<String>();
    for (var newest : asked(cloud, option)) {
      var name = newest.service().name();
      var known = cloud.serving(newest);
      var passing = newest.rollout().underWay() && !newest.rollout().newestServes();
      if (known.isEmpty() || passing && match.apply(newest) != Image.Match.DIFFERENT) {
        open.add(unknown(newest));
        continue;
      }
      var serving = known.get();
      switch (match.apply(serving)) {
        case DIFFERENT ->
            wrong.add(
                "Google tells: %s has %s (%s)".formatted(name, serving.build(), serving.serving()));
        case NOT_COMPARABLE ->
            open.add("%s has %s, which cannot be compared.".formatted(name, serving.build()));
        case SAME -> {}
      }
    }
    if (!wrong.isEmpty()) {
      wrong.add("expected: " + value + " (" + option + ")");
    }
    settle(wrong, open);
  }

  /** Every service of the target; an expectation that cannot be checked is not met. */
  private static List<Described> asked(Cloud cloud, String option) {
    if (!cloud.knowsAll()) {
      throw Verdict.unverified(
              option
                  + " cannot be checked: Google did not tell of both services, because an address"
                  + " was given by hand and no look-up found it, or a service is outside this"
                  + " target.",
              "To have both looked up: --project ID, and credentials.")
          .asException();
    }
    return cloud.services();
  }

  private static void settle(List<String> wrong, List<String> open) {
    if (!wrong.isEmpty()) {
      throw Verdict.failed(wrong, NOT_DEPLOYED).asException();
    }
    if (!open.isEmpty()) {
      throw new Verdict(Status.UNVERIFIED, open, "", List.of()).asException();
    }
  }

  private static boolean owns(Described service, String revision) {
    return revision.startsWith(service.service().name() + "-");
  }

  private static String names(List<Described> services) {
    return services.stream().map(it -> it.service().name()).collect(Collectors.joining(", "));
  }

  private static String plain(String version) {
    return version.replaceFirst("^[vV](?=\\d)", "");
  }
}
