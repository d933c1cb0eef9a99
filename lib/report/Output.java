package lib.report;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Optional;
import lib.target.Environment;

/** The one way out of the process: results, notes, and never a secret. */
public final class Output {

  private final PrintWriter out;
  private final PrintWriter err;
  private final Terminal terminal;
  private final Redaction redaction = new Redaction();
  private final boolean obeyed;
  private volatile boolean passing;

  /**
   * @param terminal what standard output can show
   * @param obeyed whether GitHub reads along, and does what it is told
   */
  public Output(PrintWriter out, PrintWriter err, Terminal terminal, boolean obeyed) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.obeyed = obeyed;
  }

  /** Standard output and standard error of this process. */
  public static Output ofProcess() {
    var obeyed = GithubActions.isThere(Environment.ofProcess());
    return new Output(
        writer(FileDescriptor.out), writer(FileDescriptor.err), Terminal.ofProcess(), obeyed);
  }

  /** For what is run without anybody who listens. */
  static Output toNobody() {
    var nobody = new PrintWriter(Writer.nullWriter());
    return new Output(nobody, nobody, new Terminal(true, true, false, 80), false);
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    var stream = new PrintStream(new FileOutputStream(descriptor), false, Terminal.charset());
    return new PrintWriter(stream, true);
  }

  /** What all output goes through. */
  public Redaction redaction() {
    return redaction;
  }

  /**
   * What standard output can show.
   *
   * @param noColour what {@code --no-color} said
   * @param noColorVariable the variable NO_COLOR, which forbids colour when it is not empty
   */
  public Terminal terminal(boolean noColour, Optional<String> noColorVariable) {
    return noColour || noColorVariable.isPresent() ? terminal.plain() : terminal;
  }

  PrintWriter out() {
    return out;
  }

  PrintWriter err() {
    return err;
  }

  /** The text without secrets: to be taken before a text is cut, or broken into lines. */
  String clean(String text) {
    return redaction.of(text);
  }

  /** A line of results. */
  public void result(String line) {
    takeBack();
    out.println(inert(redaction.of(line)));
    out.flush();
  }

  /**
   * A whole document. Only its texts are cleaned of secrets, one by one: a secret that happens to
   * be a word of the document's own must not break it.
   */
  public void document(JsonObject document) {
    var json =
        new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();
    takeBack();
    out.println(json.toJson(clean(document)));
    out.flush();
  }

  private JsonElement clean(JsonElement element) {
    if (element.isJsonObject()) {
      var object = new JsonObject();
      element.getAsJsonObject().asMap().forEach((key, value) -> object.add(key, clean(value)));
      return object;
    }
    if (element.isJsonArray()) {
      var array = new JsonArray();
      element.getAsJsonArray().forEach(item -> array.add(clean(item)));
      return array;
    }
    return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()
        ? new JsonPrimitive(redaction.of(element.getAsString()))
        : element;
  }

  /** A line that is no result: a note, or an error. */
  public void note(String line) {
    takeBack();
    err.println(inert(redaction.of(line)));
    err.flush();
  }

  /** What kept a script from its work, in lines as long as the terminal's. */
  void problem(String text) {
    takeBack();
    terminal.wrapped("", redaction.of(text)).forEach(line -> err.println(inert(line)));
    err.flush();
  }

  /** A line for the program that runs this one, such as a CI server: the text is clean already. */
  void command(String line) {
    takeBack();
    err.println(line);
    err.flush();
  }

  /** What a server said may look like an order to GitHub, which takes it from any line's start. */
  private String inert(String line) {
    return obeyed ? line.replaceAll("(?m)^(\\s*)(::|##\\[)", "$1'$2") : line;
  }

  /** Something that the next line overwrites. Only for a terminal. */
  void transitory(String text) {
    err.print("\r" + redaction.of(text) + "\u001b[K");
    err.flush();
    passing = true;
  }

  private void takeBack() {
    if (passing) {
      err.print("\r\u001b[K");
      err.flush();
      passing = false;
    }
  }
}
