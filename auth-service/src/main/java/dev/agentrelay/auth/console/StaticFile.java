package dev.agentrelay.auth.console;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of the console, plain and zipped.
 *
 * @param tag its entity tag
 */
record StaticFile(Buffer plain, Buffer zipped, String tag) {
  /** Reads it from the class path; null when there is none. */
  static @Nullable StaticFile read(String resource) {
    try (InputStream in = StaticFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        return null;
      }
      byte[] plain = in.readAllBytes();
      var zipped = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(zipped)) {
        gzip.write(plain);
      }
      String tag = "\"" + plain.length + "-" + Integer.toHexString(Arrays.hashCode(plain)) + "\"";
      return new StaticFile(Buffer.buffer(plain), Buffer.buffer(zipped.toByteArray()), tag);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
