package dev.agentrelay.platform.metric;

import java.util.Locale;

/** Every queue, map and buffer that has a bound: a replica that comes near one is overloaded. */
public enum Bound {
  CALLERS,
  REFUSALS,
  IDENTITY_QUESTIONS,
  PREFERENCES,
  COMMANDS_SENT,
  COMMANDS_RUNNING,
  EVENT_LOG_BYTES,
  LARGEST_BACKLOG_BYTES,
  LIFECYCLE_EVENTS,
  MAIL,
  RUNNER_REQUESTS,
  SNAPSHOT_READERS,
  SPAWNS,
  TUNNEL_STREAMS,
  TUNNEL_SPILL_BYTES,
  UPLOADS,
  EVENT_STREAMS,
  STATES_READ,
  PASSWORD_HASHES,
  KEY_USES,
  WEBHOOK_REQUESTS,
  WEBHOOK_QUEUE_WORKERS,
  LONGEST_WEBHOOK_QUEUE,
  FIRED_WEBHOOKS,
  PUSHES_UNDER_WAY,
  TRIGGER_BYTES,
  UNACKNOWLEDGED_TRIGGER_BYTES,
  UNCONFIRMED_DELIVERIES;

  /** Its name in metrics. */
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
