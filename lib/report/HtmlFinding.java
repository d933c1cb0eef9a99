package lib.report;

import java.util.List;
import java.util.stream.Stream;

/** The parts of what is told of one finding. */
final class HtmlFinding {

  private static final List<String> LABELS =
      List.of(Verdict.ASKED, Verdict.CAME_BACK, Verdict.EXPECTED);

  private final Html html;

  HtmlFinding(Html html) {
    this.html = html;
  }

  /** What became of it, as a mark and as a word: colours are not seen by everybody. */
  void mark(Finding it) {
    html.in("span.mark", HtmlPage.mark(it.status()));
    html.text(" ");
    html.in("span.word", word(it.status()));
    html.text(" ");
  }

  void named(Finding it) {
    mark(it);
    html.in("span.title", it.title());
  }

  private static String word(Status status) {
    return status == Status.UNVERIFIED ? "not verified" : status.word();
  }

  /** Its id, where it belongs, and how long it took. */
  void place(Finding it) {
    html.in(
        "p.place",
        () -> {
          html.in("code", it.id());
          html.text(" ");
          if (!it.group().isEmpty()) {
            html.in("span", it.group());
            html.text(" ");
          }
          html.in("span", Terminal.seconds(it.duration()).strip());
          it.hint()
              .ifPresent(
                  hint -> {
                    html.text(" ");
                    html.in("span", "explained in " + hint);
                  });
        });
  }

  void facts(Finding it) {
    if (!it.verdict().facts().isEmpty()) {
      html.in(
          "ul.facts", () -> it.verdict().facts().forEach(fact -> html.in("li", () -> fact(fact))));
    }
  }

  private void fact(String fact) {
    var label = LABELS.stream().filter(fact::startsWith).findFirst().orElse("");
    if (!label.isEmpty()) {
      html.in("b", label.strip());
      html.text(" ");
    }
    html.in("span", fact.substring(label.length()));
  }

  /** Why it matters, and what to do. */
  void advice(Finding it) {
    var verdict = it.verdict();
    var advice = Stream.concat(Stream.of(verdict.why()), verdict.fix().stream()).toList();
    html.lines(advice);
  }

  /** What only they want to read who want to read everything. */
  void rest(Finding it) {
    html.lines(it.verdict().details());
    var exchanges = it.exchanges().stream().map(Exchange::line).toList();
    if (exchanges.isEmpty()) {
      return;
    }
    var many = exchanges.size() > 1;
    html.in(
        "details.exchanges",
        () -> {
          html.in(
              "summary", many ? exchanges.size() + " requests and answers" : "request and answer");
          html.in("ol", () -> exchanges.forEach(line -> html.in("li", line)));
        });
  }
}
