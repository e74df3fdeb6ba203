package dev.agentrelay.testkit.stores;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import redis.embedded.core.ExecutableProvider;

/** Postgres and Redis programs from Maven Central, unpacked once into the user's cache folder. */
final class StoreBinaries {
  private StoreBinaries() {}

  private interface Unpacking {
    void into(Path folder) throws IOException;
  }

  /** The folder that holds {@code bin/postgres} and {@code bin/initdb}. */
  static Path postgres() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String name = system.startsWith("mac") ? "Darwin" : "Linux";
    String arch = System.getProperty("os.arch");
    String hardware = arch.equals("aarch64") ? "arm_64" : "x86_64";
    try (InputStream packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(name, hardware)) {
      byte[] archive = packed.readAllBytes();
      return unpackOnce("postgres-" + digest(archive), folder -> untar(archive, folder));
    } catch (IOException | IllegalStateException failure) {
      throw new StoreException(
          "Postgres could not be unpacked for " + name + " " + arch + ": " + failure.getMessage(),
          failure);
    }
  }

  /** The {@code redis-server} program. */
  static Path redis() {
    try {
      return unpackOnce(
              "redis-6.2",
              folder -> {
                Path program =
                    ExecutableProvider.newJarResourceProvider(folder.toFile()).get().toPath();
                Files.move(program, folder.resolve("redis-server"));
              })
          .resolve("redis-server");
    } catch (IOException failure) {
      throw new StoreException("Redis could not be unpacked: " + failure.getMessage(), failure);
    }
  }

  private static Path unpackOnce(String name, Unpacking unpacking) throws IOException {
    Path cache = cacheFolder();
    Path wanted = cache.resolve(name);
    if (Files.isDirectory(wanted)) {
      return wanted;
    }
    Files.createDirectories(cache);
    Path fresh = Files.createTempDirectory(cache, "unpacking");
    unpacking.into(fresh);
    // Postgres runs under another user id when root starts it, so the programs are open to read.
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      Files.move(fresh, wanted, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException impossible) {
      throw impossible;
    } catch (FileSystemException another) {
      // Another process was faster; both hold the same files.
      TemporaryFolders.delete(fresh);
      if (!Files.isDirectory(wanted)) {
        throw another;
      }
    }
    return wanted;
  }

  private static Path cacheFolder() {
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .filter(text -> !text.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
        .resolve("agent-relay");
  }

  private static void untar(byte[] archive, Path folder) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new XZCompressorInputStream(
                new BufferedInputStream(new ByteArrayInputStream(archive))))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("entry outside of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, target);
          boolean runs = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(
              target, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
  }

  private static String digest(byte[] archive) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(archive);
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
