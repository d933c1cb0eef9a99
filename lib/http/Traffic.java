package lib.http;

import java.io.IOException;
import java.time.Duration;
import okhttp3.Interceptor;
import okhttp3.Response;

/** How long a run has waited for answers: several requests at once are waited for once. */
public final class Traffic implements Interceptor {

  private int requests;
  private int underWay;
  private long began;
  private long waited;

  @Override
  public Response intercept(Chain chain) throws IOException {
    asked();
    try {
      return chain.proceed(chain.request());
    } finally {
      answered();
    }
  }

  private synchronized void asked() {
    requests++;
    if (underWay++ == 0) {
      began = System.nanoTime();
    }
  }

  private synchronized void answered() {
    if (--underWay == 0) {
      waited += System.nanoTime() - began;
    }
  }

  /** How many requests were made, those for tokens and look-ups included. */
  public synchronized int requests() {
    return requests;
  }

  /** For how long at least one of them was under way. */
  public synchronized Duration waited() {
    return Duration.ofNanos(waited);
  }
}
