package dev.agentrelay.session.blob;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * Files of uploads under way, beside the folder of attachments, so that a finished one is moved.
 */
@ApplicationScoped
public class Spool {
  private static final Logger LOG = Logger.getLogger(Spool.class);

  private final Path folder;
  private final long keepFree;

  Spool(BlobConfig config) {
    this.folder = config.folder().resolve("spool");
    this.keepFree = config.keepFree();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "relay.blob.folder cannot be used for attachments: " + config.folder(), e);
    }
  }

  /**
   * A new empty file. Whoever asks for it deletes it, or moves it away.
   *
   * @throws RuntimeException as {@link #refusal} makes it
   */
  public Path newFile() {
    try {
      return Files.createTempFile(folder, "upload-", "");
    } catch (IOException e) {
      throw refusal(0, e);
    }
  }

  /**
   * Makes sure that so many bytes more leave the disk its reserve.
   *
   * @throws RelayException with 507 when they do not
   */
  public void requireRoomFor(long bytes) throws IOException {
    FileStore disk = Files.getFileStore(folder);
    if (disk.getUsableSpace() - bytes < keepFree) {
      LOG.errorf("the disk of attachments is full: %d bytes are left", disk.getUsableSpace());
      throw new RelayException(
          ErrorCode.INSUFFICIENT_STORAGE, "The relay has no room left for attachments");
    }
  }

  /**
   * Why a spooled file could not be written.
   *
   * @param bytes how many were to be written
   * @return 507 when the disk is full
   */
  public RuntimeException refusal(long bytes, IOException failure) {
    try {
      requireRoomFor(bytes);
    } catch (RelayException full) {
      return full;
    } catch (IOException unknown) {
      failure.addSuppressed(unknown);
    }
    return new IllegalStateException("the spool of attachments cannot be written", failure);
  }

  /** Deletes what was left by a process that was killed, if it is older than that. */
  public void clean(Instant leftBefore) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "upload-*")) {
      for (Path file : files) {
        deleteIfOlder(file, leftBefore);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warnf("the spool of attachments cannot be cleaned: %s", e);
    }
  }

  private static void deleteIfOlder(Path file, Instant time) throws IOException {
    try {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(time)) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException movedMeanwhile) {
      // Its upload is through.
    }
  }
}
