package lib.checks;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.checks.Check.Repair;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.settings.Django.Storage;
import lib.target.CannotVerify;

/** Whether Validibot can keep files: in the folder of a volume, or in a bucket. */
final class StorageChecks {

  private final Examined examined;
  private final StorageFolder volume;
  private final StorageOwners owners;
  private final StorageRepairs repairs;
  private final LocalFolder local;

  StorageChecks(Examined examined) {
    this.examined = examined;
    this.volume = new StorageFolder(examined);
    this.owners = new StorageOwners(examined, volume);
    this.repairs = new StorageRepairs(volume);
    this.local = new LocalFolder(examined);
  }

  Category category() {
    return new Category(
        "storage",
        "Storage",
        "storage",
        List.of(
            Check.of("PDV201", "Storage belongs to the app", this::ownership)
                .repairedBy(() -> inContainer(repairs.giveToApp())),
            Check.of("VB202", "Storage folder exists", this::folder)
                .needing("PDV201")
                .repairedBy(() -> inContainer(repairs.makeFolder())),
            Check.of("VB203", "Storage can be written", this::written)
                .needing("VB202")
                .explainedBy("PDV301"),
            Check.of("PDV202", "Nothing in the storage is root's", this::owners)
                .needing("VB202")
                .repairedBy(() -> inContainer(repairs.giveToApp())),
            Check.of("VB201", "Bucket can be used", this::bucket),
            Check.of("VB205", "Storage and validator runner fit", this::fit)));
  }

  private Verdict ownership() throws IOException {
    if (!isFolder()) {
      return inBucket();
    }
    return isContainerised() ? volume.ownership() : local.ownership();
  }

  private Verdict folder() throws IOException {
    if (!isFolder()) {
      return inBucket();
    }
    return isContainerised() ? volume.exists() : local.exists();
  }

  private Verdict written() throws IOException {
    if (!isFolder()) {
      return inBucket();
    }
    return isContainerised() ? volume.written() : local.written();
  }

  private Verdict owners() throws IOException {
    if (!isFolder()) {
      return inBucket();
    }
    if (!isContainerised()) {
      return Verdict.skipped("Looked at in containers only.");
    }
    return owners.notRoots();
  }

  private Verdict bucket() throws Exception {
    var django = examined.django();
    if (isFolder()) {
      return Verdict.skipped("Files are kept in a folder: no STORAGE_BUCKET is set.");
    }
    expectBackend();
    var name =
        django
            .bucket()
            .orElseThrow(
                // that it is missing is told by the checks of the settings
                () -> new CannotVerify("STORAGE_BUCKET is not set, so there is no bucket to ask"));
    return django.storage() == Storage.S3
        ? S3Bucket.of(examined, name).tried()
        : GcsBucket.of(examined, name).tried();
  }

  /** Validators get their files from where their runner can mount or sign them (VB205). */
  private Verdict fit() {
    expectBackend();
    var storage = examined.django().storage();
    var runner = examined.django().validatorRunner();
    var pair = storage.name().toLowerCase(java.util.Locale.ROOT) + " and " + runner;
    var fits =
        storage == Storage.FOLDER && runner.equals("docker")
            || storage == Storage.GCS && runner.equals("google_cloud_run");
    return fits
        ? Verdict.passed(pair)
        : Verdict.failed(
            "storage and validator runner do not fit: " + pair,
            "Validators could not read what they are to validate.",
            "A folder (no STORAGE_BUCKET) goes with VALIDATOR_RUNNER=docker, a bucket on Google"
                + " Cloud with google_cloud_run.");
  }

  /**
   * Leave to PDV003 what keeps Validibot from starting at all.
   *
   * @throws CannotVerify when nothing says which kind of bucket it is
   */
  private void expectBackend() {
    var backend = examined.django().variables().text("DATA_STORAGE_BACKEND", "");
    if (examined.django().target() == DeploymentTarget.SELF_HOSTED
        && examined.django().bucket().isPresent()
        && !Set.of("gcs", "s3").contains(backend)) {
      throw new CannotVerify(
          "DATA_STORAGE_BACKEND does not say what kind of bucket it is, which PDV003 tells");
    }
  }

  private boolean isFolder() {
    return examined.django().storage() == Storage.FOLDER;
  }

  private static Verdict inBucket() {
    return Verdict.skipped("Files are kept in a bucket, not in a folder.");
  }

  /** Never this machine's own folder where the app runs in containers. */
  private boolean isContainerised() {
    return examined.stack().isPresent() || examined.django().target().production();
  }

  private Optional<Repair> inContainer(Repair repair) {
    return isFolder() && examined.stack().isPresent() ? Optional.of(repair) : Optional.empty();
  }

  /** The same reason wherever nothing can be looked at. */
  static CannotVerify nowhere(String what) {
    return new CannotVerify("the storage folder cannot be looked at from here: " + what);
  }
}
