package lib.engine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The frames in which an engine sends both streams of a container (compose.md section 5). */
final class Frames {

  static final int OUT = 1;
  static final int ERR = 2;

  private static final int HEADER = 8;

  private Frames() {}

  /** What one stream says. */
  static String stream(byte[] bytes, int wanted) {
    return text(bytes, wanted);
  }

  /** What both streams say; a container with a terminal has one stream, and no frames. */
  static String both(byte[] bytes) {
    return isFramed(bytes) ? text(bytes, 0) : new String(bytes, StandardCharsets.UTF_8);
  }

  private static boolean isFramed(byte[] bytes) {
    return bytes.length >= HEADER
        && bytes[0] >= 0
        && bytes[0] <= ERR
        && bytes[1] == 0
        && bytes[2] == 0
        && bytes[3] == 0;
  }

  private static String text(byte[] bytes, int wanted) {
    var text = new ByteArrayOutputStream();
    var buffer = ByteBuffer.wrap(bytes);
    while (buffer.remaining() >= HEADER) {
      var stream = buffer.getInt() >>> 24;
      var length = Math.min(buffer.getInt(), buffer.remaining());
      if (length < 0) {
        break;
      }
      if (wanted == 0 || stream == wanted) {
        text.write(bytes, buffer.position(), length);
      }
      buffer.position(buffer.position() + length);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
