package dev.agentrelay.testkit.clients;

/** What was waited for did not come within its limit. */
public final class AwaitTimeoutException extends RuntimeException {
  AwaitTimeoutException(String message) {
    super(message);
  }
}
