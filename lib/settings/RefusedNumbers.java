package lib.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import lib.settings.Refusals.Refusal;
import lib.target.Setting;

/** Numbers that Validibot refuses to start with: no numbers, or out of range. */
final class RefusedNumbers {

  private static final Pattern INTEGER = Pattern.compile("\\s*[+-]?\\d{1,9}\\s*");

  private final Django django;
  private final Variables variables;
  private final List<Refusal> refusals = new ArrayList<>();

  private RefusedNumbers(Django django) {
    this.django = django;
    this.variables = django.variables();
  }

  static List<Refusal> of(Django django) {
    var found = new RefusedNumbers(django);
    found.numbers();
    return found.refusals;
  }

  private void numbers() {
    between("VALIDATOR_STATUS_LOOKUP_GRACE_SECONDS", 0, 1800);
    between("VALIDATOR_TIMEOUT_SECONDS", Integer.MIN_VALUE, Integer.MAX_VALUE);
    between("VALIDATOR_DEFAULT_EXECUTION_SECONDS", 1, number("VALIDATOR_TIMEOUT_SECONDS", 3600));
    between("CLOUD_TASKS_DISPATCH_DEADLINE_SECONDS", 15, 1800);
    between("GCP_VALIDATOR_TASK_DISPATCH_DEADLINE_SECONDS", 1800, 1800);
    between("CELERY_VISIBILITY_TIMEOUT_SECONDS", 1801, Integer.MAX_VALUE);
    if (django.target().production()) {
      for (var name : List.of("EMAIL_PORT", "DJANGO_SECURE_HSTS_SECONDS", "DRF_NUM_PROXIES")) {
        between(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
      }
    }
  }

  private void between(String name, int least, int most) {
    var value = variables.find(name).map(Setting::value);
    if (value.isEmpty() || value.get().startsWith("$")) {
      return;
    }
    if (!INTEGER.matcher(value.get()).matches()) {
      add(name + " is no whole number", "Set it to one, or remove it: it has a default.");
      return;
    }
    var number = number(name, least);
    if (number < least || number > most) {
      var range =
          least == most
              ? "it can only be " + least
              : most == Integer.MAX_VALUE
                  ? "the least is " + least
                  : "it must be from " + least + " to " + most;
      add(name + " is " + number + ": " + range, "Change it, or remove it: it has a default.");
    }
  }

  private int number(String name, int fallback) {
    return variables
        .text(name)
        .filter(it -> INTEGER.matcher(it).matches())
        .map(it -> Integer.parseInt(it.strip()))
        .orElse(fallback);
  }

  private void add(String fact, String fix) {
    refusals.add(new Refusal(fact, fix));
  }
}
