package lib.demo;

import java.util.Optional;

/** The URLs of one role of the app; empty where it has no such URL. */
interface Routes {

  Optional<Answer> answer(Request request);
}
