package dev.agentrelay.local.edge;

import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The replicas of one service, each first in turn. Thread-safe. */
final class Replicas {
  private final List<SocketAddress> addresses;
  private final AtomicInteger turn = new AtomicInteger();

  Replicas(List<SocketAddress> addresses) {
    this.addresses = List.copyOf(addresses);
  }

  /** Whom to ask, and whom next when that one cannot be connected to. */
  List<SocketAddress> next() {
    List<SocketAddress> order = new ArrayList<>(addresses);
    Collections.rotate(order, -Math.floorMod(turn.getAndIncrement(), order.size()));
    return order.subList(0, Math.min(2, order.size()));
  }
}
