package dev.agentrelay.session.blob;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Keeps the content of attachments under their ids. Every call may wait, and fails with {@link
 * dev.agentrelay.platform.error.StoreAwayException} while the store is away; thread-safe. Ids are
 * letters, digits and dashes, made by the relay.
 */
public interface BlobStore {

  /** Takes over the content of a file, which is gone or may be deleted afterwards. */
  void put(String id, Path file) throws IOException;

  /**
   * A part of the content, as an entity that the HTTP layer can send.
   *
   * @throws java.nio.file.NoSuchFileException when there is none of that id
   */
  Object open(String id, long offset, long length) throws IOException;

  /** Deletes the content if it is there. */
  void delete(String id) throws IOException;
}
