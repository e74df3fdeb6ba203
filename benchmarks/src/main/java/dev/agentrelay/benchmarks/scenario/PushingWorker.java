package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.identity.TestingIdentities;
import java.util.Map;
import org.json.JSONObject;

/**
 * A worker of another user than the driver's, that always has so many events under way. Being held
 * back by a quota does not trouble it. Thread-safe.
 */
final class PushingWorker implements AutoCloseable {
  private static final String API_KEY = TestingIdentities.apiKey(new UserId("neighbour"));
  private static final int UNDER_WAY = 256;
  private static final int EVENT_BYTES = 900;
  private static final JSONObject EVENT =
      Json.object("type", "message_end", "text", "x".repeat(EVENT_BYTES));

  private final String session = Clients.newId();
  private final RelaySocket socket;
  private final String token;
  private long sent;
  private long acknowledged;

  /** Registers. */
  PushingWorker(Replica gateway) {
    ClientOptions options = ClientOptions.of(gateway.url()).withApiKey(API_KEY);
    this.socket =
        new RelaySocket(options, "/relay", Map.of("apiKey", API_KEY, "protocolVersion", 1))
            .on("event_ack", ack -> acknowledge(ack.payload().optLong("seq")));
    socket.connect().awaitConnected();
    Clients.register(socket, session);
    this.token = Json.requireText(socket.await("registered").payload(), "token");
  }

  synchronized void start() {
    fill();
  }

  private synchronized void acknowledge(long upTo) {
    acknowledged = Math.max(acknowledged, upTo);
    fill();
  }

  /** How many events the relay has acknowledged. */
  synchronized long acknowledged() {
    return acknowledged;
  }

  private void fill() {
    while (sent - acknowledged < UNDER_WAY) {
      Clients.send(socket, session, token, ++sent, EVENT);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
