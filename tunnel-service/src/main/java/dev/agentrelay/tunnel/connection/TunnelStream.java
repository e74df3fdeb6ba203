package dev.agentrelay.tunnel.connection;

import dev.agentrelay.tunnel.wire.RunnerFrame;

/**
 * One viewer's request or WebSocket on a runner's connection. Called on the connection's event loop
 * and in order; must hop to its own.
 */
public interface TunnelStream {

  /** The runner said something about this stream. */
  void receive(RunnerFrame.OfStream frame);

  /** The connection ended; nothing more will come. */
  void lost(TunnelLoss loss);
}
