package dev.agentrelay.platform.error;

import java.io.IOException;

/** A store cannot be reached or is overloaded, as whoever speaks to it has found: answered 503. */
public final class StoreAwayException extends IOException {
  public StoreAwayException(String message) {
    super(message);
  }

  public StoreAwayException(String message, Throwable cause) {
    super(message, cause);
  }
}
