package dev.agentrelay.socketio;

/** An acknowledgement that will not come. */
public final class AcknowledgementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why it will not come. */
  public enum Cause {
    /** The client did not answer in time. */
    TIMEOUT,
    /** The socket has left its namespace. */
    DISCONNECTED,
    /** The client owes too many answers already. */
    TOO_MANY_OUTSTANDING
  }

  private final Cause reason;

  AcknowledgementException(Cause reason) {
    super("no acknowledgement: " + reason, null, false, false);
    this.reason = reason;
  }

  public Cause reason() {
    return reason;
  }
}
