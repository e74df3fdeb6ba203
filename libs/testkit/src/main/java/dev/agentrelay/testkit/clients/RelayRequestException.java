package dev.agentrelay.testkit.clients;

/** A REST call was answered with something other than success. */
public final class RelayRequestException extends RuntimeException {
  private final int status;
  private final String body;

  RelayRequestException(String call, int status, String body) {
    super(call + " was answered " + status + ": " + body);
    this.status = status;
    this.body = body;
  }

  public int status() {
    return status;
  }

  public String body() {
    return body;
  }
}
