package dev.agentrelay.contracts;

/**
 * Headers of a record on {@link Topics#EVENTS}. Its value is the worker's event as it came; the
 * headers say where it belongs. Each is decimal digits or plain text in UTF-8.
 */
public final class EventHeaders {
  /** The user whose session it is. */
  public static final String USER = "user";

  /** The session's registration, see {@link SessionEvent#epoch}. */
  public static final String EPOCH = "epoch";

  /** The event's number in its registration: 1, 2, 3… A missing one was lost. */
  public static final String NUMBER = "number";

  /** When the relay had stored the event, in milliseconds since 1970. */
  public static final String AT = "at";

  private EventHeaders() {}
}
