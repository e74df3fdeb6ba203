package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.socketio.Socket;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** A daemon's socket after its registration. */
public final class RunnerConnection {
  private final RunnerId id;
  private final Caller owner;
  private final Socket socket;
  private final String connection = UUID.randomUUID().toString();
  private final Map<RunnerField, String> reported = new EnumMap<>(RunnerField.class);
  private Future<?> lastReport = Future.succeededFuture();

  RunnerConnection(RunnerId id, Caller owner, Socket socket) {
    this.id = id;
    this.owner = owner;
    this.socket = socket;
  }

  public RunnerId id() {
    return id;
  }

  public Caller owner() {
    return owner;
  }

  public Socket socket() {
    return socket;
  }

  /** Names this registration; a record that names another belongs to a newer one. */
  String connection() {
    return connection;
  }

  /** Takes note of what the record holds, because Redis may lose it. */
  synchronized void remember(Map<RunnerField, String> fields) {
    reported.putAll(fields);
  }

  /** What the record holds of the daemon's own words. */
  synchronized Map<RunnerField, String> reported() {
    return new EnumMap<>(reported);
  }

  /**
   * Runs a report once all before it are done, whatever became of them. On the socket's event loop
   * only.
   */
  public <T> Future<T> afterEarlierReports(Supplier<Future<T>> report) {
    Future<T> done = lastReport.transform(before -> report.get());
    lastReport = done;
    return done;
  }
}
