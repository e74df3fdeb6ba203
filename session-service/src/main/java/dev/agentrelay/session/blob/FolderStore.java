package dev.agentrelay.session.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jboss.resteasy.reactive.PathPart;

/** Keeps each blob as one file of a folder, and sends it without reading it. */
final class FolderStore implements BlobStore {
  private final Path folder;

  FolderStore(Path folder) {
    this.folder = folder;
  }

  @Override
  public void put(String id, Path file) throws IOException {
    Files.move(file, folder.resolve(id), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public Object open(String id, long offset, long length) throws IOException {
    Path file = folder.resolve(id);
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return new PathPart(file, offset, length);
  }

  @Override
  public void delete(String id) throws IOException {
    Files.deleteIfExists(folder.resolve(id));
  }
}
