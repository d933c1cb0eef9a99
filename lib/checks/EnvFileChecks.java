package lib.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import lib.report.Verdict;
import lib.settings.DeploymentTarget;
import lib.settings.SettingsFile;

/** Whether the env files can be read by those who have to, and by nobody else. */
record EnvFileChecks(Examined examined) {

  Verdict readable() {
    var files = examined.gathered().files();
    if (files.isEmpty()) {
      return Verdict.passed("there are none here: the settings are those of " + source());
    }
    var closed = files.stream().filter(SettingsFile::isClosed).map(SettingsFile::path).toList();
    if (!closed.isEmpty()) {
      return closed(closed);
    }
    var problems =
        files.stream()
            .flatMap(file -> file.problems().stream().map(it -> file.path() + ", " + it))
            .toList();
    if (problems.isEmpty()) {
      return Verdict.passed(
          files.stream().map(it -> it.path() + ", " + it.values().size() + " variables").toList());
    }
    return Verdict.failed(
        problems,
        examined.django().target() == DeploymentTarget.GCP
            ? "The entrypoint on Google Cloud sources the file with bash, and stops there."
            : "Docker Compose refuses the whole file, and starts nothing.",
        "Correct these lines; single quotes keep a value as it is.");
  }

  /** Whoever may not read a file may still ask the containers that were made of it. */
  private Verdict closed(List<Path> files) {
    var fact = "this user may not read " + files.get(0);
    var fix = "Run this as a user who may, to have the files checked, too.";
    return examined.stack().isPresent()
        ? Verdict.info(fact + "; the settings are those of the container", fix)
        : Verdict.unverified("T" + fact.substring(1) + ".", fix);
  }

  private String source() {
    return examined.stack().isPresent() ? "the container" : "the environment";
  }

  Verdict privateFiles() throws IOException {
    var files = examined.gathered().files().stream().map(SettingsFile::path).toList();
    if (files.isEmpty()) {
      return Verdict.skipped("There are no env files here.");
    }
    if (!files.get(0).getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return Verdict.skipped("This file system has no POSIX permissions.");
    }
    var open = new ArrayList<Path>();
    for (var file : files) {
      if (isOpen(file)) {
        open.add(file);
      }
    }
    return open.isEmpty()
        ? Verdict.passed("nobody but owner and group can read them")
        : Verdict.warning(
            open.stream().map(it -> it + " can be read by every user of this machine").toList(),
            "All passwords and keys are in there.",
            open.stream().map(it -> "  chmod o-rwx " + it).toArray(String[]::new));
  }

  /** Whether others may read a file, and get to it through every folder. */
  private static boolean isOpen(Path file) throws IOException {
    var real = file.toRealPath();
    for (var folder = real.getParent(); folder != null; folder = folder.getParent()) {
      if (!Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return Files.getPosixFilePermissions(real).contains(PosixFilePermission.OTHERS_READ);
  }
}
