package dev.agentrelay.auth.takeover;

/** The users cannot be taken over; the message is a sentence for the operator. */
final class TakeoverException extends RuntimeException {
  TakeoverException(String message) {
    super(message);
  }
}
