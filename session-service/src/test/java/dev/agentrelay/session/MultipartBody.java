package dev.agentrelay.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A {@code multipart/form-data} body, byte by byte as given, hostile ones too. */
final class MultipartBody {
  static final String TYPE = "multipart/form-data; boundary=border";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A file; the name stands in the header as it is. */
  MultipartBody file(String field, String name, @Nullable String type, byte[] content) {
    return part("name=\"" + field + "\"; filename=\"" + name + "\"", type, content);
  }

  MultipartBody field(String field, String value) {
    return part("name=\"" + field + "\"", null, value.getBytes(StandardCharsets.UTF_8));
  }

  private MultipartBody part(String disposition, @Nullable String type, byte[] content) {
    text("--border\r\nContent-Disposition: form-data; " + disposition + "\r\n");
    if (type != null) {
      text("Content-Type: " + type + "\r\n");
    }
    text("\r\n");
    bytes.writeBytes(content);
    text("\r\n");
    return this;
  }

  private void text(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] end() {
    text("--border--\r\n");
    return bytes.toByteArray();
  }
}
