package dev.agentrelay.socketio.engine;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What an Engine.IO server is told at its start.
 *
 * @param pingInterval between two pings of one connection
 * @param pingTimeout how long the client may take to answer a ping
 * @param connectTimeout how long a connection may stay without {@link EngineConnection#admit}
 * @param upgradeTimeout how long the change from polling to WebSocket may take
 * @param maxPayload bytes of one message, and of one polling body
 * @param maxBufferedBytes bytes waiting for one client; beyond, it is closed as a slow consumer
 * @param trustedOrigins origins that get CORS headers, compared exactly by the caller's predicate
 * @param sidFactory makes session ids; must not repeat itself
 * @param foreignSid asked about a sid this server does not know; true if it took the untouched
 *     request over
 */
public record EngineOptions(
    Duration pingInterval,
    Duration pingTimeout,
    Duration connectTimeout,
    Duration upgradeTimeout,
    int maxPayload,
    long maxBufferedBytes,
    Predicate<String> trustedOrigins,
    Supplier<String> sidFactory,
    BiPredicate<HttpServerRequest, String> foreignSid) {}
