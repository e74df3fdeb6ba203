package dev.agentrelay.local.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** The folder a relay lives in. Only its owner may look inside. */
public final class DataFolder {
  private static final Set<PosixFilePermission> OWNER_FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final long MAX_LOG_BYTES = 10L << 20;

  /** Held here, because a channel that nobody holds is closed and gives its lock back. */
  private static final List<FileLock> LOCKS = new CopyOnWriteArrayList<>();

  private final Path path;

  private DataFolder(Path path) {
    this.path = path;
  }

  /** The folder used when none is named. */
  public static Path usual() {
    return Path.of(System.getProperty("user.home"), ".agent-relay");
  }

  /** Names a folder without touching it, to read what a running relay left there. */
  public static DataFolder at(Path path) {
    return new DataFolder(path.toAbsolutePath().normalize());
  }

  /**
   * Creates the folder where it is missing and closes it to others.
   *
   * @throws LauncherException when it cannot be used
   */
  public static DataFolder open(Path path) {
    DataFolder folder = at(path);
    try {
      Files.createDirectories(folder.path, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
      Files.setPosixFilePermissions(folder.path, OWNER_FOLDER);
      Files.createDirectories(folder.path.resolve("logs"));
      Path probe = folder.path.resolve(".writable");
      Files.deleteIfExists(probe);
      Files.createFile(probe);
      Files.delete(probe);
      return folder;
    } catch (AccessDeniedException denied) {
      throw new LauncherException("The data folder " + folder.path + " cannot be written to.");
    } catch (FileAlreadyExistsException file) {
      throw new LauncherException("The data folder " + folder.path + " is a file.");
    } catch (IOException failure) {
      throw new LauncherException(
          "The data folder " + folder.path + " cannot be used: " + failure.getMessage(), failure);
    }
  }

  public Path path() {
    return path;
  }

  public Path resolve(String name) {
    return path.resolve(name);
  }

  /**
   * Takes the folder for this process until it ends.
   *
   * @throws LauncherException when another process has it
   */
  @SuppressWarnings("resource") // The channel stays open as long as the process.
  public void lock() {
    try {
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              OWNER_FILE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw inUse();
      }
      LOCKS.add(lock);
    } catch (OverlappingFileLockException taken) {
      throw inUse();
    } catch (IOException failure) {
      throw new LauncherException("The data folder " + path + " cannot be locked: " + failure);
    }
  }

  private LauncherException inUse() {
    return new LauncherException(
        "Agent Relay is already running on " + path + "; `./relay down` stops it.");
  }

  /** The file a child writes its output to; an overlong one of earlier runs is set aside first. */
  public Path log(String name) {
    Path log = path.resolve("logs").resolve(name + ".log");
    try {
      if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
        Files.move(log, log.resolveSibling(name + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
      return log;
    } catch (IOException failure) {
      throw new LauncherException("The log " + log + " cannot be rotated: " + failure, failure);
    }
  }

  /** Settings of that file; none when it does not exist. */
  Properties read(String name) {
    Properties properties = new Properties();
    Path file = path.resolve(name);
    if (!Files.exists(file)) {
      return properties;
    }
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return properties;
    } catch (IOException | IllegalArgumentException failure) {
      throw new LauncherException(
          "The file " + file + " cannot be read: " + failure.getMessage(), failure);
    }
  }

  /** Replaces the file as a whole, readable to its owner only. */
  void write(String name, Properties properties) {
    Path file = path.resolve(name);
    try {
      Path fresh = Files.createTempFile(path, name, ".new", OWNER_FILE);
      try (var writer = Files.newBufferedWriter(fresh)) {
        properties.store(writer, null);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new LauncherException(
          "The file " + file + " cannot be written: " + failure.getMessage(), failure);
    }
  }

  void delete(String name) {
    try {
      Files.deleteIfExists(path.resolve(name));
    } catch (IOException failure) {
      throw new LauncherException(
          "The file " + path.resolve(name) + " cannot be deleted: " + failure.getMessage(),
          failure);
    }
  }
}
