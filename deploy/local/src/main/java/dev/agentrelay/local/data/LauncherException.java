package dev.agentrelay.local.data;

/** Something a person must put right. The message is one sentence that says what. */
public final class LauncherException extends RuntimeException {
  public LauncherException(String message) {
    super(message);
  }

  public LauncherException(String message, Throwable cause) {
    super(message, cause);
  }
}
