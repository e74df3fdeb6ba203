package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.RunnerEvent;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.lifecycle.LifecycleEvents;
import dev.agentrelay.gateway.quota.UserQuotas;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.identity.Credential.ApiKey;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Registers daemons and takes them off the list when they are gone (sockets.md 4.1). */
@Singleton
public class RunnerRegistrar {
  private static final Logger LOG = Logger.getLogger(RunnerRegistrar.class);

  private final RunnerRecords records;
  private final RunnerFarewells farewells;
  private final UserQuotas quotas;
  private final ConnectedRunners connected;
  private final RunnerSessions sessions;
  private final RunnerFeed feed;
  private final LifecycleEvents lifecycle;
  private final Vertx vertx;
  private final long refreshMillis;

  RunnerRegistrar(
      RunnerRecords records,
      RunnerFarewells farewells,
      UserQuotas quotas,
      ConnectedRunners connected,
      RunnerSessions sessions,
      RunnerFeed feed,
      LifecycleEvents lifecycle,
      Vertx vertx,
      GatewayConfig config) {
    this.records = records;
    this.farewells = farewells;
    this.quotas = quotas;
    this.connected = connected;
    this.sessions = sessions;
    this.feed = feed;
    this.lifecycle = lifecycle;
    this.vertx = vertx;
    this.refreshMillis = config.runnerTtl().toMillis() / 4;
  }

  /** Registers a daemon; empty when it was refused. Fails when Redis is away. */
  Future<Optional<RunnerConnection>> register(Socket socket, Caller owner, RawObject payload) {
    String claimed = payload.trimmedText("runnerId");
    String secret = payload.trimmedText("runnerSecret");
    if (claimed == null || secret == null) {
      // an id that is made up has a secret nobody knows, so it can never be claimed again
      return register(
          socket, owner, payload, UUID.randomUUID().toString(), UUID.randomUUID().toString());
    }
    return register(socket, owner, payload, claimed, secret);
  }

  private Future<Optional<RunnerConnection>> register(
      Socket socket, Caller owner, RawObject payload, String claimed, String secret) {
    RunnerId id = new RunnerId(claimed);
    String secretHash = new ApiKey(secret).hash();
    RunnerConnection runner = new RunnerConnection(id, owner, socket);
    RawObject profile = RunnerProfile.of(payload);
    runner.remember(
        Map.of(RunnerField.SECRET_HASH, secretHash, RunnerField.INFO, profile.toString()));
    connected.claiming(runner);
    return quotas
        .requireRunner(owner.userId(), id)
        .compose(room -> records.register(id, owner, secretHash, runner.connection(), profile))
        .compose(
            claim ->
                switch (claim) {
                  case REGISTERED -> welcome(runner).map(Optional::of);
                  case WRONG_SECRET -> refuse(socket, mismatch("secret mismatch for runner " + id));
                  case FOREIGN ->
                      refuse(socket, mismatch("runner " + id + " is owned by a different user"));
                })
        .recover(
            failure ->
                failure instanceof RelayException enough
                    ? refuse(socket, enough.text())
                    : Future.failedFuture(failure))
        .onComplete(answered -> connected.claimed(runner));
  }

  private static String mismatch(String why) {
    return "Runner authentication failed: " + why;
  }

  private static Future<Optional<RunnerConnection>> refuse(Socket socket, String message) {
    socket.emit("error", RawObject.empty().put("message", message).toJson());
    socket.disconnectAndClose();
    return Future.succeededFuture(Optional.empty());
  }

  private Future<RunnerConnection> welcome(RunnerConnection runner) {
    connected.add(runner);
    return sessions
        .existing(runner)
        .map(
            existing -> {
              greet(runner, existing);
              return runner;
            })
        .onSuccess(done -> announce(runner))
        .onFailure(failure -> connected.remove(runner));
  }

  private static void greet(RunnerConnection runner, List<RawJson> existing) {
    RawObject registered = RawObject.empty().put("runnerId", runner.id().value());
    if (!existing.isEmpty()) {
      registered.put("existingSessions", JsonValues.array(existing));
    }
    runner.socket().emit("runner_registered", registered.toJson());
  }

  private void announce(RunnerConnection runner) {
    LOG.infof("Runner %s of user %s is connected", runner.id(), runner.owner().userId());
    long timer = vertx.setPeriodic(refreshMillis, tick -> refresh(runner, tick));
    runner.socket().onDisconnect(reason -> vertx.cancelTimer(timer));
    records
        .find(runner.id())
        .onSuccess(
            found ->
                found.ifPresent(
                    record -> {
                      feed.added(record);
                      lifecycle.say(
                          new RunnerEvent.Connected(
                              runner.id(), runner.owner().userId(), Instant.now(), record.name()));
                    }))
        .onFailure(failure -> notTold(runner, failure));
  }

  private void refresh(RunnerConnection runner, long timer) {
    records
        .prolong(runner)
        .onSuccess(
            still -> {
              if (!still) {
                vertx.cancelTimer(timer);
              }
            });
  }

  /**
   * The daemon's socket is gone. If it was the runner's own, so is the runner; its sessions live
   * on.
   *
   * @return whether the runner is gone
   */
  Future<Boolean> disconnected(RunnerConnection runner) {
    connected.remove(runner);
    return remove(runner.id(), runner.owner().userId(), runner.connection())
        .onFailure(failure -> notTold(runner, failure));
  }

  /**
   * Takes a runner off the list.
   *
   * @return whether the connection was still the runner's own
   */
  Future<Boolean> remove(RunnerId id, UserId owner, String connection) {
    return farewells
        .remove(id, connection)
        .onSuccess(
            removed -> {
              if (removed) {
                tellGone(id, owner);
              }
            });
  }

  /** Says that a runner is off the list. */
  void tellGone(RunnerId id, UserId owner) {
    LOG.infof("Runner %s is gone", id);
    feed.removed(owner, id);
    lifecycle.say(new RunnerEvent.Disconnected(id, owner, Instant.now()));
    farewells
        .told(id, owner)
        .onFailure(
            failure ->
                LOG.warnf("That runner %s is gone is told twice: %s", id, failure.getMessage()));
  }

  private static void notTold(RunnerConnection runner, Throwable failure) {
    LOG.warnf(
        "The state of runner %s is stale because Redis is away: %s",
        runner.id(), failure.getMessage());
  }
}
