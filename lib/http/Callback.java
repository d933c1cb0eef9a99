package lib.http;

/**
 * A callback as validators send it, with every field of the contract, for a run that cannot exist:
 * it does nothing, even where nobody stops it (validibot.md section 5.2).
 */
public final class Callback {

  /** A run id that is no UUID would make the app log an error. */
  private static final String NO_RUN = "00000000-0000-4000-8000-000000000000";

  private static final int NONCE_LENGTH = 43;

  private Callback() {}

  /** The JSON of such a callback. */
  public static String forUnknownRun() {
    return """
    {"run_id":"%s","callback_id":"verify-deployment","callback_nonce":"%s",\
    "status":"failed_runtime","result_uri":"gs://verify-deployment/none.json"}\
    """
        .formatted(NO_RUN, "0".repeat(NONCE_LENGTH));
  }
}
