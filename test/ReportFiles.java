package test;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.maven.plugin.surefire.log.api.NullConsoleLogger;
import org.apache.maven.plugins.surefire.report.ReportTestCase;
import org.apache.maven.plugins.surefire.report.ReportTestSuite;
import org.apache.maven.plugins.surefire.report.TestSuiteXmlParser;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** The files of a run, read by those who made neither them nor us: Maven, and Prometheus' own. */
record ReportFiles(Path junitXml, Path prometheus) {

  /** A line of metrics. */
  record Sample(String type, String name, Map<String, String> labels, double value) {}

  private static final String PARSER =
      """
      import json, sys
      from prometheus_client.parser import text_string_to_metric_families
      with open(sys.argv[1], encoding='utf-8', newline='') as file:
          for family in text_string_to_metric_families(file.read()):
              for sample in family.samples:
                  print(json.dumps({'type': family.type, 'help': family.documentation, **sample._asdict()}))
      """;

  /** What was read of a text: a process is expensive. */
  private static final Map<String, List<Sample>> KNOWN = new ConcurrentHashMap<>();

  ReportFiles(Path folder) {
    this(folder.resolve("report.xml"), folder.resolve("report.prom"));
  }

  String[] options() {
    return new String[] {"--junit-xml", junitXml.toString(), "--prometheus", prometheus.toString()};
  }

  /** As Maven's reports read it. */
  List<ReportTestSuite> suites() throws IOException, SAXException, ParserConfigurationException {
    return new TestSuiteXmlParser(new NullConsoleLogger()).parse(junitXml.toString());
  }

  List<ReportTestCase> cases() throws IOException, SAXException, ParserConfigurationException {
    return suites().stream().flatMap(suite -> suite.getTestCases().stream()).toList();
  }

  Document document() throws IOException, SAXException, ParserConfigurationException {
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(junitXml.toFile());
  }

  /** All elements of that name. */
  List<Element> elements(String name)
      throws IOException, SAXException, ParserConfigurationException {
    var nodes = document().getElementsByTagName(name);
    var elements = new ArrayList<Element>();
    for (var i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  String metrics() throws IOException {
    return Files.readString(prometheus);
  }

  /** All samples; none has a time of its own, and no two are of the same labels. */
  List<Sample> samples() throws IOException {
    return KNOWN.computeIfAbsent(metrics(), text -> parsed());
  }

  private List<Sample> parsed() {
    var python = PythonEnvironment.with("prometheus-client==0.26.0").resolve("bin/python");
    var lines = Shell.run("" + python, "-c", PARSER, "" + prometheus).exits(0).out().lines();
    var samples =
        lines.map(line -> sample(JsonParser.parseString(line).getAsJsonObject())).toList();
    var names = new HashSet<String>();
    for (var sample : samples) {
      if (!names.add(sample.name() + sample.labels())) {
        throw new AssertionError("twice: " + sample);
      }
    }
    return samples;
  }

  private static Sample sample(JsonObject json) {
    if (!json.get("timestamp").isJsonNull() || json.get("help").getAsString().isEmpty()) {
      throw new AssertionError("a time of its own, or no help: " + json);
    }
    var labels = new HashMap<String, String>();
    json.getAsJsonObject("labels")
        .asMap()
        .forEach((name, value) -> labels.put(name, value.getAsString()));
    return new Sample(
        json.get("type").getAsString(),
        json.get("name").getAsString(),
        Map.copyOf(labels),
        json.get("value").getAsDouble());
  }

  /** All samples of one name, which are gauges. */
  List<Sample> samples(String name) throws IOException {
    var samples =
        samples().stream().filter(it -> it.name().equals("validibot_pdv_" + name)).toList();
    if (!samples.stream().allMatch(it -> it.type().equals("gauge"))) {
      throw new AssertionError("no gauge: " + samples);
    }
    return samples;
  }

  /** The one sample of that name. */
  double value(String name) throws IOException {
    var samples = samples(name);
    if (samples.size() != 1) {
      throw new AssertionError("one of " + name + " was expected: " + samples);
    }
    return samples.get(0).value();
  }
}
