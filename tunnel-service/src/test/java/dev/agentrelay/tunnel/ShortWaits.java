package dev.agentrelay.tunnel;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Waits and buffers that a test can reach the end of. */
public final class ShortWaits implements QuarkusTestResourceLifecycleManager {
  static final int HELD_BYTES = 262_144;
  static final int SPILL_BYTES = 4 * 1024 * 1024;

  @Override
  public Map<String, String> start() {
    return Map.of(
        "relay.tunnel.register-within", "2s",
        "relay.tunnel.ping-every", "500ms",
        "relay.tunnel.silence-limit", "2s",
        "relay.tunnel.head-timeout", "1500ms",
        "relay.tunnel.open-timeout", "1s",
        "relay.tunnel.held-bytes", String.valueOf(HELD_BYTES),
        "relay.tunnel.spill-bytes", String.valueOf(SPILL_BYTES),
        "relay.tunnel.streams-per-runner", "64",
        "relay.tunnel.domain", "http://tunnels.localhost");
  }

  @Override
  public void stop() {}
}
