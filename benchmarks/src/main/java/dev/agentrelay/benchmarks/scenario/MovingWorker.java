package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.suite.Replica;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.util.HashMap;
import java.util.Map;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A worker that goes to another gateway when it loses its own. It acknowledges triggers and, as
 * real ones do, drops an id that it has had. Thread-safe.
 */
final class MovingWorker implements AutoCloseable {
  private final String session = Clients.newId();
  private final Replica next;
  private final Map<String, Integer> told = new HashMap<>();
  private @Nullable RelaySocket socket;
  private int dropped;
  private boolean closed;

  /** Registers at one gateway. */
  MovingWorker(Replica first, Replica next) {
    this.next = next;
    connect(first).await("registered");
  }

  String session() {
    return session;
  }

  /** The numbers of the triggers told so far, by trigger id. */
  synchronized Map<String, Integer> told() {
    return Map.copyOf(told);
  }

  /** How many triggers came again under their own id. */
  synchronized int dropped() {
    return dropped;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (socket != null) {
      socket.close();
    }
  }

  private synchronized RelaySocket connect(Replica gateway) {
    RelaySocket opened =
        new RelaySocket(Clients.at(gateway), "/relay", Clients.workerAuth())
            .on("session_trigger", this::take);
    opened.on("connect", connected -> register(opened)).on("disconnect", lost -> move(opened));
    socket = opened;
    return opened.connect();
  }

  private void register(RelaySocket connected) {
    connected.emit(
        "register",
        Json.object(
            "sessionId",
            session,
            "cwd",
            "/benchmark",
            "ephemeral",
            true,
            "collabMode",
            true,
            "acksSessionTrigger",
            true));
  }

  private synchronized void move(RelaySocket lost) {
    lost.close();
    if (!closed && lost.equals(socket)) {
      connect(next);
    }
  }

  private void take(Received received) {
    JSONObject trigger = Json.objectAt(received.payload(), "trigger");
    int number = Json.objectAt(trigger, "payload").optInt("number");
    synchronized (this) {
      if (told.putIfAbsent(Json.requireText(trigger, "triggerId"), number) != null) {
        dropped++;
      }
    }
    received.acknowledge(Json.object("ok", true));
  }
}
