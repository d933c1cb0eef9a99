package lib.report;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes HTML that is well-formed XML, too: whatever a text holds, it is text for browsers.
 * Elements are named with their classes, such as {@code p.hint}.
 */
final class Html {

  private static final Set<String> WITHIN_A_LINE = Set.of("span", "a", "code", "b", "time");

  /**
   * What <a href="https://www.w3.org/TR/xml/#charsets">XML</a> or <a
   * href="https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream">HTML</a>
   * forbid, and what turns the direction of writing: a server must not make a text look like
   * another.
   */
  private static final Pattern NO_TEXT =
      Pattern.compile(
          "[^\\t\\n\\r\\x{20}-\\x{7E}\\x{A0}-\\x{D7FF}\\x{E000}-\\x{FDCF}\\x{FDF0}-\\x{FFFD}"
              + "\\x{10000}-\\x{10FFFF}]|[\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]");

  private static final String COMMAND = "  ";
  private static final String ITEM = "  - ";

  private final StringWriter page = new StringWriter();
  private final XMLStreamWriter out;

  Html() {
    try {
      out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(page);
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The document so far. */
  @Override
  public String toString() {
    return page.toString();
  }

  void doctype() {
    write(() -> out.writeDTD("<!DOCTYPE html>"));
  }

  /** An element, and what it holds; that begins with its attributes. */
  void in(String element, Runnable content) {
    var names = element.split("\\.", 2);
    write(
        () -> {
          if (!WITHIN_A_LINE.contains(names[0])) {
            out.writeCharacters("\n");
          }
          out.writeStartElement(names[0]);
          if (names.length > 1) {
            out.writeAttribute("class", names[1].replace('.', ' '));
          }
        });
    content.run();
    write(out::writeEndElement);
  }

  /** An element that holds a text. */
  void in(String element, String text) {
    in(element, () -> text(text));
  }

  /** An element that holds nothing and has no end, with names and values of attributes. */
  void empty(String element, String... attributes) {
    write(
        () -> {
          out.writeCharacters("\n");
          out.writeEmptyElement(element);
          for (var i = 0; i < attributes.length; i += 2) {
            out.writeAttribute(attributes[i], attributes[i + 1]);
          }
        });
  }

  void attribute(String name, String value) {
    write(() -> out.writeAttribute(name, printable(value)));
  }

  void text(String text) {
    write(() -> out.writeCharacters(printable(text)));
  }

  /** Paragraphs; lines that begin with two blanks are commands, or items of a list. */
  void lines(List<String> lines) {
    var all = lines.stream().flatMap(String::lines).toList();
    for (var begin = 0; begin < all.size(); ) {
      var kind = kind(all.get(begin));
      var block = new ArrayList<String>();
      while (begin < all.size() && kind(all.get(begin)).equals(kind)) {
        block.add(all.get(begin++).substring(kind.length()));
      }
      switch (kind) {
        case ITEM -> in("ul", () -> block.forEach(line -> in("li", line)));
        case COMMAND -> in("pre", () -> in("code", String.join("\n", block)));
        default -> block.forEach(line -> in("p", line));
      }
    }
  }

  private static String kind(String line) {
    return line.startsWith(ITEM) ? ITEM : line.startsWith(COMMAND) ? COMMAND : "";
  }

  private static String printable(String text) {
    return NO_TEXT.matcher(text).replaceAll("\uFFFD");
  }

  /** Nothing here writes to anything that could fail. */
  private static void write(Step step) {
    try {
      step.run();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Step {
    void run() throws XMLStreamException;
  }
}
