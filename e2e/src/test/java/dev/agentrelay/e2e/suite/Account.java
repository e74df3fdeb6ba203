package dev.agentrelay.e2e.suite;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.RelayClient;
import java.net.URI;
import java.time.Duration;

/** A registered person with an API key. */
public record Account(String name, String email, String password, String apiKey) {
  private static final Duration RECONNECT = Duration.ofMillis(200);

  /** Clients of this person at that address, quick to come back when they lose it. */
  public ClientOptions at(URI relay) {
    return ClientOptions.of(relay).withApiKey(apiKey).withReconnectDelay(RECONNECT);
  }

  public RelayClient rest(URI relay) {
    return new RelayClient(at(relay));
  }

  @Override
  public String toString() {
    return name;
  }
}
