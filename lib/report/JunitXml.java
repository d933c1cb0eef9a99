package lib.report;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The report for CI servers. No standard says what JUnit XML is; this is what Jenkins' JUnit
 * plugin, GitLab and Maven's Surefire read of it, and how pytest writes it.
 *
 * @see <a href="https://github.com/testmoapp/junitxml">what is in use</a>
 */
final class JunitXml {

  private final Report report;
  private final XMLStreamWriter xml;

  private JunitXml(Report report, XMLStreamWriter xml) {
    this.report = report;
    this.xml = xml;
  }

  static String of(Report report) {
    var text = new StringWriter();
    try {
      var xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      new JunitXml(report, xml).write();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e); // nothing can go wrong with a text in memory
    }
    return text.append('\n').toString();
  }

  private void write() throws XMLStreamException {
    var all = new Summary(findings(report), report.summary().duration());
    xml.writeStartDocument("UTF-8", "1.0");
    begin("testsuites");
    counts(report.script(), all);
    var groups = new LinkedHashMap<String, List<Finding>>();
    all.findings()
        .forEach(it -> groups.computeIfAbsent(it.group(), key -> new ArrayList<>()).add(it));
    for (var group : groups.entrySet()) {
      var took =
          group.getValue().stream().map(Finding::duration).reduce(Duration.ZERO, Duration::plus);
      begin("testsuite");
      var name = group.getKey().isEmpty() ? report.script() : group.getKey();
      counts(name, new Summary(group.getValue(), took));
      for (var finding : group.getValue()) {
        testcase(finding);
      }
      end();
    }
    end();
    xml.writeEndDocument();
  }

  /** A run that is not good has something that fails, also where no finding tells why. */
  private static List<Finding> findings(Report report) {
    var told = report.summary().count(Status.FAILED) + report.summary().count(Status.UNVERIFIED);
    if (report.exitCode() == Summary.GOOD || told > 0) {
      return report.findings();
    }
    var verdict = Verdict.unverified(report.problem().orElse(report.verdict()));
    var title = report.verdict();
    var whole = new Finding("", "", title, verdict, Duration.ZERO, List.of(), List.of());
    return Stream.concat(report.findings().stream(), Stream.of(whole)).toList();
  }

  private void counts(String name, Summary summary) throws XMLStreamException {
    attribute("name", name);
    attribute("tests", "" + summary.findings().size());
    attribute("failures", "" + summary.count(Status.FAILED));
    attribute("errors", "" + summary.count(Status.UNVERIFIED));
    attribute("skipped", "" + summary.count(Status.SKIPPED));
    attribute("time", seconds(summary.duration()));
    attribute("timestamp", report.began().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private void testcase(Finding finding) throws XMLStreamException {
    var group = finding.group().isEmpty() ? "" : "." + finding.group();
    begin("testcase");
    attribute("classname", report.script() + group);
    attribute("name", (finding.id() + " " + finding.title()).strip());
    attribute("time", seconds(finding.duration()));
    properties(finding);
    var verdict = finding.verdict();
    switch (finding.status()) {
      case FAILED -> problem("failure", finding);
      case UNVERIFIED -> problem("error", finding);
      case SKIPPED -> {
        empty("skipped");
        attribute("message", line(verdict.facts()));
      }
      default -> {}
    }
    var told = new ArrayList<String>();
    if (finding.status() == Status.WARNING || finding.status() == Status.INFO) {
      told.add(finding.status().word() + ": " + explained(finding));
    }
    told.addAll(finding.remarks());
    if (!told.isEmpty()) {
      begin("system-out");
      text(String.join("\n", told));
      xml.writeEndElement();
    }
    end();
  }

  /** GitLab and Surefire pass over them; Jenkins shows them, and programs find the id. */
  private void properties(Finding finding) throws XMLStreamException {
    if (!finding.id().isEmpty()) {
      begin("properties");
      property("id", finding.id());
      property("status", finding.status().word());
      if (finding.hint().isPresent()) {
        property("hint", finding.hint().get());
      }
      end();
    }
  }

  private void property(String name, String value) throws XMLStreamException {
    empty("property");
    attribute("name", name);
    attribute("value", value);
  }

  private void problem(String element, Finding finding) throws XMLStreamException {
    begin(element);
    attribute("message", line(finding.verdict().facts()));
    attribute("type", finding.status().word());
    text(explained(finding));
    xml.writeEndElement();
  }

  /** What was asked and what came back, why it matters, and what to do. */
  private static String explained(Finding finding) {
    var verdict = finding.verdict();
    return Stream.of(
            String.join("\n", verdict.facts()),
            verdict.why(),
            String.join("\n", verdict.fix()),
            finding.hint().map(hint -> "See " + hint).orElse(""))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("\n\n"));
  }

  /** For lists: of a fact that has many lines, the first one. */
  private static String line(List<String> facts) {
    return facts.stream()
        .map(fact -> fact.lines().findFirst().orElse(""))
        .collect(Collectors.joining("; "));
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).toPlainString();
  }

  private void begin(String element) throws XMLStreamException {
    xml.writeCharacters("\n");
    xml.writeStartElement(element);
  }

  private void empty(String element) throws XMLStreamException {
    xml.writeCharacters("\n");
    xml.writeEmptyElement(element);
  }

  /** End an element that has others in it. */
  private void end() throws XMLStreamException {
    xml.writeCharacters("\n");
    xml.writeEndElement();
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, allowed(value));
  }

  private void text(String text) throws XMLStreamException {
    xml.writeCharacters(allowed(text));
  }

  /**
   * The writer escapes what means something, but passes on what XML has no way to say.
   *
   * @see <a href="https://www.w3.org/TR/xml/#charsets">the characters of XML 1.0</a>
   */
  private static String allowed(String text) {
    var allowed = new StringBuilder();
    text.codePoints().map(it -> isOfXml(it) ? it : 0xFFFD).forEach(allowed::appendCodePoint);
    return allowed.toString();
  }

  private static boolean isOfXml(int character) {
    return character == '\t'
        || character == '\n'
        || character == '\r'
        || character >= ' ' && character < Character.MIN_SURROGATE
        || character > Character.MAX_SURROGATE && character < 0xFFFE
        || character >= Character.MIN_SUPPLEMENTARY_CODE_POINT;
  }
}
