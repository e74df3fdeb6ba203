package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.session.blob.Spool;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadBase;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.InvalidFileNameException;
import org.apache.commons.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;

/** Reads the files of an upload into the spool, a buffer at a time (rest.md 5.2). */
@ApplicationScoped
class Multipart {
  private static final Set<String> FIELDS = Set.of("files", "file");
  private static final int BUFFER = 65_536;
  private static final int LARGEST_PART_HEADER = 16_384;

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
    } catch (IOException | FileUploadException | RuntimeException e) {
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
      throws IOException, FileUploadException {
    FileUpload parser = new FileUpload();
    parser.setHeaderEncoding(StandardCharsets.UTF_8.name());
    parser.setPartHeaderSizeMax(LARGEST_PART_HEADER);
    FileItemIterator parts = parser.getItemIterator(new Body(contentType, body));
    for (int count = 0; parts.hasNext(); count++) {
      if (count == config.mostParts()) {
        throw new RelayException(
            ErrorCode.INVALID_REQUEST, "Too many parts, at most " + config.mostParts());
      }
      FileItemStream part = parts.next();
      if (!part.isFormField() && FIELDS.contains(part.getFieldName())) {
        files.add(receive(part));
      }
    }
  }

  private SentFile receive(FileItemStream part) throws IOException {
    String name = Filenames.stored(nameOf(part));
    Path content = spool.newFile();
    try {
      long size = copy(part, name, content);
      return new SentFile(part.getFieldName(), name, mimeType(part), size, content);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(content);
      throw e;
    }
  }

  private long copy(FileItemStream part, String name, Path content) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    try (InputStream in = part.openStream();
        OutputStream out = Files.newOutputStream(content)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        size += read;
        if (size > config.largestFile()) {
          throw new RelayException(
              ErrorCode.PAYLOAD_TOO_LARGE,
              "File too large: " + name + " exceeds " + config.largestFile() + " bytes");
        }
        write(out, buffer, read);
      }
    }
    return size;
  }

  private void write(OutputStream out, byte[] buffer, int length) throws IOException {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      spool.requireRoomFor(length);
      throw new IllegalStateException("the spool of attachments cannot be written", e);
    }
  }

  private static String nameOf(FileItemStream part) {
    try {
      String name = part.getName();
      return name == null ? "" : name;
    } catch (InvalidFileNameException e) {
      // The library warns of NUL characters; they are replaced like other control characters.
      return e.getName();
    }
  }

  private static String mimeType(FileItemStream part) {
    String sent = part.getContentType();
    String type = sent == null ? "" : sent.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.matches("[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
        ? type
        : "application/octet-stream";
  }

  private RuntimeException refusal(Exception failure, BoundedBody body) {
    if (failure instanceof RelayException || failure instanceof IllegalStateException) {
      return (RuntimeException) failure;
    }
    if (body.isOverLimit()) {
      return BodyLimit.tooLarge(config.largestBody());
    }
    if (failure instanceof FileUploadBase.InvalidContentTypeException) {
      return new RelayException(
          ErrorCode.INVALID_REQUEST, "Bad Request: the body must be multipart/form-data");
    }
    return new RelayException(
        ErrorCode.INVALID_REQUEST, "Bad Request: failed to read request body");
  }

  /** The body as the parser wants it; its length is not known to it, because we count ourselves. */
  private record Body(@Nullable String contentType, InputStream stream) implements UploadContext {
    @Override
    public long contentLength() {
      return -1;
    }

    @Override
    @SuppressWarnings("deprecation") // the library still asks for it
    public int getContentLength() {
      return -1;
    }

    @Override
    public String getCharacterEncoding() {
      return StandardCharsets.UTF_8.name();
    }

    @Override
    public @Nullable String getContentType() {
      return contentType;
    }

    @Override
    public InputStream getInputStream() {
      return stream;
    }
  }
}
