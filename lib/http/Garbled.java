package lib.http;

import java.io.EOFException;
import java.io.IOException;

/** Says in words what OkHttp says of an answer that is none. */
final class Garbled {

  private Garbled() {}

  static String sentence(IOException cause) {
    var said = String.valueOf(cause.getMessage());
    var below = cause.getCause() == null ? said : cause.getCause() + "";
    if (said.contains("reset")) {
      return "the connection was reset";
    }
    if (said.contains("ID1ID2") || said.contains("gzip") || below.contains("DataFormat")) {
      return "the answer calls itself gzip, and is none";
    }
    if (said.equals("unexpected end of stream") || cause instanceof EOFException) {
      return "the answer broke off before its end";
    }
    if (below.contains("\\n not found: limit=") && !below.contains("limit=0 ")) {
      return "the answer broke off in its headers, or they have no end";
    }
    if (said.contains("unexpected end of stream") || below.contains("\\n not found")) {
      return "the connection was closed without an answer";
    }
    if (said.startsWith("Unexpected status line")) {
      return "what came is no HTTP (" + Http.excerpt(said.replaceFirst("^.*?: ", "")) + ")";
    }
    return "the answer could not be read (" + Http.excerpt(said) + ")";
  }
}
