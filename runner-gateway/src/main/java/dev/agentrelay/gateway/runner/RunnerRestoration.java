package dev.agentrelay.gateway.runner;

import dev.agentrelay.gateway.cluster.RedisMemory;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Writes the records of connected runners again when Redis has lost them: their daemons know
 * nothing of it and would not register again.
 */
@Startup
@Singleton
class RunnerRestoration {
  private static final Logger LOG = Logger.getLogger(RunnerRestoration.class);
  private static final long TRY_AGAIN_MILLIS = 1_000;

  private final ConnectedRunners connected;
  private final RunnerRecords records;
  private final RunnerFeed feed;

  RunnerRestoration(
      ConnectedRunners connected, RunnerRecords records, RunnerFeed feed, RedisMemory memory) {
    this.connected = connected;
    this.records = records;
    this.feed = feed;
    memory.onLoss(this::restoreAll);
  }

  private void restoreAll() {
    connected.all().forEach(this::restoreInOrder);
  }

  private void restoreInOrder(RunnerConnection runner) {
    runner
        .socket()
        .context()
        .runOnContext(turn -> runner.afterEarlierReports(() -> restore(runner)));
  }

  private Future<Void> restore(RunnerConnection runner) {
    if (!runner.socket().isConnected()) {
      return Future.succeededFuture();
    }
    return records
        .restore(runner)
        .compose(done -> records.find(runner.id()))
        .onSuccess(found -> found.ifPresent(feed::added))
        .onFailure(
            failure -> {
              LOG.warnf(
                  "The record of runner %s cannot be written again yet: %s",
                  runner.id(), failure.getMessage());
              runner
                  .socket()
                  .context()
                  .owner()
                  .setTimer(TRY_AGAIN_MILLIS, timer -> restoreInOrder(runner));
            })
        .mapEmpty();
  }
}
