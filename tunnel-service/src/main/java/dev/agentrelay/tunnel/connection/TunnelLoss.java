package dev.agentrelay.tunnel.connection;

/** Why the streams of a connection fail all at once (tunnel.md 2.6, 2.7, 5). */
public enum TunnelLoss {
  /** The runner has connected again. */
  REPLACED("Runner re-registered"),
  /** The runner has not been heard of for too long. */
  SILENT("Runner missed heartbeats"),
  /** The connection is gone. */
  GONE("Runner not available");

  private final String text;

  TunnelLoss(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
