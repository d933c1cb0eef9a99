package lib.report;

import java.util.List;

/** Tells people how a run goes. It decides nothing. */
public interface Reporter {

  /** Says nothing. */
  Reporter NONE =
      new Reporter() {
        @Override
        public void began(List<String> header) {}

        @Override
        public void found(Finding finding) {}

        @Override
        public void waiting(Progress progress) {}

        @Override
        public void ended(Report report) {}
      };

  /** Say what is verified. */
  void began(List<String> header);

  /** Say what became of one test; they come in a stable order. */
  void found(Finding finding);

  /** Say how far it is, while nothing else is said. */
  void waiting(Progress progress);

  /** Say how it ended. */
  void ended(Report report);

  /**
   * How far a run is.
   *
   * @param total 0 while that is not known
   * @param running the titles of tests that wait for an answer
   * @param seconds since the start
   */
  record Progress(int done, int total, List<String> running, long seconds) {}
}
