package test;

import static lib.demo.Fault.*;
import static test.FaultEffect.ADDRESSES;
import static test.FaultEffect.BEHIND;
import static test.FaultEffect.GOOD;
import static test.FaultEffect.HSTS;
import static test.FaultEffect.INVOKER;
import static test.FaultEffect.NONSENSE;
import static test.FaultEffect.PARTS;
import static test.FaultEffect.POLICY;
import static test.FaultEffect.SAME_BUILD;
import static test.FaultEffect.SIGN_IN;
import static test.FaultEffect.STRANGERS;
import static test.FaultEffect.UNKNOWN_RUN;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.demo.Fault;

/**
 * Two faults at once. Each is found as it is alone, but for what is written here: one stands before
 * the other, or both together are something else.
 */
record FaultPair(Fault one, Fault other) {

  private static final Set<Fault> OUR_TOKEN =
      EnumSet.of(TOKEN_EXPIRED, WRONG_AUDIENCE, ADC_USER_TOKEN, EMAIL_MISSING);
  private static final Set<Fault> NOT_LET_IN = with(OUR_TOKEN, INVOKER_MISSING);
  private static final Set<Fault> WEB_SHUT =
      EnumSet.of(WEB_ALLOWED_HOSTS, WEB_PRIVATE, WEB_REFUSED);
  private static final Set<Fault> UNTRUSTED =
      EnumSet.of(CERTIFICATE_EXPIRED, CERTIFICATE_FOR_ANOTHER, CERTIFICATE_UNTRUSTED);
  private static final Set<Fault> SESSION = EnumSet.of(COOKIE_DOMAIN_WRONG, SESSION_LOST);
  private static final Set<Fault> ALL = EnumSet.allOf(Fault.class);
  private static final String HTTP = "http redirects to https";
  private static final String WEB_OPEN = "web is open to everybody";

  /** Where both are there, these tests say of the first what they say of it alone. */
  private record Hiding(Set<Fault> first, Set<Fault> second, List<String> tests) {

    FaultEffect applied(FaultEffect effect, Fault one, Fault other) {
      if (!first.contains(one) || !second.contains(other)) {
        return effect;
      }
      var hidden = FaultEffect.of(other);
      var alone = FaultEffect.of(one);
      return tests.isEmpty()
          ? (hidden.stopped().isEmpty() ? effect : alone).except(hidden.marks().keySet(), alone)
          : effect.except(tests, alone);
    }
  }

  private static final List<Hiding> HIDINGS =
      List.of(
          // Nobody gets behind the sign-in.
          hides(
              ALL.stream().filter(FaultPair::isOutside).collect(Collectors.toSet()),
              EnumSet.of(DASHBOARD_BROKEN, API_DOCS_BROKEN, API_SCHEMA_BROKEN, STORAGE_DOWN)),
          hides(DATABASE_DOWN, EnumSet.of(HOMEPAGE_500, SIGN_IN_REFUSED), SIGN_IN),
          hides(DATABASE_DOWN, EnumSet.of(FORM_POSTS_ELSEWHERE, CSRF_ORIGIN_UNKNOWN), SIGN_IN),
          hides(DATABASE_DOWN, SESSION, SIGN_IN),
          hides(API_OFF, EnumSet.of(SESSION_LOST), SIGN_IN),
          hides(CACHE_DOWN, with(SESSION, HOMEPAGE_500, SIGN_IN_REFUSED), SIGN_IN),
          hides(EnumSet.of(LOCKED_OUT, SIGN_IN_THROTTLED), with(SESSION, SIGN_IN_REFUSED)),
          hides(EnumSet.of(MFA_ASKED, EMAIL_UNVERIFIED), SESSION),
          hides(CAPTCHA_ASKED, with(SESSION, SIGN_IN_REFUSED)),
          hides(CAPTCHA_ASKED, EnumSet.of(FORM_POSTS_ELSEWHERE, CSRF_ORIGIN_UNKNOWN)),
          hides(ROLE_MISSING, EnumSet.of(DASHBOARD_BROKEN)),
          hides(NOT_SUPERUSER, EnumSet.of(STORAGE_DOWN)),
          // A token that Google would not take gets nobody in, and an open door everybody.
          hides(
              OUR_TOKEN,
              EnumSet.of(INVOKER_MISSING, WORKER_ALLOWED_HOSTS, WORKER_HEALTH_HIDDEN),
              INVOKER,
              UNKNOWN_RUN),
          hides(OUR_TOKEN, EnumSet.of(DATABASE_DOWN), INVOKER),
          hides(OUR_TOKEN, EnumSet.of(CALLBACK_ACCEPTED, WORKER_WANTS_KEY), UNKNOWN_RUN),
          hides(EnumSet.of(WORKER_PUBLIC, IAM_CHECK_OFF, FORGED_TOKEN_ACCEPTED), NOT_LET_IN),
          hides(EnumSet.of(CALLBACK_PUBLIC), NOT_LET_IN, UNKNOWN_RUN),
          hides(EnumSet.of(INGRESS_INTERNAL), ALL, STRANGERS),
          hides(EnumSet.of(INGRESS_INTERNAL), ALL, INVOKER, UNKNOWN_RUN),
          hides(EnumSet.of(INGRESS_INTERNAL), without(ALL, ALIAS_OPEN), ADDRESSES),
          hides(EnumSet.of(WRONG_AUDIENCE, EMAIL_MISSING), EnumSet.of(CREDENTIALS_EXPIRED)),
          // What a page does not link, or an API does not have, cannot be broken.
          hides(EnumSet.of(HOMEPAGE_500, LOGIN_OFF, DATABASE_DOWN), EnumSet.of(STATIC_MISSING)),
          hides(HOMEPAGE_MISSING, EnumSet.of(STATIC_MISSING)),
          hides(WEB_SHUT, EnumSet.of(STATIC_MISSING), "static files are served"),
          hides(
              API_OFF, EnumSet.of(API_OPEN, ORGS_OPEN, NONSENSE_TOKEN_ACCEPTED), FaultEffect.ORGS),
          hides(API_OFF, EnumSet.of(API_OPEN, NONSENSE_TOKEN_ACCEPTED), NONSENSE),
          hides(API_OFF, EnumSet.of(DOCS_BREAK_FOR_STRANGERS, SCHEMA_BREAKS_FOR_STRANGERS)),
          hides(API_OFF, EnumSet.of(LOGIN_OFF), "API documentation is served"),
          hides(EnumSet.of(API_OFF, DATABASE_DOWN), EnumSet.of(CACHE_DOWN), "cache works"),
          // What Google does not tell.
          hides(POLICY_DENIED, EnumSet.of(WORKER_PUBLIC, ALL_AUTHENTICATED, GRANT_PENDING), POLICY),
          hides(EnumSet.of(POLICY_DENIED), WEB_SHUT, WEB_OPEN),
          hides(EnumSet.of(POLICY_DENIED), UNTRUSTED, WEB_OPEN),
          hides(WEB_PROXIED, EnumSet.of(WEB_PRIVATE)),
          hides(
              EnumSet.of(ROLLOUT_FAILED),
              EnumSet.of(OLD_REVISION_SERVES, TRAFFIC_PINNED),
              "web is served by its newest revision"),
          hides(ROLLOUT_UNDER_WAY, EnumSet.of(REVISION_OF_ANOTHER)),
          hides(IMAGE_OLDER, EnumSet.of(IMAGES_DIFFER), SAME_BUILD),
          hides(EnumSet.of(VERSION_OLDER, RELEASE_NEWER), EnumSet.of(VERSIONS_DIFFER), SAME_BUILD),
          hides(WEB_ALLOWED_HOSTS, EnumSet.of(HTTP_NOT_REDIRECTED)),
          hides(
              MCP_ABSENT,
              ALL.stream().filter(it -> it.id().startsWith("mcp-")).collect(Collectors.toSet())),
          hides(
              EnumSet.of(MCP_PRIVATE, MCP_ROOT_HIDDEN),
              EnumSet.of(MCP_ADVERTISES_NOWHERE, MCP_OTHER_AUTHORIZATION_SERVER)),
          hides(EnumSet.of(MCP_OPEN, MCP_OAUTH_OFF), EnumSet.of(MCP_OTHER_AUTHORIZATION_SERVER)));

  /** What these find, whatever they find of each alone. */
  private record Together(
      Set<Fault> first, Set<Fault> second, FaultEffect effect, String... tests) {

    FaultEffect applied(FaultEffect before, Fault one, Fault other) {
      return first.contains(one) && second.contains(other)
          ? before.except(List.of(tests), effect)
          : before;
    }
  }

  private static final List<Together> TOGETHERS =
      List.of(
          // Over https, there is one more to be kept from looking.
          new Together(
              WEB_SHUT,
              EnumSet.of(CERTIFICATE_EXPIRING, HTTP_NOT_REDIRECTED, HSTS_MISSING),
              GOOD.open(HSTS),
              HSTS),
          // An error over plain http is no page that anybody could read on the way.
          new Together(
              EnumSet.of(WEB_PRIVATE, WEB_REFUSED, LOGIN_OFF, HOMEPAGE_MISSING),
              EnumSet.of(HTTP_NOT_REDIRECTED),
              GOOD.warns(HTTP),
              HTTP),
          // Nothing else says that the app is ill, so it is told where it is met.
          new Together(
              EnumSet.of(DATABASE_DOWN),
              EnumSet.of(HEALTH_HIDDEN),
              GOOD.fails(NONSENSE, "cache works"),
              NONSENSE,
              "cache works"),
          new Together(EnumSet.of(API_OFF), EnumSet.of(CACHE_DOWN), GOOD.fails(SIGN_IN), SIGN_IN),
          // Without its headers, a refusal cannot be told for the app's.
          new Together(
              EnumSet.of(HEADERS_MISSING), EnumSet.of(NOT_SUPERUSER), GOOD.fails(PARTS), PARTS),
          // Whom an open API calls signed in may not be.
          new Together(
              EnumSet.of(API_OPEN),
              EnumSet.of(SESSION_LOST),
              GOOD.fails(BEHIND),
              Stream.concat(Stream.of(BEHIND), Stream.of(SIGN_IN)).toArray(String[]::new)));

  /** Whether nothing is run, whatever else is wrong. */
  boolean stops() {
    return !effect().stopped().isEmpty();
  }

  /** Whether neither stands before the other, so that more of their kind may be there, too. */
  boolean isApart() {
    var both = FaultEffect.of(one).with(FaultEffect.of(other));
    return both.stopped().isEmpty() && effect().equals(both);
  }

  /** What is found. */
  FaultEffect effect() {
    var effect = FaultEffect.of(one).with(FaultEffect.of(other));
    for (var hiding : HIDINGS) {
      effect = hiding.applied(hiding.applied(effect, one, other), other, one);
    }
    for (var together : TOGETHERS) {
      effect = together.applied(together.applied(effect, one, other), other, one);
    }
    return effect;
  }

  private static boolean isOutside(Fault fault) {
    return FaultEffect.of(fault).marks().keySet().containsAll(List.of(BEHIND));
  }

  private static Hiding hides(Fault first, Set<Fault> second, String... tests) {
    return hides(EnumSet.of(first), second, tests);
  }

  private static Hiding hides(Set<Fault> first, Set<Fault> second, String... tests) {
    return new Hiding(first, second, List.of(tests));
  }

  private static Set<Fault> with(Set<Fault> some, Fault... more) {
    var all = EnumSet.copyOf(some);
    all.addAll(Arrays.asList(more));
    return all;
  }

  private static Set<Fault> without(Set<Fault> some, Fault fault) {
    var all = EnumSet.copyOf(some);
    all.remove(fault);
    return all;
  }
}
