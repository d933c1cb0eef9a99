package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Map;
import java.util.Optional;
import lib.settings.DatabaseUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Database URLs; what is expected is what django-environ 0.14.0 answered when it was asked. */
class DatabaseUrlTests {

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "postgres://u:p@h:5432/db, u, p, h, 5432, db",
    "POSTGRES://u:p@h/db, u, p, h, 5432, db",
    "psql://u@h/d, u, '', h, 5432, d",
    "pgsql://u@h/d, u, '', h, 5432, d",
    "postgis://u@h/d, u, '', h, 5432, d",
    "postgres://u:p@[::1]:6000/db, u, p, ::1, 6000, db",
    "postgres://u:p@H.Example:5432/db, u, p, h.example, 5432, db",
    "postgres://u:a@b@h/db, u, a@b, h, 5432, db",
    "postgres://u:a#b@h:5432/db, u, a#b, h, 5432, db",
    "postgres://u:a:b@h:5432/db, u, a:b, h, 5432, db",
    "postgres://u:a[b@h:5432/db, u, a[b, h, 5432, db",
    "postgres://u:a[b]c@h:5432/db, u, a[b]c, h, 5432, db",
    "postgres://u:a b&c@h:5432/db, u, a b&c, h, 5432, db",
    "postgres://u:a%41b@h:5432/db, u, aAb, h, 5432, db",
    "postgres://u:a%2Fb%3Fc@h:5432/db, u, a/b?c, h, 5432, db",
    "postgres://u:a%zzb@h:5432/db, u, a%zzb, h, 5432, db",
    "postgres://u:a+b@h:5432/db, u, a+b, h, 5432, db",
    "postgres://u%40x:p@h:/d%20b, u@x, p, h, 5432, d b",
    "postgres://u:p@h/db?host=/cloudsql/x, u, p, h, 5432, db"
  })
  void url_is_read_as_the_app_reads_it(
      String url, String user, String password, String host, int port, String name) {
    var read = DatabaseUrl.parse(url).orElseThrow();

    assertEquals(user, read.user());
    assertEquals(password, read.password());
    assertEquals(host, read.host());
    assertEquals(port, read.port());
    assertEquals(name, read.name());
    assertEquals("", read.socket());
  }

  @ParameterizedTest(name = "{0}", quoteTextArguments = false)
  @CsvSource({
    "postgres://u:p@/db?host=/cloudsql/a:b:c, /cloudsql/a:b:c, db",
    "postgres:////var/run/postgresql/db, /var/run/postgresql, db",
    "postgres:///validibot, /var/run/postgresql, validibot"
  })
  void url_of_a_socket_has_no_host(String url, String socket, String name) {
    var read = DatabaseUrl.parse(url).orElseThrow();

    assertEquals("", read.host());
    assertEquals(socket, read.socket());
    assertEquals(name, read.name());
  }

  @ParameterizedTest(name = "'{0}'", quoteTextArguments = false)
  @ValueSource(
      strings = {
        " ",
        "foo",
        "mysql://u@h/d",
        "redis://x",
        "timescale://u@h/d",
        "postgres://u:a/b@h:5432/db",
        "postgres://u:a?b@h:5432/db",
        "postgres://u:p@h:70000/db",
        "postgres://u:p@h:port/db"
      })
  void url_that_the_app_refuses_is_none(String url) {
    assertEquals(Optional.empty(), DatabaseUrl.parse(url));
  }

  @Test
  void options_are_kept_and_the_password_is_never_shown() {
    var url =
        DatabaseUrl.parse("postgres://u:canary-pw@h/db?sslmode=require&x=a%20b").orElseThrow();

    assertEquals(Map.of("sslmode", "require", "x", "a b"), url.options());
    assertEquals("h:5432/db", url.toString());
    assertFalse(url.at("::1").toString().contains("canary"));
    assertEquals("[::1]:5432/db", url.at("::1").address());
  }
}
