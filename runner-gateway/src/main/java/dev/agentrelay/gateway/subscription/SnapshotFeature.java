package dev.agentrelay.gateway.subscription;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerConnection;
import dev.agentrelay.gateway.runner.RunnerFeature;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Tells each daemon that registers of all its trigger subscriptions (sockets.md 4.17). While they
 * cannot be known it is told nothing, and asked for again.
 */
@Singleton
class SnapshotFeature implements RunnerFeature {
  private static final Logger LOG = Logger.getLogger(SnapshotFeature.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration SLOWEST_RETRY = Duration.ofSeconds(5);

  private final StoredSubscriptions stored;
  private final Revisions revisions;
  private final Vertx vertx;

  SnapshotFeature(StoredSubscriptions stored, Revisions revisions, Vertx vertx) {
    this.stored = stored;
    this.revisions = revisions;
    this.vertx = vertx;
  }

  @Override
  public Map<String, BiConsumer<RunnerConnection, RawObject>> events() {
    return Map.of(
        "trigger_subscriptions_applied",
        (runner, payload) ->
            LOG.debugf("Runner %s has applied its subscriptions: %s", runner.id(), payload));
  }

  @Override
  public void registered(RunnerConnection runner) {
    send(runner, FIRST_RETRY);
  }

  /** The revision is taken before the read, so that whatever changes later has a higher one. */
  private void send(RunnerConnection runner, Duration retry) {
    revisions
        .next()
        .compose(
            revision ->
                stored
                    .of(runner.id(), runner.owner().userId())
                    .map(
                        subscriptions ->
                            RawObject.empty()
                                .put("revision", revision)
                                .put("subscriptions", subscriptions)
                                .put("isReconnect", true)))
        .onSuccess(
            snapshot -> runner.socket().emit("trigger_subscriptions_snapshot", snapshot.toJson()))
        .onFailure(
            failure -> {
              LOG.warnf(
                  "The subscriptions of runner %s cannot be read just now: %s",
                  runner.id(), failure.getMessage());
              vertx.setTimer(retry.toMillis(), tick -> again(runner, retry));
            });
  }

  private void again(RunnerConnection runner, Duration retry) {
    if (runner.socket().isConnected()) {
      Duration doubled = retry.multipliedBy(2);
      send(runner, doubled.compareTo(SLOWEST_RETRY) > 0 ? SLOWEST_RETRY : doubled);
    }
  }
}
