package dev.agentrelay.platform.metric;

import static dev.agentrelay.platform.metric.Metric.Kind.COUNTER;
import static dev.agentrelay.platform.metric.Metric.Kind.GAUGE;
import static dev.agentrelay.platform.metric.Metric.Kind.TIMER;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Everything that the relay measures of itself. The rest are the JVM's own metrics. */
public enum Metric {
  CONNECTIONS(GAUGE, "Sockets at present.", "namespace"),
  TRANSPORTS(GAUGE, "Connections that carry sockets at present."),
  SOCKET_PACKETS(COUNTER, "Packets over sockets, once for each receiver.", "direction"),
  SOCKET_BYTES(COUNTER, "Bytes over sockets.", "direction"),
  SLOW_CONSUMERS(COUNTER, "Connections closed because their client read too slowly."),
  SESSIONS(GAUGE, "Sessions whose workers are connected here."),
  EVENTS(COUNTER, "Events taken from workers."),
  DELIVERY_LATENCY(TIMER, "From a worker's event to its viewers here; one event in 64."),
  RING_LAG(GAUGE, "Bytes of events that Redis has not confirmed yet, over all sessions."),
  LOST_LOG_EVENTS(COUNTER, "Events missing in the log because Kafka did not take them."),
  COMMANDS(TIMER, "Commands of other services, until they are answered.", "command", "outcome"),
  TUNNELS(GAUGE, "Runners whose tunnels end here."),
  TUNNEL_BYTES(COUNTER, "Bytes of frames between tunnels and runners.", "direction"),
  PUSHES(COUNTER, "Notifications that have ended.", "channel", "outcome"),
  WEBHOOK_DELIVERIES(COUNTER, "Deliveries of webhooks that have ended.", "outcome"),
  REQUESTS(TIMER, "REST requests.", "method", "route", "status"),
  QUOTA_LIMIT(GAUGE, "How much one user may have, where that is bounded.", "quota"),
  QUOTA_REFUSALS(COUNTER, "What quotas of users have refused or held back.", "quota"),
  CONSUMER_LAG(GAUGE, "Records in Kafka that have not been read yet.", "channel"),
  CLOCK_AHEAD(GAUGE, "Seconds that this machine's clock is ahead of the one that replicas go by."),
  BOUND_USED(GAUGE, "How much there is of something that has a bound.", "bound"),
  BOUND_LIMIT(GAUGE, "Its bound.", "bound");

  /** How it is counted. */
  public enum Kind {
    GAUGE,
    COUNTER,
    TIMER
  }

  private final Kind kind;
  private final String meaning;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> tags;

  Metric(Kind kind, String meaning, String... tags) {
    this.kind = kind;
    this.meaning = meaning;
    this.tags = List.of(tags);
  }

  public Kind kind() {
    return kind;
  }

  /** One sentence for people. */
  public String meaning() {
    return meaning;
  }

  /** The names of its tags, in the order in which their values are given. */
  public List<String> tags() {
    return tags;
  }

  /** Its name in code, {@code relay.consumer.lag} say. */
  String meterName() {
    return "relay." + name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** The names under which Prometheus has it, {@code relay_consumer_lag} say. */
  public List<String> seriesNames() {
    String name = "relay_" + name().toLowerCase(Locale.ROOT);
    return switch (kind) {
      case GAUGE -> List.of(name);
      case COUNTER -> List.of(name + "_total");
      case TIMER ->
          Stream.of("_seconds_count", "_seconds_sum", "_seconds_max", "_seconds_bucket")
              .map(name::concat)
              .toList();
    };
  }
}
