package lib.checks;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import lib.report.Verdict;

/**
 * One question about a deployment. The id is a promise: documented in docs/checks.md, and never
 * reused.
 *
 * @param title what is true when all is well, as a state
 * @param needs ids of checks without whose good answer this one means nothing
 * @param causes ids of checks whose error explains a bad answer of this one: one cause, one error
 * @param follows whether a bad answer can be explained so at all
 * @param question answers with a verdict; an exception is an answer, too (see {@link CheckRun})
 * @param repair what could be done about a bad answer from here; nothing when that is nothing
 */
public record Check(
    String id,
    String title,
    List<String> needs,
    List<String> causes,
    Predicate<Verdict> follows,
    Callable<Verdict> question,
    Supplier<Optional<Repair>> repair) {

  public Check {
    needs = List.copyOf(needs);
    causes = List.copyOf(causes);
  }

  /** Ask a question that stands on its own. */
  public static Check of(String id, String title, Callable<Verdict> question) {
    return new Check(id, title, List.of(), List.of(), verdict -> true, question, Optional::empty);
  }

  /** The same question, which means something only when these checks are good. */
  public Check needing(String... ids) {
    return new Check(id, title, List.of(ids), causes, follows, question, repair);
  }

  /** The same question, whose bad answer is no error of its own while one of these is wrong. */
  public Check explainedBy(String... ids) {
    return explainedBy(verdict -> true, ids);
  }

  /** The same, for those bad answers that can follow from another one. */
  public Check explainedBy(Predicate<Verdict> canFollow, String... ids) {
    return new Check(id, title, needs, List.of(ids), canFollow, question, repair);
  }

  /** The same question, with something that can be done about a bad answer. */
  public Check repairedBy(Supplier<Optional<Repair>> remedy) {
    return new Check(id, title, needs, causes, follows, question, remedy);
  }

  /**
   * Something that {@code --fix} can do.
   *
   * @param what will be done, as a sentence without a full stop, such as "add the role OWNER"
   * @param action does it, whole or not at all, and tells what was done
   */
  public record Repair(String what, Callable<String> action) {}
}
