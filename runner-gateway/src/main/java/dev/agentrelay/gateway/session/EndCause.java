package dev.agentrelay.gateway.session;

import org.jspecify.annotations.Nullable;

/** Why a session is over; daemons and web UIs compare the texts (sockets.md 4.14). */
public enum EndCause {
  /** Its worker has said goodbye, or its socket is lost. */
  ENDED("Session ended", "session_ended"),
  /** Its worker has registered again; to viewers and runners it is over and starts anew. */
  RECONNECTED("Session reconnected", "session_reconnected"),
  /** No sign of life for as long as an ephemeral session may live. */
  EXPIRED("Session expired", null),
  /** The replica that held its worker is gone, and the worker has not come back. */
  ORPHANED("Session orphaned (no active relay connection)", null),
  /** Its parent is done with it, and nobody holds its worker. */
  ACKNOWLEDGED("Parent acknowledged completion", null);

  private final String reason;
  private final @Nullable String code;

  EndCause(String reason, @Nullable String code) {
    this.reason = reason;
    this.code = code;
  }

  public String reason() {
    return reason;
  }

  /** What viewers are told besides; {@code null} where the contract has none. */
  public @Nullable String code() {
    return code;
  }
}
