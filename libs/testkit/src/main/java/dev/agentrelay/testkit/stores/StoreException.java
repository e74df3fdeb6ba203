package dev.agentrelay.testkit.stores;

/** A store could not be started or prepared. The message is one sentence for people. */
public final class StoreException extends RuntimeException {
  StoreException(String message) {
    super(message);
  }

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
