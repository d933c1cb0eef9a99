package lib.report;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;

/**
 * The report for Prometheus, as node exporter's textfile collector reads it: samples without a time
 * of their own, since it refuses those.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">the text format</a>
 * @see <a href="https://github.com/prometheus/node_exporter#textfile-collector">the collector</a>
 */
final class Prometheus {

  private static final String LAST_SUCCESS = "validibot_pdv_last_success_timestamp_seconds";

  private final Report report;
  private final Labels labels;

  private Prometheus(Report report) {
    this.report = report;
    this.labels = Labels.of("script", report.script(), "subject", report.subject());
  }

  /**
   * The metrics of a run.
   *
   * @param before what the file holds that they go to: only there is it known when the last good
   *     run was
   */
  static String of(Report report, String before) {
    return new Prometheus(report).text(before);
  }

  private String text(String before) {
    var good = report.exitCode() == Summary.GOOD;
    var took = report.summary().duration();
    var ended = (double) report.began().plus(took).getEpochSecond();
    var success = good ? OptionalDouble.of(ended) : lastSuccess(before, ended);
    var metrics = new ArrayList<MetricSnapshot>();
    metrics.add(ofRun("validibot_pdv_up", "Whether the last run exited with 0.", good ? 1 : 0));
    metrics.add(
        ofRun("validibot_pdv_last_run_timestamp_seconds", "When the last run ended.", ended));
    success.ifPresent(at -> metrics.add(ofSuccess(at)));
    if (report.problem().isEmpty()) {
      metrics.add(
          ofRun(
              "validibot_pdv_run_duration_seconds", "How long the last run took.", seconds(took)));
      ofFindings().forEach(metrics::add);
    }
    return written(metrics);
  }

  private Stream<GaugeSnapshot> ofFindings() {
    var statuses = new Samples(Math::max);
    var durations = new Samples(Double::sum);
    var days = new Samples(Math::min);
    for (var finding : report.findings()) {
      var named = labels.add("id", finding.id());
      var described = named.add("group", finding.group()).add("title", finding.title());
      for (var status : Status.values()) {
        var one = described.add("status", status.word());
        statuses.add(one, status == finding.status() ? 1 : 0);
      }
      durations.add(named, seconds(finding.duration()));
      var left = finding.verdict().measures().get(Verdict.CERTIFICATE_DAYS_LEFT);
      if (left != null) {
        days.add(named, left);
      }
    }
    return Stream.of(
            statuses.gauge(
                "validibot_pdv_finding_status", "1 for the status of a test or check, else 0."),
            durations.gauge(
                "validibot_pdv_finding_duration_seconds", "How long it took to find out."),
            days.gauge(
                "validibot_pdv_certificate_days_left",
                "For how many days a certificate is still good."))
        .filter(gauge -> !gauge.getDataPoints().isEmpty());
  }

  private GaugeSnapshot ofSuccess(double at) {
    return ofRun(LAST_SUCCESS, "When the last run ended that exited with 0.", at);
  }

  private GaugeSnapshot ofRun(String name, String help, double value) {
    var samples = new Samples(Math::max);
    samples.add(labels, value);
    return samples.gauge(name, help);
  }

  /**
   * When the last good run ended. The old file was written as the new one is, so its line for the
   * same script and subject begins as ours would.
   */
  private OptionalDouble lastSuccess(String before, double now) {
    var ours = written(List.of(ofSuccess(0)));
    var beginning = ours.substring(ours.lastIndexOf(LAST_SUCCESS), ours.lastIndexOf(' ') + 1);
    return Stream.of(before.split("\n"))
        .filter(line -> line.startsWith(beginning))
        .flatMapToDouble(line -> number(line.substring(beginning.length())).stream())
        .filter(at -> at > 0 && at <= now)
        .max();
  }

  private static OptionalDouble number(String text) {
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private static String written(List<MetricSnapshot> metrics) {
    var bytes = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(bytes, new MetricSnapshots(metrics));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing can go wrong with bytes in memory
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  /**
   * What is known under one name. Of the same labels there can be only one sample, or the collector
   * refuses the file: a user's own tests may share an id.
   */
  private record Samples(Map<Labels, Double> values, DoubleBinaryOperator together) {

    Samples(DoubleBinaryOperator together) {
      this(new HashMap<>(), together);
    }

    void add(Labels labels, double value) {
      values.merge(labels, value, together::applyAsDouble);
    }

    GaugeSnapshot gauge(String name, String help) {
      var gauge = GaugeSnapshot.builder().name(name).help(help);
      values.forEach(
          (labels, value) ->
              gauge.dataPoint(
                  GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
      return gauge.build();
    }
  }
}
