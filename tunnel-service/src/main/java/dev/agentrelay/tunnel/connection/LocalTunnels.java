package dev.agentrelay.tunnel.connection;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.tunnel.TunnelConfig;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The connections that this replica holds, the newest of each runner. */
@Singleton
public class LocalTunnels {
  private final Map<RunnerId, TunnelConnection> connections = new ConcurrentHashMap<>();
  private final LongAdder bytesIn;
  private final LongAdder bytesOut;

  LocalTunnels(TunnelConfig config, RelayMetrics metrics) {
    this.bytesIn = metrics.counter(Metric.TUNNEL_BYTES, "in");
    this.bytesOut = metrics.counter(Metric.TUNNEL_BYTES, "out");
    metrics.gauge(Metric.TUNNELS, connections::size);
    metrics.bound(Bound.TUNNEL_STREAMS, this::mostStreams, config.streamsPerRunner());
  }

  private long mostStreams() {
    return connections.values().stream().mapToLong(TunnelConnection::streams).max().orElse(0);
  }

  /** What runners have sent. */
  LongAdder bytesIn() {
    return bytesIn;
  }

  /** What runners were sent. */
  LongAdder bytesOut() {
    return bytesOut;
  }

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
