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
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A secret that is made at the first start and kept in a file that its owner alone can read. */
final class SecretFile {
  private static final int LENGTH = 64;
  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

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
      return read(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the secret cannot be read from " + file, e);
    }
  }

  /** What the file says, once another replica that has just made it has written it. */
  private static String read(Path file) throws IOException {
    long began = System.nanoTime();
    String secret = Files.readString(file).strip();
    while (secret.isEmpty() && System.nanoTime() - began < WRITTEN_WITHIN.toNanos()) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
      secret = Files.readString(file).strip();
    }
    return secret;
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
