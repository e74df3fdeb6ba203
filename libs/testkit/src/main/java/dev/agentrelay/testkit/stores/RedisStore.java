package dev.agentrelay.testkit.stores;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A Redis server. */
public final class RedisStore implements Store {
  private static final int CONNECT_MILLIS = 1_000;

  private final StoreProcess process;
  private final int port;
  private final StoreOptions options;

  private RedisStore(StoreProcess process, int port, StoreOptions options) {
    this.process = process;
    this.port = port;
    this.options = options;
  }

  /** Starts a throwaway server that writes nothing down. */
  public static RedisStore start(Path dataFolder, int port) {
    return start(dataFolder, port, StoreOptions.throwaway());
  }

  /**
   * Starts a server; a durable one appends every write to its log.
   *
   * @throws StoreException when it cannot be started
   */
  public static RedisStore start(Path dataFolder, int port, StoreOptions options) {
    Path program = StoreBinaries.redis();
    Path settings = dataFolder.resolve("redis.conf");
    try {
      Files.createDirectories(dataFolder);
      // In a file, because arguments can be read by every user of the machine.
      Files.deleteIfExists(settings);
      Files.createFile(
          settings,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(settings, settings(dataFolder, port, options));
    } catch (IOException failure) {
      throw new StoreException("Redis cannot use " + dataFolder + ": " + failure, failure);
    }
    StoreProcess process =
        StoreProcess.start(
            "Redis",
            List.of(program.toString(), settings.toString()),
            dataFolder.resolve("redis.log"));
    process.awaitReady(() -> answers(port));
    return new RedisStore(process, port, options);
  }

  @Override
  public String url() {
    String login = options.password().map(password -> ":" + password + "@").orElse("");
    return "redis://" + login + "127.0.0.1:" + port;
  }

  @Override
  public ProcessHandle process() {
    return process.handle();
  }

  @Override
  public void close() {
    process.stop();
  }

  private static List<String> settings(Path dataFolder, int port, StoreOptions options) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "bind 127.0.0.1",
                "port " + port,
                "dir \"" + dataFolder.toAbsolutePath() + "\"",
                "save \"\"",
                "appendonly " + (options.durable() ? "yes" : "no"),
                // Replicas of the gateway talk through pub/sub; the default cuts a burst at 32 MB.
                "client-output-buffer-limit pubsub 256mb 128mb 60"));
    options.password().ifPresent(password -> settings.add("requirepass " + password));
    return settings;
  }

  /** True once it answers at all: a refused login is an answer, "loading" is not yet one. */
  private static boolean answers(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      socket.setSoTimeout(CONNECT_MILLIS);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readNBytes(5), StandardCharsets.US_ASCII);
      return answer.equals("+PONG") || answer.equals("-NOAU");
    }
  }
}
