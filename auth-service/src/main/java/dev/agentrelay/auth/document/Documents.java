package dev.agentrelay.auth.document;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Files that lie beside this class. */
final class Documents {
  private Documents() {}

  static byte[] read(String name) {
    try (InputStream file = Documents.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
