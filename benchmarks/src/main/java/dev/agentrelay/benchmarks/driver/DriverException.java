package dev.agentrelay.benchmarks.driver;

/** The load could not be put on: what the gateway did to a client that it should not do. */
public final class DriverException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DriverException(String message) {
    super(message);
  }

  DriverException(String message, Throwable cause) {
    super(message, cause);
  }
}
