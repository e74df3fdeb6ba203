package dev.agentrelay.e2e.drills;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A runner's tunnel, and an app behind it that answers at once. Like the published client it comes
 * back three seconds after its connection was lost. Thread-safe.
 */
final class LoadTunnel implements AutoCloseable {
  static final int PORT = 3000;

  private static final long BACK_AFTER_SECONDS = 3;
  private static final Map<String, ?> TEXT = Map.of("content-type", "text/plain");

  private final ClientOptions options;
  private final String runner;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("drill-tunnel").daemon().factory());
  private final ScheduledFuture<?> dialing;
  private volatile @Nullable ScriptedTunnel tunnel;

  LoadTunnel(ClientOptions options, String runner) {
    this.options = options;
    this.runner = runner;
    this.dialing =
        clock.scheduleWithFixedDelay(
            this::ensureConnected, 0, BACK_AFTER_SECONDS, TimeUnit.SECONDS);
  }

  private void ensureConnected() {
    ScriptedTunnel current = tunnel;
    if (current == null || current.isClosed()) {
      try {
        tunnel = connect();
      } catch (RuntimeException away) {
        // tried again in a moment
      }
    }
  }

  private ScriptedTunnel connect() {
    ScriptedTunnel dialed = ScriptedTunnel.dial(options);
    dialed.serve(request -> threads.execute(() -> answer(dialed, request)));
    try {
      dialed.register(runner).await("registered");
      return dialed;
    } catch (RuntimeException refused) {
      dialed.close();
      throw refused;
    }
  }

  private static void answer(ScriptedTunnel tunnel, JSONObject request) {
    tunnel.respond(request.optString("id"), 200, TEXT, request.optString("url"));
  }

  @Override
  public void close() {
    dialing.cancel(false);
    clock.shutdownNow();
    ScriptedTunnel current = tunnel;
    if (current != null) {
      current.close();
    }
    threads.shutdownNow();
  }
}
