package dev.agentrelay.webhook.delivery;

import java.util.Locale;

/** Where a delivery is on its way. */
public enum DeliveryState {
  /** It is in the ledger. */
  RECEIVED,
  /** It waits for its runner. */
  QUEUED,
  /** A runner is being asked for a session. */
  STARTED,
  /** The runner has taken the request for a session. */
  SPAWNED,
  /** The session has it. */
  DELIVERED,
  /** The webhook's filter did not want it. */
  FILTERED,
  /** It did not reach a session, for a reason that the ledger has. */
  FAILED,
  /** Its runner did not come back in time. */
  EXPIRED;

  /** The name on the wire. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
