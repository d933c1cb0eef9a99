package lib.google;

import java.util.List;
import lib.report.Verdict;

/** Judges whether two services of a stage were deployed from one build. */
public final class SameBuild {

  private SameBuild() {}

  /** Warn when their images or versions differ. */
  public static void of(Described web, Described worker) {
    if (web.image().isEmpty() || worker.image().isEmpty()) {
      throw Verdict.unverified("Google does not tell which image both services run.").asException();
    }
    if (!web.image().equals(worker.image()) || !web.version().equals(worker.version())) {
      throw Verdict.warning(
              List.of(
                  "Google tells: " + web.service().name() + " has " + web.build(),
                  "Google tells: " + worker.service().name() + " has " + worker.build()),
              "They share one database and one contract for callbacks, and are made to be deployed"
                  + " together.",
              "Deploy the one that was left behind.")
          .asException();
    }
  }
}
