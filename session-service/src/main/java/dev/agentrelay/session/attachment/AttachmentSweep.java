package dev.agentrelay.session.attachment;

import dev.agentrelay.session.blob.BlobStore;
import dev.agentrelay.session.blob.Spool;
import dev.agentrelay.session.sweep.ClusterLock;
import dev.agentrelay.session.sweep.ClusterLock.Task;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Deletes expired attachments, content first, so that what a killed replica leaves undone is done
 * by the next sweep.
 */
@ApplicationScoped
public class AttachmentSweep {
  private static final Logger LOG = Logger.getLogger(AttachmentSweep.class);
  private static final int AT_MOST = 500;

  /** One file that cannot be deleted keeps no other; a store that is away is left alone. */
  private static final int MOST_FAILURES = 10;

  private static final Duration AHEAD = Duration.ofHours(1);

  private final AttachmentConfig config;
  private final AttachmentRecords records;
  private final BlobStore store;
  private final Spool spool;
  private final ClusterLock lock;

  AttachmentSweep(
      AttachmentConfig config,
      AttachmentRecords records,
      BlobStore store,
      Spool spool,
      ClusterLock lock) {
    this.config = config;
    this.records = records;
    this.store = store;
    this.spool = spool;
    this.lock = lock;
  }

  /** Sweeps until nothing is left over, except what another replica is at. */
  @Scheduled(
      every = "${relay.attachment.sweep-every:60s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  public void run() {
    spool.clean(Instant.now().minus(config.abandonedAfter()));
    lock.repeat(Task.EXPIRED_ATTACHMENTS, this::deleteSome);
  }

  private boolean deleteSome() {
    records.renewImages(AHEAD, Instant.now().plus(config.imageLife()));
    List<String> expired = records.expired(AT_MOST);
    int failed = 0;
    for (String id : expired) {
      if (!delete(id) && ++failed == MOST_FAILURES) {
        break;
      }
    }
    if (!expired.isEmpty()) {
      LOG.infof(
          "%d attachments have expired, %d of them cannot be deleted", expired.size(), failed);
    }
    return failed == 0 && expired.size() == AT_MOST;
  }

  private boolean delete(String id) {
    try {
      store.delete(id);
      records.delete(id);
      return true;
    } catch (IOException e) {
      LOG.warnf("the content of attachment %s cannot be deleted, and is kept for now: %s", id, e);
      return false;
    }
  }
}
