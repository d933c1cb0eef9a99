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
        public void ended(Summary summary, Status status, String verdict, List<String> caveats) {}
      };

  /** Say what is verified. */
  void began(List<String> header);

  /** Say what became of one test; they come in a stable order. */
  void found(Finding finding);

  /** Say how far it is, while nothing else is said. */
  void waiting(Progress progress);

  /**
   * Say how it ended.
   *
   * @param status of the run as a whole
   * @param verdict the last word, such as "dev is good"
   * @param caveats what the verdict does not speak of
   */
  void ended(Summary summary, Status status, String verdict, List<String> caveats);

  /**
   * How far a run is.
   *
   * @param total 0 while that is not known
   * @param running the titles of tests that wait for an answer
   * @param seconds since the start
   */
  record Progress(int done, int total, List<String> running, long seconds) {}
}
