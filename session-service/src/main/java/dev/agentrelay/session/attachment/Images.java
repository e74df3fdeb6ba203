package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.session.blob.BlobStore;
import dev.agentrelay.session.blob.Spool;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Keeps images that the gateway cuts out of messages, each once per user (sockets.md 4.4.5). */
@ApplicationScoped
class Images {
  private static final int ID_LENGTH = 24;
  private static final int BUFFER = 65_536;

  private final AttachmentConfig config;
  private final AttachmentRecords records;
  private final BlobStore store;
  private final Spool spool;

  Images(AttachmentConfig config, AttachmentRecords records, BlobStore store, Spool spool) {
    this.config = config;
    this.records = records;
    this.store = store;
    this.spool = spool;
  }

  /** A kept image. */
  record Kept(String attachmentId, String url, long size) {}

  /**
   * Keeps an image, or notes that one more session shows it.
   *
   * @param base64 the image as it stood in the message, without the prefix of a data address
   */
  Kept keep(UserId user, SessionId session, String mimeType, InputStream base64)
      throws IOException {
    spool.requireRoomFor(0);
    Path file = spool.newFile();
    try {
      MessageDigest digest = sha256();
      digest.update((user + ":").getBytes(StandardCharsets.UTF_8));
      long size = decode(new DigestInputStream(base64, digest), file);
      String id = HexFormat.of().formatHex(digest.digest()).substring(0, ID_LENGTH);
      return keep(describe(id, user, session, mimeType, size), file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Kept keep(Attachment image, Path file) throws IOException {
    Optional<Long> known = records.reference(image.id(), image.session(), image.expiresAt());
    if (known.isEmpty()) {
      // Two that bring the same image at once store the same content twice; the end is the same.
      records.announce(image);
      store.put(image.id(), file);
      records.complete(image.id());
      records.reference(image.id(), image.session(), image.expiresAt());
    }
    return new Kept(image.id(), image.url(), image.size());
  }

  private Attachment describe(
      String id, UserId user, SessionId session, String mimeType, long size) {
    String type = mimeType.toLowerCase(Locale.ROOT);
    String extension =
        type.startsWith("image/")
            ? type.substring("image/".length()).replaceAll("\\W.*", "")
            : "bin";
    return new Attachment(
        id,
        session,
        user,
        "extracted-" + id + "." + extension,
        type,
        size,
        Instant.now().plus(config.imageLife()),
        true);
  }

  private long decode(InputStream base64, Path file) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    try (InputStream image = Base64.getDecoder().wrap(base64);
        OutputStream out = Files.newOutputStream(file)) {
      for (int read = read(image, buffer); read >= 0; read = read(image, buffer)) {
        size += read;
        if (size > config.largestImage()) {
          throw new RelayException(ErrorCode.PAYLOAD_TOO_LARGE, "The image is too large");
        }
        write(out, buffer, read);
      }
    }
    return size;
  }

  private void write(OutputStream out, byte[] buffer, int length) {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw spool.refusal(length, e);
    }
  }

  private static int read(InputStream image, byte[] buffer) {
    try {
      return image.read(buffer);
    } catch (IOException e) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "The image is not Base64");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
