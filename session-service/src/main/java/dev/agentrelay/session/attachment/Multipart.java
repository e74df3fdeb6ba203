package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.session.blob.Spool;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the files of an upload into the spool, a buffer at a time (rest.md 5.2). */
@ApplicationScoped
class Multipart {
  private static final Set<String> FIELDS = Set.of("files", "file");

  private final AttachmentConfig config;
  private final Spool spool;

  Multipart(AttachmentConfig config, Spool spool) {
    this.config = config;
    this.spool = spool;
  }

  /**
   * A file as it was sent.
   *
   * @param name empty when it was sent without one
   */
  record SentFile(String field, String name, String mimeType, long size, Path content) {}

  /**
   * Reads the whole body. On failure nothing is left behind.
   *
   * @return the files under {@code files} and then those under {@code file}, each in their order;
   *     the caller deletes their content
   * @throws RelayException when the body is not what it should be, or too large
   */
  List<SentFile> read(@Nullable String contentType, InputStream body) throws IOException {
    BoundedBody bounded = new BoundedBody(body, config.largestBody());
    List<SentFile> files = new ArrayList<>();
    try {
      readParts(contentType, bounded, files);
      files.sort(Comparator.comparing(file -> file.field().equals("files") ? 0 : 1));
      return files;
    } catch (IOException | RuntimeException e) {
      discard(files);
      throw refusal(e, bounded);
    } finally {
      // A client that still writes reads its answer only when it is through.
      bounded.drain();
    }
  }

  static void discard(List<SentFile> files) throws IOException {
    for (SentFile file : files) {
      Files.deleteIfExists(file.content());
    }
  }

  private void readParts(@Nullable String contentType, InputStream body, List<SentFile> files)
      throws IOException {
    String boundary = PartHeader.boundary(contentType);
    if (boundary == null) {
      throw new RelayException(
          ErrorCode.INVALID_REQUEST, "Bad Request: the body must be multipart/form-data");
    }
    PartReader parts = new PartReader(body, boundary);
    for (int count = 0; parts.next(); count++) {
      if (count == config.mostParts()) {
        throw new RelayException(
            ErrorCode.INVALID_REQUEST, "Too many parts, at most " + config.mostParts());
      }
      PartHeader header = PartHeader.of(parts.readHeader());
      if (header.filename() != null && FIELDS.contains(header.field())) {
        files.add(receive(parts, header, Filenames.stored(header.filename())));
      }
    }
  }

  private SentFile receive(PartReader parts, PartHeader header, String name) throws IOException {
    Path content = spool.newFile();
    try (Receipt receipt = new Receipt(name, content)) {
      parts.readContent(receipt);
      return new SentFile(header.field(), name, header.mimeType(), receipt.size, content);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(content);
      throw e;
    }
  }

  /** A file that is being received, up to the size that one may have. */
  private final class Receipt implements PartReader.Sink, AutoCloseable {
    private final String name;
    private final OutputStream out;
    private long size;

    Receipt(String name, Path content) {
      this.name = name;
      try {
        this.out = Files.newOutputStream(content);
      } catch (IOException e) {
        throw spool.refusal(0, e);
      }
    }

    @Override
    public void take(byte[] buffer, int offset, int length) throws IOException {
      size += length;
      if (size > config.largestFile()) {
        throw new RelayException(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "File too large: " + name + " exceeds " + config.largestFile() + " bytes");
      }
      try {
        out.write(buffer, offset, length);
      } catch (IOException e) {
        throw spool.refusal(length, e);
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private RuntimeException refusal(Exception failure, BoundedBody body) {
    if (failure instanceof RelayException || failure instanceof IllegalStateException) {
      return (RuntimeException) failure;
    }
    return body.isOverLimit()
        ? BodyLimit.tooLarge(config.largestBody())
        : new RelayException(ErrorCode.INVALID_REQUEST, "Bad Request: failed to read request body");
  }
}
