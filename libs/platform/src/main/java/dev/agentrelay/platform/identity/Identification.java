package dev.agentrelay.platform.identity;

/** What became of asking who a caller is. */
public sealed interface Identification {

  /** The credential is good. */
  record Known(Caller caller) implements Identification {}

  /** There is no credential, or none that is good: answer 401. */
  record Unknown(Reason reason) implements Identification {}

  /** Nobody can tell just now: answer 503, never 401 or "not found". */
  record Unavailable() implements Identification {}

  /** Why a caller stays unknown, with the text that clients are shown (rest.md 1.2). */
  enum Reason {
    /** Nothing usable; a cookie that is not good counts as none. */
    NO_CREDENTIAL("Missing API key (x-api-key header)"),
    /** A key that is unknown, disabled, expired or over its quota. */
    INVALID_KEY("Invalid or expired API key");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
