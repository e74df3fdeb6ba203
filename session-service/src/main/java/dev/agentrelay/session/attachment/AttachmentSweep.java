package dev.agentrelay.session.attachment;

import dev.agentrelay.session.blob.BlobStore;
import dev.agentrelay.session.blob.Spool;
import dev.agentrelay.session.sweep.ClusterLock;
import dev.agentrelay.session.sweep.ClusterLock.Task;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
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

  /** Sweeps once; does nothing while another replica is at it. */
  @Scheduled(
      every = "${relay.attachment.sweep-every:60s}",
      concurrentExecution = ConcurrentExecution.SKIP)
  @Transactional
  public void run() throws IOException {
    if (!lock.take(Task.EXPIRED_ATTACHMENTS)) {
      return;
    }
    records.renewImages(AHEAD, Instant.now().plus(config.imageLife()));
    List<String> expired = records.expired(AT_MOST);
    for (String id : expired) {
      store.delete(id);
      records.delete(id);
    }
    spool.clean(Instant.now().minus(config.abandonedAfter()));
    if (!expired.isEmpty()) {
      LOG.infof("deleted %d expired attachments", expired.size());
    }
  }
}
