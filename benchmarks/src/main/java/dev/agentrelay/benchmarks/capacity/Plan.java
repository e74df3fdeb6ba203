package dev.agentrelay.benchmarks.capacity;

import java.util.List;

/**
 * What a demand needs, by the costs that were measured.
 *
 * @param eventMicros gateway CPU for one event, its first viewer included
 * @param redisMicros Redis CPU for one event
 * @param deliveryMicros gateway CPU for each further viewer of an event
 * @param tunnelMillis CPU of tunnel-service for each MiB of random bytes
 * @param socketKibibytes a gateway's memory for one idle connection
 */
record Plan(
    Demand demand,
    double eventMicros,
    double redisMicros,
    double deliveryMicros,
    double tunnelMillis,
    double socketKibibytes) {
  private static final double MICROS = 1e6;
  private static final double MEBIBYTE = 1 << 20;
  private static final double KIBIBYTES_OF_A_GIBIBYTE = 1 << 20;

  /** One part of the relay, what it has to bear, and what that takes. */
  record Need(String part, String load, String takes) {
    /** A row of the table. */
    @Override
    public String toString() {
      return "| %s | %s | %s |".formatted(part, load, takes);
    }
  }

  static Plan of(Demand demand, Measured measured) {
    String event = "CPU per event, gateway + Redis";
    return new Plan(
        demand,
        measured.worst(event, 1),
        measured.worst(event, 2),
        measured.worst("gateway CPU per delivery", 0),
        measured.worst("CPU of the service per MiB", 0),
        measured.worst("memory each", 0));
  }

  double gatewayCores() {
    double micros = demand.events() * eventMicros + demand.deliveries() * deliveryMicros;
    return micros / MICROS / demand.utilisation();
  }

  /** A Redis server has one thread for commands. */
  double redisShards() {
    return demand.events() * redisMicros / MICROS / demand.utilisation();
  }

  double tunnelCores() {
    return demand.tunnelMebibytes() * tunnelMillis / 1e3 / demand.utilisation();
  }

  /** Which part is full first while there is one of each, and what helps then. */
  String firstFull() {
    return """
    One Redis is full first, at %,.0f events/s. Sessions are then spread over shards by their ids;
    of everything else there are more replicas.\
    """
        .formatted(demand.utilisation() * MICROS / redisMicros);
  }

  List<Need> needs() {
    double sockets = demand.runners() * (1 + demand.activeShare()) + demand.viewers();
    double logged = demand.events() * demand.eventBytes() / MEBIBYTE;
    return List.of(
        new Need(
            "runner-gateway, CPU",
            "%,.0f events/s, %,.0f deliveries/s".formatted(demand.events(), demand.deliveries()),
            "%,.0f cores".formatted(Math.ceil(gatewayCores()))),
        new Need(
            "runner-gateway, memory",
            "%,.0f connections".formatted(sockets),
            "%,.1f GiB".formatted(sockets * socketKibibytes / KIBIBYTES_OF_A_GIBIBYTE)),
        new Need(
            "Redis",
            "%,.0f events/s".formatted(demand.events()),
            "%,.0f shards of one core".formatted(Math.ceil(redisShards()))),
        new Need(
            "tunnel-service, CPU",
            "%,.0f MiB/s".formatted(demand.tunnelMebibytes()),
            "%,.0f cores".formatted(Math.ceil(tunnelCores()))),
        new Need(
            "Kafka, log of events",
            "%,.0f MiB/s".formatted(logged),
            "%,.1f TiB a day and copy".formatted(logged * 86_400 / MEBIBYTE)),
        new Need(
            "network out of the gateways",
            "%,.0f deliveries/s".formatted(demand.deliveries()),
            "%,.1f Gbit/s".formatted(demand.deliveries() * demand.eventBytes() * 8 / 1e9)));
  }
}
