package test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.xml.sax.InputSource;

/**
 * A page that {@code --html} wrote, as two independent readers see it; none that could load or run
 * anything is accepted.
 */
record HtmlReport(Document document) {

  private static final Set<String> ELEMENTS =
      Set.of(
          ("html head meta title style body header main section h1 h2 h3 p div span dl dt dd ol ul"
                  + " li details summary pre code b a time")
              .split(" "));

  private static final Set<String> ATTRIBUTES =
      Set.of("lang", "charset", "http-equiv", "content", "name", "class", "id", "open", "datetime");

  static HtmlReport read(Path file) throws Exception {
    var text = Files.readString(file);
    assertTrue(text.startsWith("<!DOCTYPE html>"), text);
    xml(text);
    var parser = Parser.htmlParser().setTrackErrors(10);
    var page = new HtmlReport(parser.parseInput(text, ""));
    assertEquals(List.of(), parser.getErrors());
    page.document.getAllElements().forEach(HtmlReport::inert);
    var style = page.document.select("style").html();
    for (var loading : List.of("url(", "@import", "expression", "src")) {
      assertFalse(style.contains(loading), loading);
    }
    assertEquals(
        "default-src 'none'; style-src 'unsafe-inline'",
        page.document.select("meta[http-equiv=Content-Security-Policy]").attr("content"));
    return page;
  }

  private static void xml(String text) throws Exception {
    var builder = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    builder.setEntityResolver(
        (name, address) -> {
          throw new IOException("The page would load " + address);
        });
    builder.parse(new InputSource(new StringReader(text)));
  }

  private static void inert(Element element) {
    if (element instanceof Document) {
      return;
    }
    assertTrue(ELEMENTS.contains(element.normalName()), element::toString);
    for (var attribute : element.attributes()) {
      var harmless =
          switch (attribute.getKey()) {
            case "href" -> attribute.getValue().matches("#finding-\\d+");
            case "style" -> attribute.getValue().matches("width:\\d+\\.\\d%|flex-grow:\\d+");
            case "aria-hidden" -> attribute.getValue().equals("true");
            default -> ATTRIBUTES.contains(attribute.getKey());
          };
      assertTrue(harmless, element::toString);
    }
  }

  /** The texts of all elements that a selector selects. */
  List<String> all(String selector) {
    return document.select(selector).eachText();
  }

  /** The text of the only one. */
  String one(String selector) {
    var all = document.select(selector);
    assertEquals(1, all.size(), selector);
    return all.text();
  }

  int count(String selector) {
    return document.select(selector).size();
  }
}
