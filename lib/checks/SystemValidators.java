package lib.checks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The system validators that a release brings (validibot.md sections 4.4 and 5.2b). */
final class SystemValidators {

  private static final Set<String> SINCE_9 = Set.of("shacl-validator", "tabular-validator");
  private static final Set<String> SINCE_14 =
      Set.of("schematron-validator", "portfolio-manager-validator");

  private SystemValidators() {}

  /**
   * Each slug, and the oldest version of it that will do: 1 where nothing is known of the release,
   * and for 0.4, whose versions are a text that begins with 1.
   */
  static Map<String, Integer> of(Release release) {
    var expected = new LinkedHashMap<String, Integer>();
    if (release.told() && release.is(0, 9)) {
      all().forEach((slug, version) -> expected.put(slug, 1));
      expected.put("shacl-validator", 2);
    } else {
      var exact = release.told() && release.is(0, 14);
      all().forEach((slug, version) -> expected.put(slug, exact ? version : 1));
    }
    if (release.isBefore(0, 9)) {
      expected.keySet().removeAll(SINCE_9);
    }
    if (release.isBefore(0, 14)) {
      expected.keySet().removeAll(SINCE_14);
    }
    return expected;
  }

  private static Map<String, Integer> all() {
    var all = new LinkedHashMap<String, Integer>();
    all.put("basic-validator", 1);
    all.put("json-schema-validator", 1);
    all.put("xml-validator", 1);
    all.put("schematron-validator", 3);
    all.put("shacl-validator", 4);
    all.put("ai-assisted-validator", 1);
    all.put("portfolio-manager-validator", 2);
    all.put("tabular-validator", 1);
    all.put("energyplus-idf-validator", 3);
    all.put("fmu-validator", 2);
    all.put("therm-validator", 1);
    return all;
  }
}
