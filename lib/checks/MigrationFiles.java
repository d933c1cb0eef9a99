package lib.checks;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The migrations that an image, a checkout or a list brings: names by the label of their app.
 *
 * @param own those of Validibot's own apps, which are all installed
 * @param others those of packages, of which nobody says whether they are
 */
public record MigrationFiles(Map<String, Set<String>> own, Map<String, Set<String>> others) {

  /** A module whose name begins so is no migration for Django. */
  private static final String NAME = "/migrations/(?<name>[^_~/][^/]*)\\.py";

  private static final Pattern OWN =
      Pattern.compile("(?:/app/)?validibot/(?:contrib/)?(?<app>\\w+)" + NAME);
  private static final Pattern OTHER =
      Pattern.compile(".*/(?:site|dist)-packages/(?<app>\\S+)" + NAME);

  public MigrationFiles {
    own = Map.copyOf(own);
    others = Map.copyOf(others);
  }

  /** Make it of paths, as {@code find} prints them in an image, or below a checkout. */
  public static MigrationFiles of(Stream<String> paths) {
    var own = new TreeMap<String, Set<String>>();
    var others = new TreeMap<String, Set<String>>();
    paths.forEach(
        path -> {
          var ours = OWN.matcher(path);
          var theirs = OTHER.matcher(path);
          if (ours.matches()) {
            add(own, ours.group("app"), ours.group("name"));
          } else if (theirs.matches()) {
            add(others, label(theirs.group("app")), theirs.group("name"));
          }
        });
    return new MigrationFiles(own, others);
  }

  /** Make it of a list of all labels and names, separated by tabs, below comments and a header. */
  public static MigrationFiles ofTable(Stream<String> lines) {
    var all = new TreeMap<String, Set<String>>();
    lines
        .filter(line -> !line.startsWith("#") && !line.equals("app\tname"))
        .map(line -> line.split("\t"))
        .forEach(row -> add(all, row[0], row[1]));
    return new MigrationFiles(all, Map.of());
  }

  /** The names of an app's migrations; Validibot brings its own ones for Django's sites. */
  public Set<String> names(String app) {
    return own.getOrDefault(app, others.getOrDefault(app, Set.of()));
  }

  /**
   * The apps that can be judged.
   *
   * @param recorded the apps that a database knows: a package that it does not know may be there
   *     without being installed in Django
   */
  public Set<String> apps(Set<String> recorded) {
    var apps = new TreeSet<String>(others.keySet());
    apps.retainAll(recorded);
    apps.addAll(own.keySet());
    return apps;
  }

  public boolean isEmpty() {
    return own.isEmpty();
  }

  /** The label of a package's app: its folder, but for the one of allauth that has another. */
  private static String label(String folder) {
    return folder.equals("allauth/idp/oidc")
        ? "allauth_idp_oidc"
        : folder.substring(folder.lastIndexOf('/') + 1);
  }

  private static void add(Map<String, Set<String>> all, String app, String name) {
    all.computeIfAbsent(app, it -> new TreeSet<>()).add(name);
  }
}
