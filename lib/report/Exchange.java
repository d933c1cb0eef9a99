package lib.report;

import java.util.function.UnaryOperator;

/**
 * One request, and what came of it.
 *
 * @param request what was asked, and by whom
 * @param answer what came back, in short
 * @param answeredBy who sent that; empty when nobody did
 * @param line the whole exchange on one line
 */
public record Exchange(String request, String answer, String answeredBy, String line) {

  /** The same, where another test had asked before. */
  public Exchange asBefore() {
    return new Exchange(request, answer, answeredBy, line + ", asked before");
  }

  Exchange cleaned(UnaryOperator<String> clean) {
    return new Exchange(
        clean.apply(request), clean.apply(answer), clean.apply(answeredBy), clean.apply(line));
  }

  @Override
  public String toString() {
    return line;
  }
}
