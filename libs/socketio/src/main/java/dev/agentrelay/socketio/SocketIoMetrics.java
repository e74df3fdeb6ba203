package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.EngineServer;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a {@link SocketIoServer} has done since its start, read at the moment of the call. Any
 * thread.
 */
public final class SocketIoMetrics {
  private final EngineServer engine;
  private final Map<String, Namespace> namespaces;

  SocketIoMetrics(EngineServer engine, Map<String, Namespace> namespaces) {
    this.engine = engine;
    this.namespaces = namespaces;
  }

  /** Engine packets received, pongs included. */
  public long packetsIn() {
    return engine.traffic().packetsIn();
  }

  /** Engine packets sent, once per receiver. */
  public long packetsOut() {
    return engine.traffic().packetsOut();
  }

  public long bytesIn() {
    return engine.traffic().bytesIn();
  }

  public long bytesOut() {
    return engine.traffic().bytesOut();
  }

  /** Connections closed because their client read too slowly. */
  public long slowConsumers() {
    return engine.traffic().slowConsumers();
  }

  /** Engine connections at present. */
  public int connections() {
    return engine.connectionCount();
  }

  /** Sockets at present, by namespace name. */
  public Map<String, Integer> socketsByNamespace() {
    return namespaces.values().stream()
        .collect(Collectors.toUnmodifiableMap(Namespace::name, Namespace::size));
  }
}
