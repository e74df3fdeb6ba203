package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.EngineOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Settings of a {@link SocketIoServer}; start from {@link #defaults} and change with the {@code
 * with} methods. The defaults are those of contract section 1.1.
 *
 * @param path of all requests, with both slashes
 * @param pingInterval between two pings of one connection
 * @param pingTimeout how long a client may take to answer a ping
 * @param connectTimeout how long a connection may go without joining a namespace
 * @param upgradeTimeout how long the change from polling to WebSocket may take
 * @param maxPayload bytes of one message or polling body a client may send; advertised in the
 *     handshake
 * @param maxBufferedBytes bytes that may wait for one client; beyond, its connection is closed as a
 *     slow consumer
 * @param maxQueuedPackets packets a client may send to a namespace that has not admitted it yet
 * @param maxOutstandingAcks acknowledgements one socket may owe
 * @param maxAttachments binary attachments of one packet
 * @param trustedOrigins the origins that get CORS headers
 * @param sidFactory makes engine session ids: unique, unguessable, of characters that need no
 *     escape in a URL or in JSON
 * @param foreignSidHandler asked about a session id this server does not know, before the request
 *     is touched (WebSocket upgrades too); true if it has taken the request over, false to have it
 *     refused
 */
public record SocketIoOptions(
    String path,
    Duration pingInterval,
    Duration pingTimeout,
    Duration connectTimeout,
    Duration upgradeTimeout,
    int maxPayload,
    long maxBufferedBytes,
    int maxQueuedPackets,
    int maxOutstandingAcks,
    int maxAttachments,
    Predicate<String> trustedOrigins,
    Supplier<String> sidFactory,
    BiPredicate<HttpServerRequest, String> foreignSidHandler) {
  private static final int MEBIBYTE = 1024 * 1024;
  private static final SocketIoOptions DEFAULTS =
      new SocketIoOptions(
          "/socket.io/",
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(45),
          Duration.ofSeconds(10),
          100 * MEBIBYTE,
          128L * MEBIBYTE,
          1_000,
          1_000,
          100,
          origin -> false,
          RandomId::next,
          (request, sid) -> false);

  /** Checks the settings. */
  public SocketIoOptions {
    require(path.startsWith("/") && path.endsWith("/"), "path must start and end with a slash");
    require(
        pingInterval.toMillis() > 0 && pingTimeout.toMillis() > 0, "ping times must be positive");
    require(
        connectTimeout.toMillis() > 0 && upgradeTimeout.toMillis() > 0,
        "timeouts must be positive");
    require(maxPayload > 0 && maxBufferedBytes > 0, "sizes must be positive");
    require(
        maxQueuedPackets > 0 && maxOutstandingAcks > 0 && maxAttachments >= 0,
        "counts must be positive");
  }

  private static void require(boolean valid, String message) {
    if (!valid) {
      throw new IllegalArgumentException(message);
    }
  }

  public static SocketIoOptions defaults() {
    return DEFAULTS;
  }

  public SocketIoOptions withPath(String value) {
    return new SocketIoOptions(
        value,
        pingInterval,
        pingTimeout,
        connectTimeout,
        upgradeTimeout,
        maxPayload,
        maxBufferedBytes,
        maxQueuedPackets,
        maxOutstandingAcks,
        maxAttachments,
        trustedOrigins,
        sidFactory,
        foreignSidHandler);
  }

  public SocketIoOptions withPing(Duration interval, Duration timeout) {
    return new SocketIoOptions(
        path,
        interval,
        timeout,
        connectTimeout,
        upgradeTimeout,
        maxPayload,
        maxBufferedBytes,
        maxQueuedPackets,
        maxOutstandingAcks,
        maxAttachments,
        trustedOrigins,
        sidFactory,
        foreignSidHandler);
  }

  public SocketIoOptions withConnectTimeout(Duration value) {
    return new SocketIoOptions(
        path,
        pingInterval,
        pingTimeout,
        value,
        upgradeTimeout,
        maxPayload,
        maxBufferedBytes,
        maxQueuedPackets,
        maxOutstandingAcks,
        maxAttachments,
        trustedOrigins,
        sidFactory,
        foreignSidHandler);
  }

  public SocketIoOptions withUpgradeTimeout(Duration value) {
    return new SocketIoOptions(
        path,
        pingInterval,
        pingTimeout,
        connectTimeout,
        value,
        maxPayload,
        maxBufferedBytes,
        maxQueuedPackets,
        maxOutstandingAcks,
        maxAttachments,
        trustedOrigins,
        sidFactory,
        foreignSidHandler);
  }

  public SocketIoOptions withMaxPayload(int bytes) {
    return new SocketIoOptions(
        path,
        pingInterval,
        pingTimeout,
        connectTimeout,
        upgradeTimeout,
        bytes,
        maxBufferedBytes,
        maxQueuedPackets,
        maxOutstandingAcks,
        maxAttachments,
        trustedOrigins,
        sidFactory,
        foreignSidHandler);
  }

  public SocketIoOptions withMaxBufferedBytes(long bytes) {
    return new SocketIoOptions(
        path,
        pingInterval,
        pingTimeout,
        connectTimeout,
        upgradeTimeout,
        maxPayload,
        bytes,
        maxQueuedPackets,
        maxOutstandingAcks,
        maxAttachments,
        trustedOrigins,
        sidFactory,
        foreignSidHandler);
  }

  /**
   * Sets the counts: packets queued before admission, acknowledgements owed, attachments of one
   * packet.
   */
  public SocketIoOptions withMaxCounts(int queuedPackets, int outstandingAcks, int attachments) {
    return new SocketIoOptions(
        path,
        pingInterval,
        pingTimeout,
        connectTimeout,
        upgradeTimeout,
        maxPayload,
        maxBufferedBytes,
        queuedPackets,
        outstandingAcks,
        attachments,
        trustedOrigins,
        sidFactory,
        foreignSidHandler);
  }

  public SocketIoOptions withTrustedOrigins(Predicate<String> value) {
    return new SocketIoOptions(
        path,
        pingInterval,
        pingTimeout,
        connectTimeout,
        upgradeTimeout,
        maxPayload,
        maxBufferedBytes,
        maxQueuedPackets,
        maxOutstandingAcks,
        maxAttachments,
        value,
        sidFactory,
        foreignSidHandler);
  }

  public SocketIoOptions withSidFactory(Supplier<String> value) {
    return new SocketIoOptions(
        path,
        pingInterval,
        pingTimeout,
        connectTimeout,
        upgradeTimeout,
        maxPayload,
        maxBufferedBytes,
        maxQueuedPackets,
        maxOutstandingAcks,
        maxAttachments,
        trustedOrigins,
        value,
        foreignSidHandler);
  }

  public SocketIoOptions withForeignSidHandler(BiPredicate<HttpServerRequest, String> value) {
    return new SocketIoOptions(
        path,
        pingInterval,
        pingTimeout,
        connectTimeout,
        upgradeTimeout,
        maxPayload,
        maxBufferedBytes,
        maxQueuedPackets,
        maxOutstandingAcks,
        maxAttachments,
        trustedOrigins,
        sidFactory,
        value);
  }

  EngineOptions engine() {
    return new EngineOptions(
        pingInterval,
        pingTimeout,
        connectTimeout,
        upgradeTimeout,
        maxPayload,
        maxBufferedBytes,
        trustedOrigins,
        sidFactory,
        foreignSidHandler);
  }
}
