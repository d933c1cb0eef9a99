package lib.http;

import okhttp3.HttpUrl;

/** Somebody who can sign in. The password is never printed. */
record Account(String name, String password) {

  /** What this account is called at one place, whatever its password is. */
  String at(HttpUrl origin) {
    return origin.scheme() + "://" + origin.host() + ":" + origin.port() + "\n" + name;
  }

  @Override
  public String toString() {
    return "account of " + name;
  }
}
