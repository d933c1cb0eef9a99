package lib.target;

import java.util.Optional;

/** The project and region of a stage, as far as they are known. */
public record Place(Optional<Setting> project, Setting region) {

  /** The flags that tell gcloud where to look. */
  public String flags() {
    return " --region="
        + region.value()
        + " --project="
        + project.map(Setting::value).orElse("PROJECT");
  }

  /** As people read it. */
  @Override
  public String toString() {
    return "project %s, region %s"
        .formatted(project.map(Setting::value).orElse("(none)"), region.value());
  }

  /** The same project in another region. */
  public Place in(Setting otherRegion) {
    return new Place(project, otherRegion);
  }
}
