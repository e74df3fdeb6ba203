package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.tunnel.TunnelConfig;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** The disk that answers for slow viewers may take, all together on this replica. Thread-safe. */
@Singleton
final class SpillSpace {
  private final Vertx vertx;
  private final long memoryBytes;
  private final long fileBytes;
  private final long totalBytes;
  private final AtomicLong taken = new AtomicLong();

  @Inject
  SpillSpace(Vertx vertx, TunnelConfig config, RelayMetrics metrics) {
    this(vertx, config.heldBytes() / 2, config.spillBytes(), config.spillTotalBytes());
    metrics.bound(Bound.TUNNEL_SPILL_BYTES, taken::get, totalBytes);
  }

  SpillSpace(Vertx vertx, long memoryBytes, long fileBytes, long totalBytes) {
    this.vertx = vertx;
    this.memoryBytes = memoryBytes;
    this.fileBytes = fileBytes;
    this.totalBytes = totalBytes;
  }

  /**
   * A queue for one answer.
   *
   * @param onGone told how many bytes have left memory, to the viewer or to the file
   * @param onReady run when there is something to take after there was nothing for a while
   * @param onFailure run when the file failed and bytes are lost
   */
  SpillQueue queue(LongConsumer onGone, Runnable onReady, Runnable onFailure) {
    return new SpillQueue(vertx, this, memoryBytes, fileBytes, onGone, onReady, onFailure);
  }

  /** Takes so many bytes, if there are. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= totalBytes) {
      return true;
    }
    give(bytes);
    return false;
  }

  void give(long bytes) {
    taken.addAndGet(-bytes);
  }
}
