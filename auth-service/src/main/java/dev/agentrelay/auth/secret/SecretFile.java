package dev.agentrelay.auth.secret;

import dev.agentrelay.auth.RandomText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A secret that is made at the first start and kept in a file that its owner alone can read. */
final class SecretFile {
  private static final int LENGTH = 64;

  private SecretFile() {}

  static String readOrCreate(Path file) {
    try {
      create(file);
    } catch (FileAlreadyExistsException kept) {
      // Made at an earlier start, or by another replica just now.
    } catch (IOException e) {
      throw new UncheckedIOException("the secret cannot be kept in " + file, e);
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the secret cannot be read from " + file, e);
    }
  }

  private static void create(Path file) throws IOException {
    Set<StandardOpenOption> newFile =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (SeekableByteChannel channel = Files.newByteChannel(file, newFile, ownerOnly)) {
      channel.write(ByteBuffer.wrap(RandomText.of(LENGTH).getBytes(StandardCharsets.US_ASCII)));
    }
  }
}
