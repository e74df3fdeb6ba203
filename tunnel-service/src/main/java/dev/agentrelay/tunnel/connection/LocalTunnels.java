package dev.agentrelay.tunnel.connection;

import dev.agentrelay.contracts.RunnerId;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The connections that this replica holds, the newest of each runner. */
@Singleton
public class LocalTunnels {
  private final Map<RunnerId, TunnelConnection> connections = new ConcurrentHashMap<>();

  /** The runner's connection, if this replica holds the one of that id. */
  public Optional<TunnelConnection> find(RunnerId runner, String connectionId) {
    return Optional.ofNullable(connections.get(runner))
        .filter(connection -> connection.id().equals(connectionId));
  }

  /** Makes a connection the runner's; the one it replaces, if any. */
  @Nullable TunnelConnection put(TunnelConnection connection) {
    return connections.put(connection.runner(), connection);
  }

  /** Whether the connection was the runner's until now. */
  boolean remove(TunnelConnection connection) {
    return connections.remove(connection.runner(), connection);
  }

  List<TunnelConnection> all() {
    return List.copyOf(connections.values());
  }
}
