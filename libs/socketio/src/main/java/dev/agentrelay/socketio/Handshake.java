package dev.agentrelay.socketio;

import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a client brought when it asked to join a namespace.
 *
 * @param headers of the HTTP request that opened the engine connection, shared by all its
 *     namespaces
 * @param query parameters of that request
 * @param remoteAddress of that request
 * @param auth the payload of the CONNECT packet, a JSON object; null if there was none
 * @param issued when the CONNECT packet arrived
 * @param namespace with its leading slash
 */
public record Handshake(
    MultiMap headers,
    MultiMap query,
    SocketAddress remoteAddress,
    @Nullable RawJson auth,
    Instant issued,
    String namespace) {}
