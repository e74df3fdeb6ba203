package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.limit.Quotas;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.session.attachment.Multipart.SentFile;
import dev.agentrelay.session.blob.BlobStore;
import dev.agentrelay.session.blob.Spool;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Takes uploads: all of their files, or none. */
@ApplicationScoped
class Uploads {
  private final AttachmentConfig config;
  private final Multipart multipart;
  private final AttachmentRecords records;
  private final Quotas quotas;
  private final BlobStore store;
  private final Spool spool;
  private final Semaphore places;

  Uploads(
      AttachmentConfig config,
      Multipart multipart,
      AttachmentRecords records,
      Quotas quotas,
      BlobStore store,
      Spool spool,
      RelayMetrics metrics) {
    this.config = config;
    this.multipart = multipart;
    this.records = records;
    this.quotas = quotas;
    this.store = store;
    this.spool = spool;
    this.places = new Semaphore(config.uploadsAtOnce());
    metrics.bound(
        Bound.UPLOADS,
        () -> config.uploadsAtOnce() - places.availablePermits(),
        config.uploadsAtOnce());
  }

  /**
   * Reads the body and stores its files. Waits for the client and the disk.
   *
   * @param announcedLength what the client says that it will send; 0 when it does not
   */
  List<Attachment> take(
      SessionId session,
      UserId owner,
      @Nullable String contentType,
      long announcedLength,
      InputStream body)
      throws IOException {
    if (!places.tryAcquire()) {
      throw RelayException.unavailable("Too many uploads at the moment");
    }
    try {
      spool.requireRoomFor(announcedLength);
      List<SentFile> files = multipart.read(contentType, body);
      try {
        if (files.isEmpty()) {
          throw new RelayException(ErrorCode.INVALID_REQUEST, "No files uploaded");
        }
        requireQuota(owner, files);
        return storeAll(files, session, owner);
      } finally {
        Multipart.discard(files);
      }
    } finally {
      places.release();
    }
  }

  private void requireQuota(UserId owner, List<SentFile> files) {
    if (quotas.attachmentBytes().isOn()) {
      long sent = files.stream().mapToLong(SentFile::size).sum();
      quotas.attachmentBytes().requireRoom(records.bytesOf(owner), sent);
    }
  }

  private List<Attachment> storeAll(List<SentFile> files, SessionId session, UserId owner)
      throws IOException {
    List<Attachment> stored = new ArrayList<>();
    try {
      for (SentFile file : files) {
        Attachment attachment = describe(file, session, owner);
        records.announce(attachment);
        stored.add(attachment);
        store.put(attachment.id(), file.content());
        records.complete(attachment.id());
      }
      return stored;
    } catch (IOException | RuntimeException e) {
      records.expire(stored.stream().map(Attachment::id).toList());
      throw e;
    }
  }

  private Attachment describe(SentFile file, SessionId session, UserId owner) {
    String id = UUID.randomUUID().toString();
    String name = file.name().isEmpty() ? "attachment-" + id : file.name();
    Instant expiresAt = Instant.now().plus(config.life());
    return new Attachment(id, session, owner, name, file.mimeType(), file.size(), expiresAt, false);
  }
}
