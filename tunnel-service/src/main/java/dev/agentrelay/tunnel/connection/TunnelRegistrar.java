package dev.agentrelay.tunnel.connection;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.identity.CallerLookup;
import dev.agentrelay.platform.identity.Credential.ApiKey;
import dev.agentrelay.platform.identity.Identification;
import dev.agentrelay.platform.live.LiveRunner;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.tunnel.TunnelConfig;
import dev.agentrelay.tunnel.connection.TunnelDirectory.Claim;
import dev.agentrelay.tunnel.connection.TunnelDirectory.Replaced;
import dev.agentrelay.tunnel.wire.Extension;
import dev.agentrelay.tunnel.wire.RunnerFrame;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Decides which connection is a runner's (tunnel.md 2.6). A fault that may pass refuses nobody:
 * after ten refusals a runner gives its tunnels up for good (2.8).
 */
@Startup
@Singleton
public class TunnelRegistrar {
  private static final Logger LOG = Logger.getLogger(TunnelRegistrar.class);
  private static final String BAD_KEY = "Invalid API key";
  private static final String TAKEN = "Runner already registered by another user";
  private static final long FAREWELL_SECONDS = 2;

  private final CallerLookup callers;
  private final LiveStateReader live;
  private final TunnelDirectory directory;
  private final LocalTunnels local;
  private final PeerNotices notices;
  private final UserTraffic traffic;
  private final TunnelConfig config;

  /** What became of a registration. */
  sealed interface Outcome {
    /**
     * The connection is the runner's.
     *
     * @param before the one that it replaces, if another replica may hold it
     */
    record Registered(TunnelConnection connection, Optional<Replaced> before) implements Outcome {}

    /** It is not, and the runner is told so. */
    record Refused(String message) implements Outcome {}
  }

  TunnelRegistrar(
      Vertx vertx,
      CallerLookup callers,
      LiveStateReader live,
      TunnelDirectory directory,
      LocalTunnels local,
      PeerNotices notices,
      UserTraffic traffic,
      TunnelConfig config) {
    this.callers = callers;
    this.live = live;
    this.directory = directory;
    this.local = local;
    this.notices = notices;
    this.traffic = traffic;
    this.config = config;
    vertx.setPeriodic(
        TunnelDirectory.REFRESH.toMillis(), tick -> local.all().forEach(this::refresh));
  }

  /** Decides once; fails when something that is needed is away, to be tried again. */
  Future<Outcome> register(RunnerFrame.Register register, ServerWebSocket socket, Context context) {
    RunnerId runner = new RunnerId(register.runnerId());
    return UniHelper.toFuture(callers.identify(new ApiKey(register.apiKey())))
        .compose(
            found ->
                switch (found) {
                  case Identification.Known known ->
                      claim(
                          runner,
                          known.caller().userId(),
                          Extension.among(register.caps()),
                          socket,
                          context);
                  case Identification.Unknown unknown ->
                      Future.succeededFuture(new Outcome.Refused(BAD_KEY));
                  case Identification.Unavailable away ->
                      Future.failedFuture("callers cannot be identified");
                });
  }

  private Future<Outcome> claim(
      RunnerId runner,
      UserId user,
      Set<Extension> extensions,
      ServerWebSocket socket,
      Context context) {
    return UniHelper.toFuture(live.runner(runner))
        .timeout(FAREWELL_SECONDS, TimeUnit.SECONDS)
        .compose(
            record -> {
              Optional<UserId> owner = record.map(LiveRunner::userId);
              if (owner.isPresent() && !owner.get().equals(user)) {
                return Future.succeededFuture(new Outcome.Refused(BAD_KEY));
              }
              if (socket.isClosed()) {
                return Future.failedFuture("the runner has left while it was looked up");
              }
              TunnelConnection connection =
                  new TunnelConnection(
                      runner, user, socket, context, config, extensions, local.bytesOut(), traffic);
              return directory
                  .claim(connection, owner.isPresent())
                  .map(claim -> settle(connection, claim));
            });
  }

  private static Outcome settle(TunnelConnection connection, Claim claim) {
    return switch (claim) {
      case Claim.Foreign foreign -> new Outcome.Refused(TAKEN);
      case Claim.Won won -> new Outcome.Registered(connection, won.before());
    };
  }

  /** A frame of so many bytes has come from a runner. */
  void received(int bytes) {
    local.bytesIn().add(bytes);
  }

  /**
   * Takes a registered connection into use, once the runner was told; the streams of the one before
   * fail now, so that whoever tries again finds this one.
   */
  void enter(Outcome.Registered registered) {
    TunnelConnection connection = registered.connection();
    registered.before().ifPresent(former -> notices.replaced(former, connection.runner()));
    TunnelConnection before = local.put(connection);
    if (before != null) {
      before.end(TunnelLoss.REPLACED);
      before.close();
    }
    connection.startHeartbeat(() -> drop(connection, TunnelLoss.SILENT));
    LOG.infof("Runner %s has a tunnel", connection.runner());
  }

  /** A claim that was won for a connection that is gone already; a former holder renews its own. */
  void abandon(TunnelConnection connection) {
    directory.release(connection).onFailure(failure -> logAway(connection, failure));
  }

  /** Takes a connection out of use, if it still is in use, and fails its streams. */
  void drop(TunnelConnection connection, TunnelLoss loss) {
    if (local.remove(connection)) {
      LOG.infof("The tunnel of runner %s is gone: %s", connection.runner(), loss);
      connection.end(loss);
      connection.close();
      if (loss != TunnelLoss.REPLACED) {
        abandon(connection);
      }
    }
  }

  private void refresh(TunnelConnection connection) {
    directory
        .refresh(connection)
        .onSuccess(
            ours -> {
              if (!ours) {
                drop(connection, TunnelLoss.REPLACED);
              }
            })
        .onFailure(failure -> logAway(connection, failure));
  }

  private static void logAway(TunnelConnection connection, Throwable failure) {
    LOG.debugf(
        "The directory entry of runner %s was not written: %s",
        connection.runner(), failure.getMessage());
  }

  /** Sends every runner to another replica before the HTTP server ends. */
  void close(@Observes ShutdownDelayInitiatedEvent event) {
    List<Future<Void>> released = new ArrayList<>();
    for (TunnelConnection connection : local.all()) {
      if (local.remove(connection)) {
        connection.end(TunnelLoss.GONE);
        connection.leave();
        released.add(directory.release(connection).otherwiseEmpty());
      }
    }
    Future.join(released)
        .toCompletionStage()
        .toCompletableFuture()
        .completeOnTimeout(null, FAREWELL_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
