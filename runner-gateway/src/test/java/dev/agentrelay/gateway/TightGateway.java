package dev.agentrelay.gateway;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/**
 * Everything that takes minutes takes seconds, and nobody may have much. One profile for all tests
 * of either, because each profile starts the gateway anew.
 */
public final class TightGateway implements QuarkusTestProfile {
  static final int RUNNERS = 2;
  static final int SESSIONS = 2;
  static final int VIEWERS = 2;
  static final int EVENTS_PER_SECOND = 100;

  /** How many messages of a terminal are kept for who comes later. */
  static final int REPLAY = 20;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.ofEntries(
        Map.entry("relay.replica.id", "recovering"),
        Map.entry("relay.gateway.ping-interval", "1s"),
        Map.entry("relay.gateway.ping-timeout", "4s"),
        Map.entry("relay.gateway.silent-worker-grace", "2s"),
        Map.entry("relay.gateway.sweep-every", "300ms"),
        Map.entry("relay.gateway.orphan-after", "2s"),
        Map.entry("relay.gateway.replica-grace", "600ms"),
        Map.entry("relay.gateway.ephemeral-ttl", "4s"),
        Map.entry("relay.terminal.unclaimed-ttl", "3s"),
        Map.entry("relay.terminal.idle-ttl", "4s"),
        Map.entry("relay.terminal.ended-ttl", "3s"),
        Map.entry("relay.terminal.seen-ttl", "1s"),
        Map.entry("relay.terminal.replay-messages", String.valueOf(REPLAY)),
        Map.entry("relay.quotas.runners", String.valueOf(RUNNERS)),
        Map.entry("relay.quotas.sessions", String.valueOf(SESSIONS)),
        Map.entry("relay.quotas.viewers", String.valueOf(VIEWERS)),
        Map.entry("relay.quotas.events-per-second", String.valueOf(EVENTS_PER_SECOND)));
  }
}
