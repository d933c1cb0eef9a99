package lib.demo;

/** Whatever answers requests: an app, or something of Google's. */
interface Handler {

  Answer answer(Request request);
}
