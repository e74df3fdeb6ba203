package dev.agentrelay.socketio.engine;

import java.util.concurrent.atomic.LongAdder;

/** What went over all connections of a server since its start. */
public final class EngineTraffic {
  final LongAdder packetsIn = new LongAdder();
  final LongAdder packetsOut = new LongAdder();
  final LongAdder bytesIn = new LongAdder();
  final LongAdder bytesOut = new LongAdder();
  final LongAdder slowConsumers = new LongAdder();

  EngineTraffic() {}

  public long packetsIn() {
    return packetsIn.sum();
  }

  public long packetsOut() {
    return packetsOut.sum();
  }

  public long bytesIn() {
    return bytesIn.sum();
  }

  public long bytesOut() {
    return bytesOut.sum();
  }

  /** Connections closed because their client read too slowly. */
  public long slowConsumers() {
    return slowConsumers.sum();
  }
}
